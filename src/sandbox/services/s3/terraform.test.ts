/** The S3 backend of the real terraform, with both kinds of lock, against the sandbox on a port. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, type TestContext } from 'vitest';
import { terraformCommand } from '../../../../test/support/terraform.ts';
import { realClock } from '../../../ports/real/clock.ts';
import { realFiles } from '../../../ports/real/files.ts';
import { realNetwork } from '../../../ports/real/network.ts';
import { realProcesses } from '../../../ports/real/processes.ts';
import { realRandom } from '../../../ports/real/random.ts';
import { type RunningSandbox, startSandbox } from '../../server/start-sandbox.ts';
import { keyOfItem } from '../dynamodb/keys.ts';
import type { Table } from '../dynamodb/state.ts';
import type { Bucket, ObjectVersion } from './state.ts';

const bucket = 'keyless-sandbox-state';
const key = 'network/terraform.tfstate';
const table = 'keyless-sandbox-locks';
const backend = `
terraform {
  backend "s3" {
    bucket         = "${bucket}"
    key            = "${key}"
    region         = "eu-west-1"
    encrypt        = true
    use_path_style = true
    use_lockfile   = true
    dynamodb_table = "${table}"
  }
}

resource "terraform_data" "it" {
  input = terraform.workspace
}
`;

let running: { readonly sandbox: RunningSandbox; readonly folder: string } | undefined;

afterEach(async () => {
  await running?.sandbox.stop();
  if (running !== undefined) rmSync(running.folder, { recursive: true });
  running = undefined;
});

it('keeps state and locks: init, apply, plan, workspaces, a lock that is held, force-unlock', async (context) => {
  const terraform = await start(context);
  expect(await terraform('init')).toMatchObject({ exitCode: 0 });
  expect(await terraform('apply', '-auto-approve')).toMatchObject({ exitCode: 0 });
  expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });
  const { world } = (running as NonNullable<typeof running>).sandbox;
  const { objects } = world.s3.buckets.get(bucket) as Bucket;
  expect([...objects.keysFrom({ at: '' }, 'live')]).toEqual([key]);
  const locks = [...world.dynamodb.tables.values()].find(({ name }) => name === table) as Table;
  const { items } = locks;
  expect([...items.values()].map(({ LockID }) => LockID)).toEqual([{ S: `${bucket}/${key}-md5` }]);

  expect(await terraform('workspace', 'new', 'blue')).toMatchObject({ exitCode: 0 });
  expect([...objects.keysFrom({ at: '' }, 'live')]).toEqual([`env:/blue/${key}`, key]);
  expect(await terraform('workspace', 'select', 'default')).toMatchObject({ exitCode: 0 });
  expect(await terraform('workspace', 'delete', 'blue')).toMatchObject({ exitCode: 0 });

  // A run that died: both its locks are left.
  const lock = objects.get(`${key}.tflock`).find(({ deleteMarker }) => !deleteMarker) as ObjectVersion;
  const info = Buffer.from(lock.body).toString();
  objects.add(`${key}.tflock`, { ...lock, versionId: 'left' });
  const leftItem = { LockID: { S: `${bucket}/${key}` }, Info: { S: info } };
  items.set(keyOfItem(locks, leftItem), leftItem);
  const { ID } = JSON.parse(info) as { readonly ID: string };
  const refused = await terraform('plan');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('PreconditionFailed');
  expect(refused.stderr).toContain(ID);
  expect(await terraform('force-unlock', '-force', ID)).toMatchObject({ exitCode: 0 });
  expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

async function start(
  context: TestContext,
): Promise<(...args: string[]) => Promise<{ exitCode: number; stdout: string; stderr: string }>> {
  const command = terraformCommand(context);
  const folder = mkdtempSync(join(tmpdir(), 'keyless-backend-'));
  const env = { PATH: process.env.PATH, TMPDIR: folder };
  const ports = { clock: realClock, random: realRandom, network: realNetwork, files: realFiles(process.pid), env };
  const sandbox = await startSandbox(ports, { seed: 'backend' });
  running = { sandbox, folder };
  writeFileSync(join(folder, 'main.tf'), backend);
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  const own = {
    ...env,
    ...sandbox.env,
    HOME: folder,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_CLI_ARGS: '-no-color',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal(),
  };
  const processes = realProcesses(own);
  return async (...args) => await processes.run(command, args, { cwd: folder, env: own });
}
