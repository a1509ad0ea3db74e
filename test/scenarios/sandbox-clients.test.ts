/** Clients that know nothing of the embedded AWS, inside its proxy: Terraform's backend, and one that looks elsewhere. The others are in test/clients. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { realClock } from '../../src/ports/real/clock.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeDiskWorld } from '../support/make-world.ts';

let sandbox: RunningSandbox;
const problems: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox(
    { clock: realClock, random: realRandom, network: realNetwork, files: realFiles(process.pid), env: process.env },
    { seed: 'clients', report: (problem) => problems.push(problem) },
  );
});

afterAll(async () => {
  await sandbox.stop();
  expect(problems).toEqual([]);
});

interface Ended {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

/** With a home of its own. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  more: Record<string, string> = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: cwd, ...sandbox.proxyEnv, ...more };
  const child = spawn(command, [...args], { cwd, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return await new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

function legacy(): Record<string, string> {
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal() };
}

function needs(context: TestContext, name: string, works: (path: string) => boolean): string {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const found = [...new Set(paths)].find((path) => existsSync(path) && works(path));
  if (found === undefined) context.skip(`no usable ${name} here`);
  return found;
}

const succeeds =
  (...args: readonly string[]) =>
  (path: string) =>
    spawnSync(path, [...args]).status === 0;

describe('terraform', () => {
  it('keeps its state with either lock, in workspaces, and breaks a lock that was left', async (context) => {
    const terraform = needs(context, 'terraform', succeeds('version'));
    const { root } = await makeDiskWorld();
    const backend =
      'bucket = "keyless-sandbox-state"\nkey = "network/terraform.tfstate"\nregion = "eu-west-1"\nencrypt = true';
    const configure = (locks: string): void =>
      writeFileSync(
        join(root, 'main.tf'),
        `terraform {\n  backend "s3" {\n${backend}\n${locks}\n  }\n}\nresource "terraform_data" "x" {\n  input = terraform.workspace\n}\n`,
      );
    configure('use_lockfile = true\ndynamodb_table = "keyless-sandbox-locks"');
    const tf = async (...args: readonly string[]) => {
      const ended = await run(terraform, [...args, '-no-color'], root, {
        ...legacy(),
        CHECKPOINT_DISABLE: '1',
      });
      return `${ended.code} ${ended.text}`;
    };
    expect(await tf('init', '-input=false')).toMatch(/^0 /);
    expect(await tf('apply', '-auto-approve')).toMatch(/^0 [\s\S]*1 added/);
    expect(await tf('workspace', 'new', 'live')).toMatch(/^0 /);
    expect(await tf('apply', '-auto-approve')).toMatch(/^0 [\s\S]*1 added/);
    const { objects } = sandbox.world.s3.buckets.get('keyless-sandbox-state') ?? {};
    expect([...(objects?.keys() ?? [])].filter((key) => key.endsWith('.tfstate'))).toEqual([
      'env:/live/network/terraform.tfstate',
      'network/terraform.tfstate',
    ]);
    configure('use_lockfile = true');
    expect(await tf('init', '-reconfigure', '-input=false')).toMatch(/^0 /);
    sandbox.faults.add({
      id: 'held',
      on: { service: 's3', method: 'DELETE', pathEnd: '.tflock' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    expect(await tf('plan')).toContain('Error releasing the state lock');
    sandbox.faults.clear();
    const held = await tf('plan');
    const [, id = ''] = /ID: +([0-9a-f-]{36})/.exec(held) ?? [];
    expect(held).toMatch(/^1 [\s\S]*Error acquiring the state lock/);
    expect(await tf('force-unlock', '-force', id)).toMatch(/^0 /);
    expect(await tf('plan')).toMatch(/^0 /);
    expect(sandbox.refusedHosts()).toEqual([]);
  });
});

describe('a program that looks elsewhere', () => {
  it('is refused, and its host is listed', async (context) => {
    const curl = needs(context, 'curl', succeeds('--version'));
    const { root } = await makeDiskWorld();
    const ended = await run(curl, ['-sS', 'https://example.com/'], root);
    expect(ended.code).not.toBe(0);
    expect(sandbox.refusedHosts()).toEqual([{ host: 'example.com', port: 443, count: 1 }]);
    const keys = await run(curl, ['-sS', 'https://token.actions.githubusercontent.com/.well-known/jwks'], root);
    expect(JSON.parse(keys.text)).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
    const plain = await run(curl, ['-sS', 'http://keyless-sandbox-state.s3.eu-west-1.amazonaws.com/a'], root);
    expect(plain.text).toContain('<Code>AccessDenied</Code>');
    expect(readFileSync(sandbox.caFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});
