/**
 * The same calls to the sandbox and to moto's server, where Python has it: status, refusal, headers and members must be the same, but
 * for what `motoIsWrong` lists. What stands in that list must differ, so that it stays true.
 */
import * as ddb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, expect, it } from 'vitest';
import { makeStorageWorld } from '../../../../test/support/storage-world.ts';
import type { RunningProcess } from '../../../ports/index.ts';
import { realNetwork } from '../../../ports/real/network.ts';
import { realProcesses } from '../../../ports/real/processes.ts';

type Step = readonly [name: string, call: (clients: Clients, seen: Map<string, string>) => Promise<object>];

interface Clients {
  readonly s3: s3.S3Client;
  readonly dynamodb: ddb.DynamoDBClient;
}

const Bucket = 'acme-state';
const Key = 'network/terraform.tfstate';
const TableName = 'locks';
const item = { LockID: { S: 'a' }, Info: { S: 'x' }, count: { N: '1.5' } };
const put = (more: Partial<s3.PutObjectCommandInput>): s3.PutObjectCommand =>
  new s3.PutObjectCommand({ Bucket, Key, Body: '0123456789', ChecksumAlgorithm: 'SHA256', ...more });

const s3Steps: readonly Step[] = [
  ['no bucket', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key }))],
  ['create bucket', ({ s3: client }) => client.send(new s3.CreateBucketCommand({ Bucket }))],
  ['create it again', ({ s3: client }) => client.send(new s3.CreateBucketCommand({ Bucket }))],
  ['bad bucket name', ({ s3: client }) => client.send(new s3.CreateBucketCommand({ Bucket: 'Acme_X' }))],
  ['location', ({ s3: client }) => client.send(new s3.GetBucketLocationCommand({ Bucket }))],
  ['no versioning', ({ s3: client }) => client.send(new s3.GetBucketVersioningCommand({ Bucket }))],
  [
    'enable versioning',
    ({ s3: client }) =>
      client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  ],
  ['versioning', ({ s3: client }) => client.send(new s3.GetBucketVersioningCommand({ Bucket }))],
  [
    'public access block of a new bucket',
    ({ s3: client }) => client.send(new s3.GetPublicAccessBlockCommand({ Bucket })),
  ],
  ['no policy', ({ s3: client }) => client.send(new s3.GetBucketPolicyCommand({ Bucket }))],
  ['no lifecycle', ({ s3: client }) => client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }))],
  ['no tags', ({ s3: client }) => client.send(new s3.GetBucketTaggingCommand({ Bucket }))],
  ['no cors', ({ s3: client }) => client.send(new s3.GetBucketCorsCommand({ Bucket }))],
  ['no website', ({ s3: client }) => client.send(new s3.GetBucketWebsiteCommand({ Bucket }))],
  ['no replication', ({ s3: client }) => client.send(new s3.GetBucketReplicationCommand({ Bucket }))],
  ['no object lock', ({ s3: client }) => client.send(new s3.GetObjectLockConfigurationCommand({ Bucket }))],
  ['no logging', ({ s3: client }) => client.send(new s3.GetBucketLoggingCommand({ Bucket }))],
  ['no key', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key }))],
  ['head of no key', ({ s3: client }) => client.send(new s3.HeadObjectCommand({ Bucket, Key }))],
  ['lock', ({ s3: client }) => client.send(put({ IfNoneMatch: '*', ContentType: 'application/json' }))],
  ['lock again', ({ s3: client }) => client.send(put({ IfNoneMatch: '*' }))],
  ['wrong If-Match', ({ s3: client }) => client.send(put({ IfMatch: '"0"' }))],
  ['If-Match on no key', ({ s3: client }) => client.send(put({ Key: 'none', IfMatch: '"0"' }))],
  [
    'put with metadata',
    async ({ s3: client }, seen) => {
      const output = await client.send(put({ Metadata: { a: '1' }, ServerSideEncryption: 'AES256', Tagging: 'a=b' }));
      seen.set('version', String(output.VersionId));
      return output;
    },
  ],
  ['get', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))],
  ['head', ({ s3: client }) => client.send(new s3.HeadObjectCommand({ Bucket, Key }))],
  ['get part', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=2-4' }))],
  ['get the end', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=-3' }))],
  ['get behind the end', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=50-' }))],
  [
    'not modified',
    ({ s3: client }) =>
      client.send(new s3.GetObjectCommand({ Bucket, Key, IfNoneMatch: '"781e5e245d69b566979b86e28d23f2c7"' })),
  ],
  ['tags of the object', ({ s3: client }) => client.send(new s3.GetObjectTaggingCommand({ Bucket, Key }))],
  [
    'copy',
    ({ s3: client }) => client.send(new s3.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` })),
  ],
  ['list', ({ s3: client }) => client.send(new s3.ListObjectsV2Command({ Bucket, Delimiter: '/' }))],
  [
    'list a prefix',
    ({ s3: client }) => client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'env:/', MaxKeys: 1000 })),
  ],
  ['first page', ({ s3: client }) => client.send(new s3.ListObjectsV2Command({ Bucket, MaxKeys: 1 }))],
  ['versions', ({ s3: client }) => client.send(new s3.ListObjectVersionsCommand({ Bucket, Prefix: 'net' }))],
  ['delete', ({ s3: client }) => client.send(new s3.DeleteObjectCommand({ Bucket, Key }))],
  ['get deleted', ({ s3: client }) => client.send(new s3.GetObjectCommand({ Bucket, Key }))],
  [
    'get old version',
    ({ s3: client }, seen) =>
      client.send(new s3.GetObjectCommand({ Bucket, Key, VersionId: String(seen.get('version')) })),
  ],
  ['delete bucket with versions', ({ s3: client }) => client.send(new s3.DeleteBucketCommand({ Bucket }))],
  // Last: moto keeps it, and then breaks on every call to the bucket.
  ['malformed policy', ({ s3: client }) => client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy: '{' }))],
];

const dynamoDbSteps: readonly Step[] = [
  ['no table', ({ dynamodb }) => dynamodb.send(new ddb.DescribeTableCommand({ TableName }))],
  [
    'item of no table',
    ({ dynamodb }) => dynamodb.send(new ddb.GetItemCommand({ TableName, Key: { LockID: { S: 'a' } } })),
  ],
  [
    'create table',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.CreateTableCommand({
          TableName,
          KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      ),
  ],
  ['table', ({ dynamodb }) => dynamodb.send(new ddb.DescribeTableCommand({ TableName }))],
  [
    'take lock',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.PutItemCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(LockID)' }),
      ),
  ],
  [
    'take it again',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.PutItemCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(LockID)' }),
      ),
  ],
  [
    'project',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.GetItemCommand({ TableName, Key: { LockID: { S: 'a' } }, ProjectionExpression: 'LockID, Info' }),
      ),
  ],
  ['number', ({ dynamodb }) => dynamodb.send(new ddb.GetItemCommand({ TableName, Key: { LockID: { S: 'a' } } }))],
  [
    'item without its key',
    ({ dynamodb }) => dynamodb.send(new ddb.PutItemCommand({ TableName, Item: { Info: { S: 'x' } } })),
  ],
  [
    'key of another type',
    ({ dynamodb }) => dynamodb.send(new ddb.PutItemCommand({ TableName, Item: { LockID: { N: '1' } } })),
  ],
  ['wrong key', ({ dynamodb }) => dynamodb.send(new ddb.GetItemCommand({ TableName, Key: { other: { S: 'a' } } }))],
  [
    'placeholder that is missing',
    ({ dynamodb }) =>
      dynamodb.send(new ddb.PutItemCommand({ TableName, Item: item, ConditionExpression: 'Info = :none' })),
  ],
  [
    'update',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.UpdateItemCommand({
          TableName,
          Key: { LockID: { S: 'a' } },
          UpdateExpression: 'SET Info = :x ADD serial :one',
          ExpressionAttributeValues: { ':x': { S: 'y' }, ':one': { N: '1' } },
          ReturnValues: 'ALL_NEW',
        }),
      ),
  ],
  ['scan', ({ dynamodb }) => dynamodb.send(new ddb.ScanCommand({ TableName }))],
  [
    'query without the key',
    ({ dynamodb }) =>
      dynamodb.send(
        new ddb.QueryCommand({
          TableName,
          KeyConditionExpression: 'Info = :x',
          ExpressionAttributeValues: { ':x': { S: 'y' } },
        }),
      ),
  ],
  ['backups', ({ dynamodb }) => dynamodb.send(new ddb.DescribeContinuousBackupsCommand({ TableName }))],
  ['time to live', ({ dynamodb }) => dynamodb.send(new ddb.DescribeTimeToLiveCommand({ TableName }))],
  [
    'delete item',
    ({ dynamodb }) =>
      dynamodb.send(new ddb.DeleteItemCommand({ TableName, Key: { LockID: { S: 'a' } }, ReturnValues: 'ALL_OLD' })),
  ],
  ['delete table', ({ dynamodb }) => dynamodb.send(new ddb.DeleteTableCommand({ TableName }))],
];

/** Where moto 5.2 does not answer as AWS documents. */
const motoIsWrong: Readonly<Record<string, string>> = {
  'bad bucket name': 'it takes capital letters and underscores',
  'public access block of a new bucket': 'AWS blocks all since April 2023; it has none',
  lock: 'AWS encrypts with SSE-S3 since January 2023 and says so; it does not say it',
  copy: 'the same',
  'delete bucket with versions': 'AWS says that versions must be deleted too',
  'malformed policy': 'it keeps any text',
  'create table': 'AWS answers CREATING',
  'placeholder that is missing': 'it breaks with 500',
  update: 'it tells the consumed capacity unasked',
  'delete table': 'AWS answers DELETING',
};

let moto: RunningProcess | undefined;
afterAll(async () => {
  moto?.kill('SIGTERM');
  await moto?.exited;
});

it('S3 and DynamoDB answer as moto does, where moto is right', async (context) => {
  const processes = realProcesses(process.env);
  if ((await processes.find('moto_server')) === undefined) context.skip("Python's moto_server is not on PATH");
  const port = await freePort();
  moto = await processes.start('moto_server', ['-p', String(port)], { output: () => undefined });
  const theirs = await connectMoto(`http://127.0.0.1:${port}`);
  const ours = makeStorageWorld().owner;
  const differing = new Map<string, readonly unknown[]>();
  const mine = new Map<string, string>();
  const his = new Map<string, string>();
  for (const [name, call] of [...s3Steps, ...dynamoDbSteps]) {
    const [own, other] = [await outcomeOf(call(ours, mine)), await outcomeOf(call(theirs, his))];
    if (JSON.stringify(own) !== JSON.stringify(other)) differing.set(name, [own, other]);
  }
  for (const name of Object.keys(motoIsWrong)) expect([...differing.keys()]).toContain(name);
  for (const name of Object.keys(motoIsWrong)) differing.delete(name);
  expect(Object.fromEntries(differing)).toEqual({});
});

async function freePort(): Promise<number> {
  const server = await realNetwork.listen({ port: 0, handle: () => undefined });
  await server.close();
  return server.port;
}

async function connectMoto(endpoint: string): Promise<Clients> {
  const config = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    maxAttempts: 1,
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await realNetwork.send({ method: 'GET', url: `${endpoint}/moto-api/`, timeoutSeconds: 5 });
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return { s3: new s3.S3Client({ ...config, forcePathStyle: true }), dynamodb: new ddb.DynamoDBClient(config) };
}

/** What both must have in common: status, code and the members that do not depend on time, chance or account. */
async function outcomeOf(call: Promise<object>): Promise<unknown> {
  try {
    const { $metadata, Body, ...members } = (await call) as Record<string, unknown> & s3.GetObjectCommandOutput;
    const body = Body === undefined ? undefined : await Body.transformToString();
    return { status: $metadata.httpStatusCode, body, ...(comparable(members) as object) };
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode, message };
  }
}

const volatile = new Set(
  'Owner Initiator LastModified CreationDate CreationDateTime TableArn TableId Location NextContinuationToken LastUpdateToPayPerRequestDateTime RequestCharged TableSizeBytes WarmThroughput ChecksumType'.split(
    ' ',
  ),
);

function comparable(value: unknown, name: string = ''): unknown {
  if (value instanceof Date) return '<date>';
  if (/VersionId/.test(name) && typeof value === 'string') return value === 'null' ? value : '<version>';
  if (Array.isArray(value)) return value.map((one) => comparable(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, content]) => !volatile.has(member) && content !== undefined && !isEmptyList(content))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([member, content]) => [member, comparable(content, member)]),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
