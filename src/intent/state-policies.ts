/**
 * The policies that let the callers named in keyless.yaml, and nobody else of other accounts, reach state in another
 * account. A principal cannot hold a wildcard and the names of Identity Center's roles end in an unknown suffix, so the
 * principal is the organisation (or the accounts) and `aws:PrincipalArn` narrows it to the roles: never an account root
 * alone, which would let every role of that account in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
import { formatArn } from '../aws/arn.ts';
import { KeylessError } from '../kernel/error.ts';
import { lockTableArn, type Phase, permissionSetRolePattern, phases, pipelineRoleArnIn } from './derived.ts';
import type { Intent, StateBackend } from './intent.ts';

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly AWS: readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * The policy of a state bucket. Plan reads state and takes the lock; apply writes state too; nobody is given deletion.
 * With `kms_key_id` a write that does not name that key is refused. `undefined` while no account id is known; throws
 * CONFIG_INVALID when there are more accounts than S3's 20 KB hold.
 */
export function buildStateBucketPolicy(intent: Intent, backend: StateBackend): PolicyDocument | undefined {
  const bucket = formatArn({
    partition: intent.partition,
    service: 's3',
    region: '',
    account: '',
    resource: backend.bucket,
  });
  return withinLimit(intent, `the policy of bucket ${backend.bucket}`, (callers) => [
    { ...callers('ListState', phases), Action: 's3:ListBucket', Resource: bucket },
    { ...callers('ReadState', phases), Action: 's3:GetObject', Resource: `${bucket}/*` },
    {
      ...callers('LockState', phases),
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: `${bucket}/*.tflock`,
    },
    { ...callers('WriteState', ['apply']), Action: 's3:PutObject', Resource: `${bucket}/*` },
    {
      Sid: 'DenyPlainHttp',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucket, `${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    ...encryptionDenials(backend, bucket),
  ]);
}

/**
 * The resource policy of the DynamoDB lock table while both locks are taken: callers from other accounts name the table
 * by its ARN. `undefined` without a table, or while its ARN or every account id is not known.
 */
export function buildLockTableResourcePolicy(intent: Intent, backend: StateBackend): PolicyDocument | undefined {
  const table = lockTableArn(intent, backend);
  if (table === undefined) return undefined;
  return withinLimit(intent, `the resource policy of table ${backend.lockTable?.name}`, (callers) => [
    {
      ...callers('LockState', phases),
      Action: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      Resource: table,
    },
  ]);
}

/**
 * What the policy of the state's KMS key needs besides its own administration, since a bucket policy alone decrypts
 * nothing. `undefined` without a key, or while no account id is known.
 */
export function buildStateKeyPolicy(intent: Intent, backend: StateBackend): PolicyDocument | undefined {
  if (backend.kmsKeyId === undefined) return undefined;
  return withinLimit(intent, `the policy of key ${backend.kmsKeyId}`, (callers) => [
    { ...callers('DecryptState', phases), Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: '*' },
    // The lock file is encrypted like the state, so plan needs a data key as well.
    { ...callers('EncryptState', phases), Action: 'kms:GenerateDataKey', Resource: '*' },
  ]);
}

type Callers = (
  sid: string,
  of: readonly Phase[],
) => Pick<PolicyStatement, 'Sid' | 'Effect' | 'Principal'> & {
  readonly Condition: NonNullable<PolicyStatement['Condition']>;
};

/** S3 takes bucket policies of 20 KB, DynamoDB and KMS of about as much. */
const mostBytes = 20_480;

function withinLimit(
  intent: Intent,
  what: string,
  statements: (callers: Callers) => readonly PolicyStatement[],
): PolicyDocument | undefined {
  const accountIds = [...intent.accounts.values()].flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (accountIds.length === 0) return undefined;
  const byAccount = document(statements(callersOf(intent, accountIds, accountIds)));
  if (sizeOf(byAccount) <= mostBytes) return byAccount;
  // Role patterns for any account are safe only where the organisation keeps strangers out.
  const byPattern = intent.organization.id && document(statements(callersOf(intent, accountIds, ['*'])));
  if (byPattern && sizeOf(byPattern) <= mostBytes) return byPattern;
  throw new KeylessError({
    code: 'CONFIG_INVALID',
    message: `${what} would have ${sizeOf(byAccount)} bytes for ${accountIds.length} accounts; AWS takes ${mostBytes}`,
    hint: 'fill in organization.id in keyless.yaml: then the organisation is trusted instead of each account',
    details: { bytes: sizeOf(byAccount), limit: mostBytes, accounts: accountIds.length },
  });
}

function callersOf(intent: Intent, accountIds: readonly string[], inAccounts: readonly string[]): Callers {
  const organization = intent.organization.id;
  const roots = accountIds.map((account) =>
    formatArn({ partition: intent.partition, service: 'iam', region: '', account, resource: 'root' }),
  );
  return (sid, of) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: organization === undefined ? { AWS: roots } : '*',
    Condition: {
      ...(organization !== undefined && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
      ArnLike: {
        'aws:PrincipalArn': inAccounts.flatMap((account) =>
          of.flatMap((phase) => [
            permissionSetRolePattern(intent, account, phase),
            pipelineRoleArnIn(intent, account, phase),
          ]),
        ),
      },
    },
  });
}

/** Negated operators hold when the header is missing, which is the case to refuse. */
function encryptionDenials(backend: StateBackend, bucket: string): PolicyStatement[] {
  if (backend.kmsKeyId === undefined) return [];
  const deny = (sid: string, header: string, value: string): PolicyStatement => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${bucket}/*`,
    Condition: { StringNotEquals: { [header]: value } },
  });
  const withoutKms = deny('DenyPutWithoutKms', 's3:x-amz-server-side-encryption', 'aws:kms');
  // S3 compares key ARNs, so an alias cannot be demanded.
  if (backend.kmsKeyId.includes(':alias/')) return [withoutKms];
  return [withoutKms, deny('DenyPutWithOtherKey', 's3:x-amz-server-side-encryption-aws-kms-key-id', backend.kmsKeyId)];
}

function document(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function sizeOf(policy: PolicyDocument): number {
  return new TextEncoder().encode(JSON.stringify(policy)).length;
}
