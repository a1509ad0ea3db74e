/** Managed policies by ARN, whoever manages them. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { World } from '../../core/world.ts';
import { noSuchEntity } from './accounts.ts';
import { managedPolicy } from './managed-policies.ts';
import type { ManagedPolicy, PolicyVersion } from './state.ts';

/** A policy that holders in `account` can have; `undefined` when there is none, or it is another account's. */
export function lookUpPolicy(world: World, account: string, arn: string): ManagedPolicy | undefined {
  return world.iam.accounts.get(account)?.policies.get(arn) ?? managedPolicy(arn);
}

export function findPolicy(world: World, account: string, arn: string): ManagedPolicy {
  const policy = lookUpPolicy(world, account, arn);
  if (policy !== undefined) return policy;
  if (/^arn:[a-z-]+:iam::aws:policy\//.test(arn)) {
    throw noSuchEntity(
      `Policy ${arn} does not exist or is not attachable. The sandbox has a part of AWS's policies only.`,
    );
  }
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

export function defaultVersion(policy: ManagedPolicy): PolicyVersion {
  return policy.versions.find(({ versionId }) => versionId === policy.defaultVersionId) as PolicyVersion;
}

/** The text in force, named by the policy's ARN. */
export function policyInForce(world: World, account: string, arn: string): NamedPolicy | undefined {
  const policy = lookUpPolicy(world, account, arn);
  return policy === undefined ? undefined : defaultVersion(policy).parsed;
}
