/** The organisation changed without the wire: for worlds that are built from data, and behind the operations of the API. */
import { formatArn } from '../../../aws/arn.ts';
import type { World } from '../../core/world.ts';
import { iamAccount } from '../iam/accounts.ts';
import { readPolicy } from '../iam/policy-text.ts';
import { fullAccessId, fullAccessPolicy } from './full-access.ts';
import type { OrganizationAccount, OrganizationalUnit, OrganizationPolicy, OrganizationPolicyType } from './state.ts';

/** `account/o-…/123456789012`, `ou/o-…/ou-…`, `root/o-…/r-…` as an ARN of the management account. */
export function organizationsArn(world: World, resource: string): string {
  return formatArn({
    partition: world.partition,
    service: 'organizations',
    region: '',
    account: world.organizations.managementAccount,
    resource,
  });
}

/** Turns a policy type on, and attaches the policy that allows everything to the root, every unit and every account. */
export function enablePolicyType(world: World, type: OrganizationPolicyType): void {
  const { enabledPolicyTypes, policies, rootId, units, accounts } = world.organizations;
  if (enabledPolicyTypes.has(type)) return;
  enabledPolicyTypes.add(type);
  const full = fullAccessPolicy(world.partition, type);
  policies.set(full.id, full);
  for (const target of [rootId, ...units.keys(), ...accounts.keys()]) attachPolicy(world, full.id, target);
}

/** Turns a policy type off: every attachment of it goes, the policies stay. */
export function disablePolicyType(world: World, type: OrganizationPolicyType): void {
  const { enabledPolicyTypes, policies, attachments } = world.organizations;
  enabledPolicyTypes.delete(type);
  for (const [target, ids] of attachments) {
    attachments.set(
      target,
      ids.filter((id) => policies.get(id)?.type !== type),
    );
  }
}

export interface NewOrganizationPolicy {
  readonly name: string;
  readonly description?: string;
  readonly type: OrganizationPolicyType;
  readonly text: string;
}

/** Throws the AwsError that IAM's parser gives for a document that does not read. */
export function createPolicy(world: World, policy: NewOrganizationPolicy): OrganizationPolicy {
  const id = `p-${world.ids.alphanumeric(8)}`;
  const made: OrganizationPolicy = {
    id,
    arn: organizationsArn(world, `policy/${world.organizations.id}/${policy.type.toLowerCase()}/${id}`),
    name: policy.name,
    description: policy.description ?? '',
    type: policy.type,
    awsManaged: false,
    tags: [],
    ...parsedPolicy(policy.name, policy.text, policy.type),
  };
  world.organizations.policies.set(id, made);
  return made;
}

export function parsedPolicy(
  name: string,
  text: string,
  type: OrganizationPolicyType,
): Pick<OrganizationPolicy, 'text' | 'parsed'> {
  return readPolicy(name, text, type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp');
}

/** Silent when it is attached already. */
export function attachPolicy(world: World, policyId: string, target: string): void {
  const { attachments } = world.organizations;
  const known = attachments.get(target) ?? [];
  if (!known.includes(policyId)) attachments.set(target, [...known, policyId]);
}

export function createUnit(world: World, parent: string, name: string): OrganizationalUnit {
  const { rootId, units } = world.organizations;
  const made: OrganizationalUnit = {
    id: `ou-${rootId.slice(2)}-${world.ids.alphanumeric(8)}`,
    name,
    parent,
    tags: [],
  };
  units.set(made.id, made);
  attachFullAccess(world, made.id);
  return made;
}

/** A new account of the organisation, in its root. `at`: epoch milliseconds. */
export function addAccount(
  world: World,
  account: { readonly id: string; readonly name: string; readonly email: string; readonly at: number },
): OrganizationAccount {
  const { id: organization, rootId, accounts } = world.organizations;
  const made: OrganizationAccount = {
    id: account.id,
    name: account.name,
    email: account.email,
    arn: organizationsArn(world, `account/${organization}/${account.id}`),
    status: 'ACTIVE',
    joinedAt: account.at,
    parent: rootId,
    tags: [],
  };
  accounts.set(made.id, made);
  iamAccount(world, made.id);
  attachFullAccess(world, made.id);
  return made;
}

function attachFullAccess(world: World, target: string): void {
  for (const type of world.organizations.enabledPolicyTypes) attachPolicy(world, fullAccessId(type), target);
}
