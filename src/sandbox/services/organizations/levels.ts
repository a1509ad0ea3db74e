/**
 * The policies of the organisation that bound an account, level by level: root, each unit on the way, the account.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { World } from '../../core/world.ts';
import type { OrganizationPolicyType } from './state.ts';

/** `undefined` where service control policies have no say: not enabled, the management account, no account of the organisation. */
export function scpLevels(world: World, accountId: string): readonly (readonly NamedPolicy[])[] | undefined {
  return levels(world, accountId, 'SERVICE_CONTROL_POLICY');
}

/** The same for resource control policies; `accountId` is the account of the resource. */
export function rcpLevels(world: World, accountId: string): readonly (readonly NamedPolicy[])[] | undefined {
  return levels(world, accountId, 'RESOURCE_CONTROL_POLICY');
}

/** Ids from the root down to the account; `[]` for an account that is none of the organisation's. */
export function pathOf(world: World, accountId: string): readonly string[] {
  const { accounts, units } = world.organizations;
  const account = accounts.get(accountId);
  if (account === undefined) return [];
  const path = [accountId];
  let parent: string | undefined = account.parent;
  while (parent !== undefined) {
    path.unshift(parent);
    parent = units.get(parent)?.parent;
  }
  return path;
}

/** Value of `aws:PrincipalOrgPaths` and `aws:ResourceOrgPaths`: `o-…/r-…/ou-…/`. */
export function orgPath(world: World, accountId: string): string | undefined {
  const path = pathOf(world, accountId);
  if (path.length === 0) return undefined;
  return `${[world.organizations.id, ...path.slice(0, -1)].join('/')}/`;
}

function levels(
  world: World,
  accountId: string,
  type: OrganizationPolicyType,
): readonly (readonly NamedPolicy[])[] | undefined {
  const { managementAccount, enabledPolicyTypes, attachments, policies } = world.organizations;
  if (!enabledPolicyTypes.has(type) || accountId === managementAccount) return undefined;
  const path = pathOf(world, accountId);
  if (path.length === 0) return undefined;
  return path.map((target) =>
    (attachments.get(target) ?? []).flatMap((id) => {
      const policy = policies.get(id);
      return policy?.type === type ? [policy.parsed] : [];
    }),
  );
}
