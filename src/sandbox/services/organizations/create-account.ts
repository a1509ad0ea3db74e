/** CreateAccount: asynchronous, with the role that the management account gets in the new account. */
import type { Output } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { iamArn } from '../iam/accounts.ts';
import { createRole } from '../iam/build.ts';
import { addAccount } from './build.ts';
import { type OrgCall, type OrgEntry, orgOperation, refusal } from './org-call.ts';
import type { AccountRequest } from './state.ts';
import { readTags } from './tags.ts';

/** AWS seconds until a request is over. */
const creationSeconds = 2;

function createAccount(org: OrgCall): Output {
  const { input, world, organization, now, call } = org;
  org.enter('write');
  const email = input.string('Email', { min: 6, max: 64, pattern: /[^\s@]+@[^\s@]+\.[^\s@]+/ });
  const name = input.string('AccountName', { min: 1, max: 50 });
  const roleName = input.optionalString('RoleName', { max: 64, pattern: /[\w+=,.@-]{1,64}/ });
  const tags = input.has('Tags') ? readTags(org) : [];
  const taken = [...organization.accounts.values()].some((account) => account.email === email);
  const accountId = taken ? undefined : newAccountId(world);
  if (accountId !== undefined) {
    addAccount(world, { id: accountId, name, email, at: now }).tags = tags;
    createRole(world, accountId, {
      name: roleName ?? 'OrganizationAccountAccessRole',
      createdAt: now,
      attached: [`arn:${world.partition}:iam::aws:policy/AdministratorAccess`],
      trust: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: iamArn(world, organization.managementAccount, 'root') },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    });
  }
  const request: AccountRequest = {
    id: `car-${world.ids.hex(32)}`,
    accountName: name,
    requestedAt: now,
    endsAt: now + call.time.lifetime(creationSeconds),
    accountId,
    failureReason: taken ? 'EMAIL_ALREADY_EXISTS' : undefined,
  };
  organization.accountRequests.set(request.id, request);
  return { CreateAccountStatus: shape(org, request) };
}

function describeStatus(org: OrgCall): Output {
  org.enter('read');
  const request = org.organization.accountRequests.get(org.input.string('CreateAccountRequestId'));
  if (request === undefined) {
    throw refusal(
      'CreateAccountStatusNotFoundException',
      "We can't find a create account request with the id you specified.",
    );
  }
  return { CreateAccountStatus: shape(org, request) };
}

export const accountOperations: readonly OrgEntry[] = [
  orgOperation('CreateAccount', 'write', createAccount),
  orgOperation('DescribeCreateAccountStatus', 'read', describeStatus),
];

function shape({ now }: OrgCall, request: AccountRequest): Readonly<Record<string, unknown>> {
  const common = {
    Id: request.id,
    AccountName: request.accountName,
    RequestedTimestamp: new Date(request.requestedAt),
  };
  if (now < request.endsAt) return { ...common, State: 'IN_PROGRESS' };
  const over = { ...common, CompletedTimestamp: new Date(request.endsAt) };
  return request.failureReason === undefined
    ? { ...over, State: 'SUCCEEDED', AccountId: request.accountId }
    : { ...over, State: 'FAILED', FailureReason: request.failureReason };
}

function newAccountId(world: World): string {
  for (;;) {
    const digits = String(100_000_000_000 + (Number.parseInt(world.ids.hex(10), 16) % 900_000_000_000));
    if (!world.organizations.accounts.has(digits)) return digits;
  }
}
