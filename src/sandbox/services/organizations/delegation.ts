/** Which services may act in the accounts, and which accounts administer one of them. */
import type { Output } from '../../core/service.ts';
import { arnOf, type OrgCall, type OrgEntry, orgOperation, refusal } from './org-call.ts';
import { accountShape } from './tree.ts';

function listServices(org: OrgCall): Output {
  org.enter('read');
  const page = org.input.page([...org.organization.trustedServices], 20);
  return {
    EnabledServicePrincipals: page.items.map(([principal, at]) => ({
      ServicePrincipal: principal,
      DateEnabled: new Date(at),
    })),
    NextToken: page.nextToken,
  };
}

function enableService(org: OrgCall): Output {
  org.enter('write');
  const { trustedServices } = org.organization;
  const principal = readPrincipal(org);
  if (!trustedServices.has(principal)) trustedServices.set(principal, org.now);
  return undefined;
}

function disableService(org: OrgCall): Output {
  org.enter('write');
  org.organization.trustedServices.delete(readPrincipal(org));
  return undefined;
}

function registerAdministrator(org: OrgCall): Output {
  const { organization, now } = org;
  const { account, principal } = readDelegation(org, 'write');
  if (account === organization.managementAccount) {
    throw refusal(
      'ConstraintViolationException',
      'You cannot register the management account as a delegated administrator.',
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
    );
  }
  if (!organization.trustedServices.has(principal)) {
    throw refusal(
      'ConstraintViolationException',
      `Trusted access is not enabled for ${principal}.`,
      'SERVICE_ACCESS_NOT_ENABLED',
    );
  }
  const known = organization.delegatedAdministrators.get(principal) ?? new Set();
  if (known.has(account)) {
    throw refusal('AccountAlreadyRegisteredException', 'The account is already a delegated administrator.');
  }
  organization.delegatedAdministrators.set(principal, known.add(account));
  organization.delegatedAt.set(`${principal}|${account}`, now);
  return undefined;
}

function deregisterAdministrator(org: OrgCall): Output {
  const { account, principal } = readDelegation(org, 'write');
  if (org.organization.delegatedAdministrators.get(principal)?.delete(account) !== true) {
    throw refusal('AccountNotRegisteredException', 'The account is not a delegated administrator of this service.');
  }
  org.organization.delegatedAt.delete(`${principal}|${account}`);
  return undefined;
}

function listAdministrators(org: OrgCall): Output {
  org.enter('read');
  const { delegatedAdministrators, delegatedAt } = org.organization;
  const wanted = org.input.optionalString('ServicePrincipal');
  const since = new Map<string, number>();
  for (const [principal, accounts] of delegatedAdministrators) {
    if (wanted !== undefined && wanted !== principal) continue;
    for (const account of accounts) {
      const at = delegatedAt.get(`${principal}|${account}`) ?? org.account(account).joinedAt;
      since.set(account, Math.min(at, since.get(account) ?? at));
    }
  }
  const page = org.input.page([...since], 20);
  return {
    DelegatedAdministrators: page.items.map(([account, at]) => ({
      ...accountShape(org.account(account)),
      DelegationEnabledDate: new Date(at),
    })),
    NextToken: page.nextToken,
  };
}

function listDelegatedServices(org: OrgCall): Output {
  const { organization } = org;
  const account = org.input.string('AccountId', { pattern: /\d{12}/ });
  org.enter('read', arnOf(org.world, account));
  const { joinedAt } = org.account(account);
  const services = [...organization.delegatedAdministrators].filter(([, accounts]) => accounts.has(account));
  if (services.length === 0) {
    throw refusal('AccountNotRegisteredException', 'The account is not a delegated administrator.');
  }
  const page = org.input.page(services, 20);
  return {
    DelegatedServices: page.items.map(([principal]) => ({
      ServicePrincipal: principal,
      DelegationEnabledDate: new Date(organization.delegatedAt.get(`${principal}|${account}`) ?? joinedAt),
    })),
    NextToken: page.nextToken,
  };
}

export const delegationOperations: readonly OrgEntry[] = [
  orgOperation('ListAWSServiceAccessForOrganization', 'read', listServices),
  orgOperation('EnableAWSServiceAccess', 'write', enableService),
  orgOperation('DisableAWSServiceAccess', 'write', disableService),
  orgOperation('RegisterDelegatedAdministrator', 'write', registerAdministrator),
  orgOperation('DeregisterDelegatedAdministrator', 'write', deregisterAdministrator),
  orgOperation('ListDelegatedAdministrators', 'read', listAdministrators),
  orgOperation('ListDelegatedServicesForAccount', 'read', listDelegatedServices),
];

function readPrincipal({ input }: OrgCall): string {
  return input.string('ServicePrincipal', { min: 1, max: 128, pattern: /[\w+=,.@-]*/ });
}

function readDelegation(org: OrgCall, access: 'write'): { readonly account: string; readonly principal: string } {
  const account = org.input.string('AccountId', { pattern: /\d{12}/ });
  org.enter(access, arnOf(org.world, account));
  return { account: org.account(account).id, principal: readPrincipal(org) };
}
