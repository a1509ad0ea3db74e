/**
 * Who may use a key: its policy must allow, or leave it to the account's IAM policies, or a grant allows
 * (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html).
 */

import { dnsSuffixOf } from '../../../aws/partition.ts';
import type { ConditionContext } from '../../../aws/policy/request.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { AuthorizationCheck, Call } from '../../core/service.ts';
import type { Grant, KmsKey } from './state.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

export interface KeyUse {
  /** `kms:Decrypt`. */
  readonly action: string;
  readonly encryptionContext?: EncryptionContext;
  /** A service that uses the key for the caller: `s3`. */
  readonly viaService?: string;
  /** Further condition keys. */
  readonly context?: ConditionContext;
}

/** Throws AwsError, AccessDenied in the words of the service that is called. */
export function authorizeKey(call: Call, key: KmsKey, use: KeyUse): void {
  const check = keyCheck(call, key, use);
  if (isGranted(call, key, use) && !call.isAllowed(check)) {
    // A grant adds permission; an explicit Deny still holds, and only the engine knows of one.
    call.authorize({ ...check, resourcePolicy: withGrant(key, call), resourcePolicyMode: 'sufficient' });
    return;
  }
  call.authorize(check);
}

function keyCheck(call: Call, key: KmsKey, use: KeyUse): AuthorizationCheck {
  const { world, caller } = call;
  const context = new Map<string, readonly string[]>(use.context ?? []);
  if ('account' in caller) context.set('kms:calleraccount', [caller.account]);
  if (use.viaService !== undefined) {
    context.set('kms:viaservice', [`${use.viaService}.${key.region}.${dnsSuffixOf(world.partition)}`]);
  }
  const pairs = Object.entries(use.encryptionContext ?? {});
  for (const [name, value] of pairs) context.set(`kms:encryptioncontext:${name.toLowerCase()}`, [value]);
  if (pairs.length > 0)
    context.set(
      'kms:encryptioncontextkeys',
      pairs.map(([name]) => name),
    );
  context.set('kms:keyspec', ['SYMMETRIC_DEFAULT']);
  context.set('kms:keyusage', ['ENCRYPT_DECRYPT']);
  context.set('kms:keyorigin', ['AWS_KMS']);
  const aliases = [...world.kms.aliases].filter(([, target]) => target === key.arn);
  if (aliases.length > 0)
    context.set(
      'kms:resourcealiases',
      aliases.map(([alias]) => alias.replace(/^.*:alias/, 'alias')),
    );
  for (const { key: name, value } of key.tags) context.set(`aws:resourcetag/${name.toLowerCase()}`, [value]);
  return {
    action: use.action,
    resource: key.arn,
    resourceAccount: key.account,
    resourcePolicy: key.policy.parsed,
    resourcePolicyMode: 'required',
    context,
  };
}

function isGranted(call: Call, key: KmsKey, use: KeyUse): boolean {
  const { caller } = call;
  const arns = caller.kind === 'role' ? [caller.arn, caller.roleArn] : 'arn' in caller ? [caller.arn] : [];
  const operation = use.action.replace('kms:', '');
  return [...key.grants.values()].some(
    (grant) =>
      arns.includes(grant.granteePrincipal) &&
      grant.operations.includes(operation) &&
      meetsConstraints(grant, use.encryptionContext ?? {}),
  );
}

function meetsConstraints({ constraints }: Grant, context: EncryptionContext): boolean {
  const { encryptionContextSubset: subset, encryptionContextEquals: equals } = constraints;
  const holds = (wanted: EncryptionContext): boolean =>
    Object.entries(wanted).every(([name, value]) => context[name] === value);
  if (subset !== undefined && !holds(subset)) return false;
  return equals === undefined || (holds(equals) && Object.keys(context).length === Object.keys(equals).length);
}

/** The key policy with one more statement: the caller's own account is satisfied by a grant, from wherever it came. */
function withGrant(key: KmsKey, call: Call): NonNullable<AuthorizationCheck['resourcePolicy']> {
  const { name, policy } = key.policy.parsed;
  const aws = 'arn' in call.caller ? [call.caller.arn] : [];
  const statement = {
    index: policy.statements.length,
    sid: 'grant',
    effect: 'Allow' as const,
    principal: { negated: false, any: false, aws, service: [], federated: [], canonicalUser: [] },
    actions: { negated: false, values: ['kms:*'] },
    resources: { negated: false, values: ['*'] },
    conditions: [],
  };
  return { name, policy: { ...policy, statements: [...policy.statements, statement] } };
}

/** Throws AwsError DisabledException or KMSInvalidStateException where the key cannot be used. */
export function requireUsable(key: KmsKey): void {
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  if (key.state === 'PendingDeletion')
    throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
}
