/** The organisation itself, its accounts and units. */
import type { Output } from '../../core/service.ts';
import { createUnit as build, organizationsArn } from './build.ts';
import { arnOf, type OrgCall, type OrgEntry, orgOperation, refusal } from './org-call.ts';
import type { OrganizationAccount, OrganizationalUnit, OrganizationPolicyType } from './state.ts';
import { readTags } from './tags.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const unitDepth = 5;

function describeOrganization(org: OrgCall): Output {
  org.enter('anyone');
  const { id, managementAccount, accounts } = org.organization;
  return {
    Organization: {
      Id: id,
      Arn: organizationsArn(org.world, `organization/${id}`),
      FeatureSet: 'ALL',
      MasterAccountArn: arnOf(org.world, managementAccount),
      MasterAccountId: managementAccount,
      MasterAccountEmail: accounts.get(managementAccount)?.email,
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    },
  };
}

function listRoots(org: OrgCall): Output {
  org.enter('read');
  const page = org.input.page([rootShape(org)], 20);
  return { Roots: page.items, NextToken: page.nextToken };
}

function listAccounts(org: OrgCall): Output {
  org.enter('read');
  return accountPage(org, () => true);
}

function describeAccount(org: OrgCall): Output {
  const id = org.input.string('AccountId', { pattern: /\d{12}/ });
  org.enter('read', arnOf(org.world, id));
  return { Account: accountShape(org.account(id)) };
}

function listAccountsForParent(org: OrgCall): Output {
  const parent = readParent(org);
  return accountPage(org, (account) => account.parent === parent);
}

function listUnitsForParent(org: OrgCall): Output {
  const parent = readParent(org);
  const units = [...org.organization.units.values()].filter((unit) => unit.parent === parent);
  const page = org.input.page(units, 20);
  return { OrganizationalUnits: page.items.map((unit) => unitShape(org, unit)), NextToken: page.nextToken };
}

function listChildren(org: OrgCall): Output {
  const parent = readParent(org);
  const type = org.input.oneOf('ChildType', ['ACCOUNT', 'ORGANIZATIONAL_UNIT']);
  const all = type === 'ACCOUNT' ? org.organization.accounts : org.organization.units;
  const children = [...all.values()]
    .filter((child) => child.parent === parent)
    .map(({ id }) => ({ Id: id, Type: type }));
  const page = org.input.page(children, 20);
  return { Children: page.items, NextToken: page.nextToken };
}

function listParents(org: OrgCall): Output {
  const { accounts, units, rootId } = org.organization;
  const id = org.input.string('ChildId');
  org.enter('read', arnOf(org.world, id));
  const parent = (accounts.get(id) ?? units.get(id))?.parent;
  if (parent === undefined) {
    throw refusal(
      'ChildNotFoundException',
      "We can't find an organizational unit or account with the id you specified.",
    );
  }
  return { Parents: [{ Id: parent, Type: parent === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
}

function createUnit(org: OrgCall): Output {
  const parent = org.input.string('ParentId');
  org.enter('write', arnOf(org.world, parent));
  const name = org.input.string('Name', { min: 1, max: 128 });
  const tags = org.input.has('Tags') ? readTags(org) : [];
  org.parent(parent);
  refuseTakenName(org, parent, name);
  if (unitPath(org, parent).length >= unitDepth) {
    throw refusal('ConstraintViolationException', 'You have exceeded the depth of units.', 'OU_DEPTH_LIMIT_EXCEEDED');
  }
  const unit = build(org.world, parent, name);
  unit.tags = tags;
  return { OrganizationalUnit: unitShape(org, unit) };
}

function describeUnit(org: OrgCall): Output {
  return { OrganizationalUnit: unitShape(org, namedUnit(org, 'read')) };
}

function updateUnit(org: OrgCall): Output {
  const unit = namedUnit(org, 'write');
  const name = org.input.optionalString('Name', { min: 1, max: 128 });
  if (name !== undefined && name !== unit.name) {
    refuseTakenName(org, unit.parent, name);
    unit.name = name;
  }
  return { OrganizationalUnit: unitShape(org, unit) };
}

function deleteUnit(org: OrgCall): Output {
  const { accounts, units, attachments } = org.organization;
  const unit = namedUnit(org, 'write');
  if ([...accounts.values(), ...units.values()].some(({ parent }) => parent === unit.id)) {
    throw refusal('OrganizationalUnitNotEmptyException', 'The organizational unit is not empty.');
  }
  units.delete(unit.id);
  attachments.delete(unit.id);
  return undefined;
}

function moveAccount(org: OrgCall): Output {
  const { input } = org;
  const id = input.string('AccountId', { pattern: /\d{12}/ });
  const from = input.string('SourceParentId');
  const to = input.string('DestinationParentId');
  org.enter('write', arnOf(org.world, id));
  const account = org.account(id);
  org.parent(from, 'SourceParentNotFoundException');
  org.parent(to, 'DestinationParentNotFoundException');
  if (account.parent === to) {
    throw refusal('DuplicateAccountException', 'The account is already present in the specified destination.');
  }
  if (account.parent !== from) {
    throw refusal('SourceParentNotFoundException', 'The account is not in the source that you specified.');
  }
  account.parent = to;
  return undefined;
}

export const treeOperations: readonly OrgEntry[] = [
  orgOperation('DescribeOrganization', 'read', describeOrganization),
  orgOperation('ListRoots', 'read', listRoots),
  orgOperation('ListAccounts', 'read', listAccounts),
  orgOperation('DescribeAccount', 'read', describeAccount),
  orgOperation('ListAccountsForParent', 'read', listAccountsForParent),
  orgOperation('ListOrganizationalUnitsForParent', 'read', listUnitsForParent),
  orgOperation('ListChildren', 'read', listChildren),
  orgOperation('ListParents', 'read', listParents),
  orgOperation('CreateOrganizationalUnit', 'write', createUnit),
  orgOperation('DescribeOrganizationalUnit', 'read', describeUnit),
  orgOperation('UpdateOrganizationalUnit', 'write', updateUnit),
  orgOperation('DeleteOrganizationalUnit', 'write', deleteUnit),
  orgOperation('MoveAccount', 'write', moveAccount),
];

export function rootShape({ organization, world }: OrgCall): Readonly<Record<string, unknown>> {
  const types: readonly OrganizationPolicyType[] = [...organization.enabledPolicyTypes];
  return {
    Id: organization.rootId,
    Arn: arnOf(world, organization.rootId),
    Name: 'Root',
    PolicyTypes: types.map((type) => ({ Type: type, Status: 'ENABLED' })),
  };
}

export function accountShape(account: OrganizationAccount): Readonly<Record<string, unknown>> {
  return {
    Id: account.id,
    Arn: account.arn,
    Email: account.email,
    Name: account.name,
    Status: account.status,
    State: account.status,
    JoinedMethod: 'CREATED',
    JoinedTimestamp: new Date(account.joinedAt),
  };
}

function accountPage(org: OrgCall, wanted: (account: OrganizationAccount) => boolean): Output {
  const page = org.input.page([...org.organization.accounts.values()].filter(wanted), 20);
  return { Accounts: page.items.map(accountShape), NextToken: page.nextToken };
}

function unitShape({ world }: OrgCall, unit: OrganizationalUnit): Readonly<Record<string, unknown>> {
  return { Id: unit.id, Arn: arnOf(world, unit.id), Name: unit.name };
}

function readParent(org: OrgCall): string {
  const parent = org.input.string('ParentId');
  org.enter('read', arnOf(org.world, parent));
  org.parent(parent);
  return parent;
}

function namedUnit(org: OrgCall, access: 'read' | 'write'): OrganizationalUnit {
  const id = org.input.string('OrganizationalUnitId');
  org.enter(access, arnOf(org.world, id));
  return org.unit(id);
}

function unitPath({ organization }: OrgCall, unit: string): readonly string[] {
  const path: string[] = [];
  for (let id: string | undefined = unit; id !== undefined && organization.units.has(id); ) {
    path.push(id);
    id = organization.units.get(id)?.parent;
  }
  return path;
}

function refuseTakenName({ organization }: OrgCall, parent: string, name: string): void {
  const taken = [...organization.units.values()].some((unit) => unit.parent === parent && unit.name === name);
  if (taken) throw refusal('DuplicateOrganizationalUnitException', 'An OU with the same name already exists.');
}
