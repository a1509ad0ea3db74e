/** IAM is held to the AWS provider of Terraform: what it makes it finds again, changes and takes away. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { needsAwsProvider } from '../../../../test/support/terraform.ts';

const main = fileURLToPath(new URL('../../../main.ts', import.meta.url));
const fixture = fileURLToPath(new URL('fixtures/provider', import.meta.url));

interface Started {
  readonly endpoint: string;
  readonly legacyKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** In a process of its own: terraform is waited for without the event loop. */
async function startSandbox(): Promise<Started> {
  const child = spawn(process.execPath, [main, 'sandbox', 'start', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGTERM'));
  let text = '';
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.on('close', () => reject(new Error('the sandbox ended before it said where it is')));
  });
  return JSON.parse(line) as Started;
}

test('the AWS provider applies, finds nothing to change, changes and destroys', {
  timeout: 300_000,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'keyless-iam-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const terraform = needsAwsProvider(context, folder);
  const { endpoint, legacyKey } = await startSandbox();
  cpSync(fixture, folder, { recursive: true });
  const provider = `provider "aws" {
  region                  = "eu-west-1"
  access_key              = "${legacyKey.accessKeyId}"
  secret_key              = "${legacyKey.secretAccessKey}"
  skip_metadata_api_check = true
  endpoints {
    iam = "${endpoint}"
    sts = "${endpoint}"
  }
}
`;
  writeFileSync(join(folder, 'provider.tf'), provider, { mode: 0o600 });
  const run = (...args: string[]): ReturnType<typeof terraform> =>
    terraform(folder, ...args, '-no-color', '-input=false');
  expect(run('apply', '-auto-approve', '-var=branch=main')).toMatchObject({
    status: 0,
    output: expect.stringContaining('10 added, 0 changed, 0 destroyed'),
  });
  const unchanged = run('plan', '-detailed-exitcode', '-var=branch=main');
  expect(unchanged, unchanged.output).toMatchObject({ status: 0 });
  expect(run('apply', '-auto-approve', '-var=branch=release')).toMatchObject({
    status: 0,
    output: expect.stringContaining('0 added, 6 changed, 0 destroyed'),
  });
  expect(run('destroy', '-auto-approve', '-refresh=false', '-var=branch=release')).toMatchObject({
    status: 0,
    output: expect.stringContaining('10 destroyed'),
  });
});
