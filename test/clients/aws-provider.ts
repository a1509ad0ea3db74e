/** The AWS provider of Terraform: what it makes it finds again, changes and takes away, in every service that has resources. */
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';
import type { Env } from '../../src/ports/index.ts';
import { awsProviderBinary, terraformCommand } from '../support/terraform.ts';
import { keyEnv, startForClients } from './running-sandbox.ts';

const fixture = fileURLToPath(new URL('provider', import.meta.url));

export async function awsProvider(context: TestContext): Promise<void> {
  const command = terraformCommand(context);
  const binary = awsProviderBinary(context);
  const { sandbox, folder, administrator, run, problems } = await startForClients(context);
  cpSync(fixture, folder, { recursive: true });
  const key = keyEnv(administrator);
  const [byEndpoint, byProxy] = await Promise.all([
    startProvider(context, binary, { TMPDIR: folder, ...sandbox.env, ...key }),
    startProvider(context, binary, { TMPDIR: folder, ...sandbox.proxyEnv, ...key }),
  ]);
  const terraform = async (provider: string, branch: string, ...args: string[]) =>
    await run(command, [...args, '-no-color', '-input=false', '-parallelism=20'], {
      TF_REATTACH_PROVIDERS: provider,
      CHECKPOINT_DISABLE: '1',
      TF_VAR_branch: branch,
      TF_VAR_path_style: String(provider === byEndpoint),
    });
  const applied = await terraform(byEndpoint, 'main', 'apply', '-auto-approve');
  expect(applied.output).toContain('27 added, 0 changed, 0 destroyed');
  const unchanged = await terraform(byProxy, 'main', 'plan', '-detailed-exitcode');
  expect(unchanged.status, unchanged.output).toBe(0);
  const changed = await terraform(byEndpoint, 'release', 'apply', '-auto-approve', '-refresh=false');
  expect(changed.output).toContain('0 added, 12 changed, 0 destroyed');
  const destroyed = await terraform(byEndpoint, 'release', 'destroy', '-auto-approve', '-refresh=false');
  expect(destroyed.output).toContain('27 destroyed');
  expect(problems).toEqual([]);
  expect(sandbox.refusedHosts()).toEqual([]);
}

/**
 * Starts the provider once for all commands, the way its developers attach it to a debugger: starting it takes more than all
 * that it does here. What it prints goes into TF_REATTACH_PROVIDERS.
 * https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
async function startProvider({ onTestFinished }: TestContext, binary: string, env: Env): Promise<string> {
  const child = spawn(binary, ['-debug'], {
    // Attached to a debugger it would tell everything.
    env: { PATH: process.env.PATH, ...env, TF_LOG: 'OFF' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  let text = '';
  return await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const value = /TF_REATTACH_PROVIDERS='(.*)'/.exec(text)?.[1];
      if (value !== undefined) resolve(value);
    });
    child.on('close', () => reject(new TypeError(`the provider ended: ${text}`)));
  });
}
