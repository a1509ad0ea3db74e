/**
 * The way that is left behind, as the classic setup has it: one user who may do everything, and roles of the other
 * accounts that trust it. Built so that a rehearsal can show that it works today and is refused afterwards.
 */
import { formatArn, parseArn } from '../../aws/arn.ts';
import { lockTableArn, pathAndName } from '../derived.ts';
import type { Intent, StateBackend } from '../intent.ts';
import { document, type PolicyDocument, type PolicyStatement, type TrustStatement } from './document.ts';
import { bucketArn, managedPolicyArn } from './phase-policies.ts';

/** ARN of the user; `undefined` without one, or while its account has no id. */
export function legacyUserArn(intent: Intent): string | undefined {
  const { legacy, partition } = intent;
  const account = legacy?.account === undefined ? undefined : intent.accounts.get(legacy.account)?.id;
  if (legacy === undefined || account === undefined) return undefined;
  const { path, name } = pathAndName(legacy.user);
  return formatArn({ partition, service: 'iam', region: '', account, resource: `user${path}${name}` });
}

/** The trust policy of its roles in the other accounts. */
export function buildLegacyRoleTrust(intent: Intent): PolicyDocument<TrustStatement> | undefined {
  const user = legacyUserArn(intent);
  if (user === undefined) return undefined;
  return document<TrustStatement>([
    { Sid: 'LegacyUser', Effect: 'Allow', Principal: { AWS: [user] }, Action: 'sts:AssumeRole' },
  ]);
}

/** ARNs of the policies of the user and of its roles. */
export function legacyManagedPolicies({ partition }: Intent): readonly string[] {
  return [managedPolicyArn(partition, 'AdministratorAccess')];
}

export interface OldUserAccess {
  readonly bucket: readonly PolicyStatement[];
  readonly table: readonly PolicyStatement[];
  readonly key: readonly PolicyStatement[];
}

/**
 * What lets the user reach state of other accounts than its own: its own policies are not enough there, so the resources
 * name it for as long as the old way has to work. Empty for what is in the account of the user.
 */
export function oldUserAccess(intent: Intent, backend: StateBackend): OldUserAccess {
  const user = legacyUserArn(intent);
  const home = intent.accounts.get(intent.legacy?.account ?? '')?.id;
  const bucket = bucketArn(intent, backend.bucket);
  const owner = intent.accounts.get(backend.account ?? '')?.id;
  const table = lockTableArn(intent, backend);
  const statement = (
    account: string | undefined,
    Action: PolicyStatement['Action'],
    Resource: NonNullable<PolicyStatement['Resource']>,
  ): readonly PolicyStatement[] =>
    user === undefined || account === undefined || account === home
      ? []
      : [{ Sid: 'OldUser', Effect: 'Allow', Principal: { AWS: [user] }, Action, Resource }];
  return {
    bucket: statement(
      owner,
      ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [bucket, `${bucket}/*`],
    ),
    table:
      table === undefined
        ? []
        : statement(
            accountOf(table),
            ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
            table,
          ),
    key: statement(accountOf(backend.kmsKeyId), ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'], '*'),
  };
}

function accountOf(arn: string | undefined): string | undefined {
  const parsed = parseArn(arn ?? '');
  return parsed.ok ? parsed.arn.account : undefined;
}
