/**
 * The way that is left behind, as the classic setup has it: one user who may do everything, and roles of the other
 * accounts that trust it. Built so that a rehearsal can show that it works today and is refused afterwards.
 */
import { formatArn } from '../../aws/arn.ts';
import { pathAndName } from '../derived.ts';
import type { Intent } from '../intent.ts';
import { document, type PolicyDocument, type TrustStatement } from './document.ts';
import { managedPolicyArn } from './phase-policies.ts';

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
