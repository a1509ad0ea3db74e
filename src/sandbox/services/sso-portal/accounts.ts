/** What a person may reach: the accounts, and the permission sets in one of them. */

import { AwsError } from '../../core/aws-error.ts';
import { paginate } from '../../core/pagination.ts';
import type { Call, Input, WireResponse } from '../../core/service.ts';
import { accessOf } from '../identity-center/access.ts';
import { portalSession } from './session.ts';

export function listAccounts(call: Call, input: Input): WireResponse {
  const { world, time } = call;
  const { userId } = portalSession(call);
  const accounts = accessOf(world, userId, time.now()).map(({ account }) => {
    const known = world.organizations.accounts.get(account);
    return { accountId: account, accountName: known?.name, emailAddress: known?.email };
  });
  return answer('accountList', accounts, input);
}

export function listAccountRoles(call: Call, input: Input): WireResponse {
  const { world, time } = call;
  const { userId } = portalSession(call);
  const accountId = required(input, 'accountId');
  const access = accessOf(world, userId, time.now()).find(({ account }) => account === accountId);
  if (access === undefined) throw new AwsError('ForbiddenException', 'No access', 403);
  return answer(
    'roleList',
    access.permissionSets.map(({ name }) => ({ roleName: name, accountId })),
    input,
  );
}

export function required(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw invalidRequest(`${name} is missing`);
  return value;
}

function answer(member: string, items: readonly unknown[], input: Input): WireResponse {
  const { maxResults, nextToken } = input as { maxResults?: string; nextToken?: string };
  const size = maxResults === undefined ? 1000 : Number(maxResults);
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw invalidRequest('max_result is not between 1 and 1000');
  const page = paginate(items, size, nextToken, () => invalidRequest('next_token is not valid'));
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({
      [member]: page.items,
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    }),
  };
}

function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message, 400);
}
