/** What every operation of Organizations does first: the account that may ask, and the policies of the caller. */
import { AwsError } from '../../core/aws-error.ts';
import { ModelInput } from '../../core/model-input.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { organizationsArn } from './build.ts';
import type { OrganizationAccount, OrganizationalUnit, OrganizationPolicy, OrganizationsState } from './state.ts';

export class OrgCall {
  readonly call: Call;
  readonly input: ModelInput;
  readonly world: World;
  readonly organization: OrganizationsState;
  /** Epoch milliseconds in the world's time. */
  readonly now: number;

  constructor(call: Call, input: Input) {
    this.call = call;
    this.input = new ModelInput(input, (message) => refusal('InvalidInputException', message, 'INVALID_PATTERN'));
    this.world = call.world;
    this.organization = call.world.organizations;
    this.now = call.time.now();
  }

  /** Reads are for the management account and delegated administrators, changes for the management account only. */
  enter(access: 'anyone' | 'read' | 'write', resource: string = '*'): void {
    const { managementAccount, delegatedAdministrators, accounts } = this.organization;
    const { account, operation } = this.call;
    if (!accounts.has(account)) {
      throw refusal('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
    }
    const delegated = [...delegatedAdministrators.values()].some((known) => known.has(account));
    const may = account === managementAccount || access === 'anyone' || (access === 'read' && delegated);
    if (!may) throw refusal('AccessDeniedException', "You don't have permissions to access this resource.");
    this.call.authorize({ action: `organizations:${operation}`, resource });
  }

  account(id: string): OrganizationAccount {
    const account = this.organization.accounts.get(id);
    if (account === undefined) {
      throw refusal('AccountNotFoundException', "You specified an account that doesn't exist.");
    }
    return account;
  }

  unit(id: string): OrganizationalUnit {
    const unit = this.organization.units.get(id);
    if (unit === undefined) {
      throw refusal('OrganizationalUnitNotFoundException', "You specified an organizational unit that doesn't exist.");
    }
    return unit;
  }

  policy(id: string): OrganizationPolicy {
    const policy = this.organization.policies.get(id);
    if (policy === undefined)
      throw refusal('PolicyNotFoundException', "We can't find a policy with the id you specified.");
    return policy;
  }

  /** Throws `code` when the id is neither the root nor a unit. */
  parent(id: string, code: string = 'ParentNotFoundException'): void {
    if (id !== this.organization.rootId && !this.organization.units.has(id)) {
      throw refusal(code, "We can't find a root or organizational unit with the id you specified.");
    }
  }
}

/** An operation by its name. */
export type OrgEntry = readonly [string, Operation];

export function orgOperation(name: string, kind: 'read' | 'write', handle: (org: OrgCall) => Output): OrgEntry {
  return [
    name,
    { readOnly: kind === 'read', category: 'management', handle: (call, input) => handle(new OrgCall(call, input)) },
  ];
}

export function refusal(code: string, message: string, reason?: string): AwsError {
  return new AwsError(code, message, 400, reason === undefined ? {} : { members: { Reason: reason } });
}

/** What an id of a root, unit, account or policy looks like as an ARN. */
export function arnOf(world: World, id: string): string {
  const { id: organization, policies } = world.organizations;
  if (id.startsWith('r-')) return organizationsArn(world, `root/${organization}/${id}`);
  if (id.startsWith('ou-')) return organizationsArn(world, `ou/${organization}/${id}`);
  if (id.startsWith('p-')) return policies.get(id)?.arn ?? organizationsArn(world, `policy/${organization}/${id}`);
  return organizationsArn(world, `account/${organization}/${id}`);
}
