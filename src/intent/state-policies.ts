/**
 * The policies that let the callers named in keyless.yaml, and nobody else of other accounts, reach state in another
 * account.
 */
import { formatArn, parseArn } from '../aws/arn.ts';
import { lockTableArn } from './derived.ts';
import type { Intent, StateBackend, StateRule } from './intent.ts';
import { type LetIn, type RolePatterns, readersAndWriters, resourcePolicy } from './policies/callers.ts';
import { document, type PolicyDocument, type PolicyStatement } from './policies/document.ts';
import { oldUserAccess } from './policies/legacy-way.ts';
import { bucketArn } from './policies/phase-policies.ts';
import { denials, outsideTheWindow } from './policies/state-denials.ts';

export type { PolicyDocument, PolicyStatement };

/**
 * How far the move is. `both`: the new identities are let in, the old way still works. `new`: everybody else is refused,
 * keys of IAM users above all, so it comes after the key is inactive.
 */
export type MoveStage = 'both' | 'new';

/**
 * The policy of a state bucket. Plan reads state and takes the lock; apply writes state too; nobody is given deletion.
 * In stage `both` the old user of another account stays in.
 * A write that does not name the encryption is refused where keyless.yaml demands it. `undefined` while no account id is
 * known; throws CONFIG_INVALID when there are more accounts than S3's 20 KB hold.
 */
export function buildStateBucketPolicy(
  intent: Intent,
  backend: StateBackend,
  stage: MoveStage = 'both',
): PolicyDocument | undefined {
  const bucket = bucketArn(intent, backend.bucket);
  const { readers, writers } = readersAndWriters(backend);
  const everybody = [...readers, ...writers];
  return resourcePolicy(intent, `the policy of bucket ${backend.bucket}`, (letIn, patterns) => [
    { ...letIn('ListState', patterns(everybody)), Action: 's3:ListBucket', Resource: bucket },
    ...onKeys('ReadState', everybody, letIn, patterns, (keys) => ({
      Action: 's3:GetObject',
      // Whoever releases a lock reads it first; a pattern holds the lock file already.
      Resource: objects(
        bucket,
        keys.flatMap((key) => (key.endsWith('*') ? [key] : [key, lockOf(key)])),
      ),
    })),
    ...onKeys('LockState', everybody, letIn, patterns, (keys) => ({
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: objects(bucket, keys.map(lockOf)),
    })),
    ...onKeys('WriteState', writers, letIn, patterns, (keys) => ({
      Action: 's3:PutObject',
      Resource: objects(bucket, keys),
    })),
    ...(stage === 'both' ? oldUserAccess(intent, backend).bucket : []),
    {
      Sid: 'DenyPlainHttp',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucket, `${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    ...encryptionDenials(backend, bucket),
    ...outsideTheWindow(backend, bucket),
    ...(stage === 'new' ? denials(bucket, { readers, writers }, patterns) : []),
  ]);
}

/**
 * The resource policy of the DynamoDB lock table while both locks are taken: callers from other accounts name the table
 * by its ARN. `undefined` without a table, or while its ARN or every account id is not known.
 */
export function buildLockTableResourcePolicy(
  intent: Intent,
  backend: StateBackend,
  stage: MoveStage = 'both',
): PolicyDocument | undefined {
  const table = lockTableArn(intent, backend);
  if (table === undefined) return undefined;
  const { readers, writers } = readersAndWriters(backend);
  return resourcePolicy(intent, `the resource policy of table ${backend.lockTable?.name}`, (letIn, patterns) => [
    {
      ...letIn('LockState', patterns([...readers, ...writers])),
      Action: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      Resource: table,
    },
    ...(stage === 'both' ? oldUserAccess(intent, backend).table : []),
  ]);
}

/**
 * What the policy of the state's KMS key needs besides its own administration, since a bucket policy alone decrypts
 * nothing. `undefined` without a key, or while no account id is known.
 */
export function buildStateKeyPolicy(
  intent: Intent,
  backend: StateBackend,
  stage: MoveStage = 'both',
): PolicyDocument | undefined {
  if (backend.kmsKeyId === undefined) return undefined;
  const { readers, writers } = readersAndWriters(backend);
  return resourcePolicy(intent, `the policy of key ${backend.kmsKeyId}`, (letIn, patterns) => {
    const everybody = patterns([...readers, ...writers]);
    return [
      { ...letIn('DecryptState', everybody), Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: '*' },
      // The lock file is encrypted like the state, so plan needs a data key as well.
      { ...letIn('EncryptState', everybody), Action: 'kms:GenerateDataKey', Resource: '*' },
      ...(stage === 'both' ? oldUserAccess(intent, backend).key : []),
    ];
  });
}

/**
 * The whole policy of the state's KMS key. While the old way works, the policies of its account may give any use of it;
 * after that they administer it, and it is used by those who are let in.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function buildStateKeyDocument(
  intent: Intent,
  backend: StateBackend,
  stage: MoveStage = 'both',
): PolicyDocument | undefined {
  const uses = buildStateKeyPolicy(intent, backend, stage);
  const key = parseArn(backend.kmsKeyId ?? '');
  if (uses === undefined || !key.ok) return undefined;
  const root = formatArn({ ...key.arn, service: 'iam', region: '', resource: 'root' });
  return document<PolicyStatement>([
    {
      Sid: 'AdministerKey',
      Effect: 'Allow',
      Principal: { AWS: [root] },
      Action: stage === 'both' ? 'kms:*' : keyAdministration,
      Resource: '*',
    },
    ...uses.Statement,
  ]);
}

/** What AWS gives key administrators, without use of the key. */
const keyAdministration: readonly string[] = [
  ...['kms:Create*', 'kms:Describe*', 'kms:Enable*', 'kms:List*', 'kms:Put*', 'kms:Update*', 'kms:Revoke*'],
  ...['kms:Disable*', 'kms:Get*', 'kms:Delete*', 'kms:TagResource', 'kms:UntagResource'],
  ...['kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion', 'kms:RotateKeyOnDemand'],
];

/** The policy of a bucket that modules are downloaded from; publish uploads. `undefined` while no account id is known. */
export function buildModuleBucketPolicy(intent: Intent, bucketName: string): PolicyDocument | undefined {
  const bucket = bucketArn(intent, bucketName);
  const anywhere = { permissionSets: [], accounts: undefined };
  return resourcePolicy(intent, `the policy of bucket ${bucketName}`, (letIn, patterns) => {
    const everybody = patterns([{ ...anywhere, phases: ['plan', 'apply', 'publish'] }]);
    const publishers = patterns([{ ...anywhere, phases: ['publish'] }]);
    return [
      { ...letIn('ListModules', everybody), Action: 's3:ListBucket', Resource: bucket },
      { ...letIn('DownloadModules', everybody), Action: 's3:GetObject', Resource: `${bucket}/*` },
      { ...letIn('PublishModules', publishers), Action: 's3:PutObject', Resource: `${bucket}/*` },
    ];
  });
}

/** One statement for each set of keys that some of the rules have. */
function onKeys(
  sid: string,
  rules: readonly StateRule[],
  letIn: LetIn,
  patterns: RolePatterns,
  rest: (keys: readonly string[]) => Pick<PolicyStatement, 'Action' | 'Resource'>,
): PolicyStatement[] {
  const byKeys = new Map<string, StateRule[]>();
  for (const rule of rules) {
    const name = JSON.stringify(rule.keys);
    byKeys.set(name, [...(byKeys.get(name) ?? []), rule]);
  }
  return [...byKeys.values()].map((same, index) => ({
    ...letIn(index === 0 ? sid : `${sid}${index + 1}`, patterns(same)),
    ...rest(same[0]?.keys ?? []),
  }));
}

function objects(bucket: string, keys: readonly string[]): string | readonly string[] {
  const [first = '*', ...others] = keys.map((key) => `${bucket}/${key}`);
  return others.length === 0 ? first : [first, ...others];
}

/** Terraform's lock file lies beside the state. */
function lockOf(key: string): string {
  return `${key}.tflock`;
}

/** Negated operators hold when the header is missing, which is the case to refuse. */
function encryptionDenials(backend: StateBackend, bucket: string): PolicyStatement[] {
  if (!backend.requireEncryption) return [];
  const deny = (sid: string, Condition: NonNullable<PolicyStatement['Condition']>): PolicyStatement => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${bucket}/*`,
    Condition,
  });
  if (backend.kmsKeyId === undefined) {
    return [deny('DenyPutWithoutEncryption', { Null: { 's3:x-amz-server-side-encryption': 'true' } })];
  }
  const withoutKms = deny('DenyPutWithoutKms', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } });
  // S3 compares key ARNs, so an alias cannot be demanded.
  if (backend.kmsKeyId.includes(':alias/')) return [withoutKms];
  return [
    withoutKms,
    deny('DenyPutWithOtherKey', {
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': backend.kmsKeyId },
    }),
  ];
}
