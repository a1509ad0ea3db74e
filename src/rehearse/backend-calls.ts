/**
 * What Terraform's S3 backend does for one apply, made by keyless itself where Terraform cannot run: who am I, list the
 * workspaces, take both locks that the files ask for, read the state, write it, let go. The order is Terraform's
 * (internal/backend/remote-state/s3/client.go), and so are the paths and the form of the lock.
 */
import { createHash } from 'node:crypto';
import type { SigningKey } from '../aws/sigv4-sign.ts';
import type { AwsCalls, AwsReply } from './aws-calls.ts';
import { type BackendSettings, stateObjectKey } from './backend-settings.ts';

export interface BackendRun {
  /** Name of the call that was refused first; `undefined` when all went through. */
  readonly failed: string | undefined;
  readonly reply: AwsReply | undefined;
  /** ARN that STS answered with. */
  readonly callerArn: string | undefined;
}

/**
 * @param change text that makes the new state differ from the one before; `undefined` for a plan, which takes the lock and
 *   writes nothing
 */
export async function runOnBackend(
  calls: AwsCalls,
  key: SigningKey,
  backend: BackendSettings,
  workspace: string,
  change: string | undefined,
): Promise<BackendRun> {
  const { bucket, lockFile, lockTable } = backend;
  const region = backend.region === undefined ? {} : { region: backend.region };
  const path = stateObjectKey(backend, workspace);
  const lockPath = `${bucket}/${path}`;
  const encryption = encryptionHeaders(backend);
  const s3 = async (
    method: string,
    object: string,
    more: { headers?: Readonly<Record<string, string>>; body?: string; query?: string } = {},
  ) => await calls.s3({ method, bucket, key: object, ...region, ...more }, key);

  const identity = await calls.callerIdentity(key);
  const callerArn = /<Arn>([^<]*)<\/Arn>/.exec(identity.body)?.[1];
  const stop = (failed: string, reply: AwsReply): BackendRun => ({ failed, reply, callerArn });
  if (identity.errorCode !== undefined) return stop('sts:GetCallerIdentity', identity);

  const list = await s3('GET', '', {
    query: `list-type=2&max-keys=1000&prefix=${encodeURIComponent(`${backend.workspacePrefix}/`)}`,
  });
  // Terraform takes a refusal for "no other workspaces".
  if (list.errorCode !== undefined && list.status !== 403) return stop('s3:ListObjectsV2', list);

  const lock = JSON.stringify({
    ID: change ?? 'plan',
    Operation: change === undefined ? 'OperationTypePlan' : 'OperationTypeApply',
    Info: '',
    Who: 'keyless',
    Path: lockPath,
  });
  if (lockFile) {
    const headers = { ...encryption, 'if-none-match': '*', 'content-type': 'application/json' };
    const taken = await s3('PUT', `${path}.tflock`, { headers, body: lock });
    if (taken.errorCode !== undefined) return stop('s3:PutObject of the lock', taken);
  }
  const table = tableOf(lockTable, backend.region);
  if (table !== undefined) {
    const taken = await calls.dynamodb(
      'PutItem',
      {
        TableName: table.name,
        Item: { LockID: { S: lockPath }, Info: { S: lock } },
        ConditionExpression: 'attribute_not_exists(LockID)',
      },
      key,
      table.region,
    );
    if (taken.errorCode !== undefined) return stop('dynamodb:PutItem of the lock', taken);
  }

  const before = await s3('GET', path);
  if (before.errorCode !== undefined && before.status !== 404) return stop('s3:GetObject of the state', before);
  if (change !== undefined) {
    const state = nextState(before, change);
    const written = await s3('PUT', path, {
      headers: { ...encryption, 'content-type': 'application/json' },
      body: state,
    });
    if (written.errorCode !== undefined) return stop('s3:PutObject of the state', written);

    if (table !== undefined) {
      const digest = createHash('md5').update(state).digest('hex');
      const item = { LockID: { S: `${lockPath}-md5` }, Digest: { S: digest } };
      const noted = await calls.dynamodb('PutItem', { TableName: table.name, Item: item }, key, table.region);
      if (noted.errorCode !== undefined) return stop('dynamodb:PutItem of the digest', noted);
    }
  }
  if (lockFile) {
    const released = await s3('DELETE', `${path}.tflock`);
    if (released.errorCode !== undefined) return stop('s3:DeleteObject of the lock', released);
  }
  if (table !== undefined) {
    const released = await calls.dynamodb(
      'DeleteItem',
      { TableName: table.name, Key: { LockID: { S: lockPath } } },
      key,
      table.region,
    );
    if (released.errorCode !== undefined) return stop('dynamodb:DeleteItem of the lock', released);
  }
  return { failed: undefined, reply: undefined, callerArn };
}

/** Headers that the backend sends with what it writes. */
export function encryptionHeaders({
  encrypt,
  kmsKeyId,
}: Pick<BackendSettings, 'encrypt' | 'kmsKeyId'>): Readonly<Record<string, string>> {
  if (!encrypt) return {};
  return kmsKeyId === undefined
    ? { 'x-amz-server-side-encryption': 'AES256' }
    : { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId };
}

/** The lock table by name or ARN; an ARN says the region too. */
function tableOf(table: string | undefined, region: string | undefined): { name: string; region?: string } | undefined {
  if (table === undefined) return undefined;
  const named = /^arn:[^:]+:dynamodb:([^:]+):/.exec(table)?.[1] ?? region;
  return { name: table, ...(named === undefined ? {} : { region: named }) };
}

/** An empty state, or the one before with the next serial: what Terraform can read again. */
function nextState(before: AwsReply, change: string): string {
  const old =
    before.errorCode === undefined ? (JSON.parse(before.body) as Readonly<Record<string, unknown>>) : undefined;
  const state = old ?? {
    version: 4,
    terraform_version: '1.0.0',
    lineage: '00000000-0000-4000-8000-000000000000',
    resources: [],
    check_results: null,
  };
  const outputs = {
    ...((old?.outputs as object | undefined) ?? {}),
    keyless_rehearsal: { value: change, type: 'string' },
  };
  return `${JSON.stringify({ ...state, serial: Number(old?.serial ?? 0) + 1, outputs }, null, 2)}\n`;
}
