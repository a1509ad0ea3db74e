import * as identityStore from '@aws-sdk/client-identitystore';
import { ListUsersCommand } from '@aws-sdk/client-identitystore';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/sandbox/core/aws-error.ts';
import type { Output, Service } from '../../src/sandbox/core/service.ts';
import { identityStoreService } from '../../src/sandbox/services/identitystore/service.ts';
import { withCheckedShapes } from './response-shapes.ts';
import { makeSandbox } from './sandbox-client.ts';

/** What is said of an identity store whose ListUsers answers like this. */
async function complaints(handle: () => Output): Promise<string> {
  const service: Service = {
    ...identityStoreService,
    operations: new Map([['ListUsers', { readOnly: true, category: 'management', auth: 'none', handle }]]),
  };
  const sandbox = makeSandbox({ services: [withCheckedShapes(service, identityStore)] });
  const store = sandbox.connect(identityStore.IdentitystoreClient);
  await store.send(new ListUsersCommand({ IdentityStoreId: 'd-1' })).catch(() => undefined);
  return sandbox.problems.map(({ error }) => (error as Error).message).join('\n');
}

const user = { UserId: 'u', IdentityStoreId: 'd' };

test.each<[string, () => Output, string]>([
  ['what fits', () => ({ Users: [{ ...user, CreatedAt: new Date(0), Emails: [{ Primary: true }] }] }), ''],
  ['an unknown member', () => ({ Users: [{ ...user, Nickname: 'x' }] }), 'ListUsers.Users[0] has no member Nickname'],
  [
    'another type',
    () => ({ Users: [{ ...user, UserName: 7 }] }),
    'ListUsers.Users[0].UserName is 7, which is not of type 0',
  ],
  [
    'a required member that is missing',
    () => ({ Users: [{ UserId: 'u' }] }),
    'ListUsers.Users[0].IdentityStoreId is missing',
  ],
  ['no list', () => ({ Users: {} }), 'ListUsers.Users is no list'],
  [
    'an error of another service',
    () => {
      throw new AwsError('NoSuchBucket', 'x');
    },
    'ListUsers: the SDK does not know the error NoSuchBucket',
  ],
  [
    'a member that the error does not have',
    () => {
      throw new AwsError('ConflictException', 'x', 400, { members: { Why: 'x' } });
    },
    'ListUsers: ConflictException has no member Why',
  ],
])('%s', async (_, handle, expected) => {
  expect(await complaints(handle)).toBe(expected);
});
