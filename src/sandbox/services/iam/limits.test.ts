import * as iam from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { recordCall } from '../cloudtrail/record.ts';
import { stsService } from '../sts/service.ts';
import { createAccessKey, createManagedPolicy, createRole, createUser } from './build.ts';
import { iamService } from './service.ts';

const account = '222222222222';
const allowAll = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"sts:AssumeRole"}]}`;
const tags = (count: number): iam.Tag[] => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));

function setUp(): { sandbox: TestSandbox; admin: iam.IAMClient } {
  const sandbox = makeSandbox({ services: [iamService, stsService], record: recordCall });
  const { world } = sandbox;
  createUser(world, account, { name: 'u', createdAt: 0 });
  createRole(world, account, { name: 'r', trust, createdAt: 0 });
  for (let i = 0; i < 11; i++) createManagedPolicy(world, account, { name: `p${i}`, text: allowAll, createdAt: 0 });
  return { sandbox, admin: sandbox.connect(iam.IAMClient, sandbox.issueKey({ account })) };
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'no refusal',
    (error: Error & { Code?: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.Code ?? error.name}: ${error.message}`,
  );
}

type Send = (admin: iam.IAMClient) => Promise<unknown>;

const outOfBounds: readonly (readonly [string, Send, RegExp])[] = [
  [
    'a role name of 65 characters',
    (admin) => admin.send(new iam.CreateRoleCommand({ RoleName: 'x'.repeat(65), AssumeRolePolicyDocument: trust })),
    /^400 ValidationError: .*'roleName'.*less than or equal to 64/,
  ],
  [
    'a policy name of 129 characters',
    (admin) => admin.send(new iam.CreatePolicyCommand({ PolicyName: 'x'.repeat(129), PolicyDocument: allowAll })),
    /^400 ValidationError: .*less than or equal to 128/,
  ],
  [
    'a path without its last slash',
    (admin) => admin.send(new iam.CreateUserCommand({ UserName: 'v', Path: '/team' })),
    /^400 ValidationError: .*'path'/,
  ],
  [
    'a session of 13 hours',
    (admin) => admin.send(new iam.UpdateRoleCommand({ RoleName: 'r', MaxSessionDuration: 46_800 })),
    /^400 ValidationError: .*'maxSessionDuration'.*less than or equal to 43200/,
  ],
  [
    '51 tags',
    (admin) => admin.send(new iam.CreateUserCommand({ UserName: 'v', Tags: tags(51) })),
    /^409 LimitExceeded/,
  ],
  [
    'the 51st tag',
    async (admin) => {
      await admin.send(new iam.TagRoleCommand({ RoleName: 'r', Tags: tags(50) }));
      await admin.send(new iam.TagRoleCommand({ RoleName: 'r', Tags: [{ Key: 'one more', Value: '' }] }));
    },
    /^409 LimitExceeded/,
  ],
  [
    'two tags of one name',
    (admin) =>
      admin.send(
        new iam.TagUserCommand({
          UserName: 'u',
          Tags: [
            { Key: 'a', Value: '' },
            { Key: 'A', Value: '' },
          ],
        }),
      ),
    /^400 InvalidInput: Duplicate tag keys/,
  ],
  [
    'an eleventh attached policy',
    async (admin) => {
      for (let i = 0; i < 11; i++) {
        await admin.send(
          new iam.AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: `arn:aws:iam::${account}:policy/p${i}` }),
        );
      }
    },
    /^409 LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10$/,
  ],
  [
    'inline policies that are too long together',
    async (admin) => {
      const text = allowAll.replace('"Resource":"*"', `"Resource":"arn:aws:s3:::${'x'.repeat(1000)}"`);
      for (const PolicyName of ['a', 'b']) {
        await admin.send(new iam.PutUserPolicyCommand({ UserName: 'u', PolicyName, PolicyDocument: text }));
      }
    },
    /^409 LimitExceeded: Maximum policy size of 2048 bytes exceeded for user u$/,
  ],
  [
    '101 client ids',
    (admin) =>
      admin.send(
        new iam.CreateOpenIDConnectProviderCommand({
          Url: 'https://ci.example.com',
          ClientIDList: Array.from({ length: 101 }, (_, i) => `c${i}`),
        }),
      ),
    /^409 LimitExceeded/,
  ],
  [
    'six thumbprints',
    (admin) =>
      admin.send(
        new iam.CreateOpenIDConnectProviderCommand({
          Url: 'https://ci.example.com',
          ThumbprintList: new Array(6).fill('0'.repeat(40)),
        }),
      ),
    /^400 InvalidInput/,
  ],
  [
    "a policy that is somebody's boundary is deleted",
    async (admin) => {
      const arn = `arn:aws:iam::${account}:policy/p0`;
      await admin.send(new iam.PutUserPermissionsBoundaryCommand({ UserName: 'u', PermissionsBoundary: arn }));
      await admin.send(new iam.DeletePolicyCommand({ PolicyArn: arn }));
    },
    /^409 DeleteConflict: Cannot delete a policy attached to entities\.$/,
  ],
  [
    'a policy of AWS is changed',
    (admin) =>
      admin.send(
        new iam.CreatePolicyVersionCommand({
          PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
          PolicyDocument: allowAll,
        }),
      ),
    /^403 AccessDenied/,
  ],
  [
    'a policy of AWS that the sandbox does not have',
    (admin) =>
      admin.send(new iam.AttachUserPolicyCommand({ UserName: 'u', PolicyArn: 'arn:aws:iam::aws:policy/Nothing' })),
    /^404 NoSuchEntity: .*The sandbox has a part of AWS's policies only/,
  ],
];

test.each(outOfBounds)('refuses %s', async (_title, send, expected) => {
  const { sandbox, admin } = setUp();
  expect(await refusal(send(admin))).toMatch(expected);
  expect(sandbox.problems).toEqual([]);
});

test('tags are added, changed and taken away', async () => {
  const { admin } = setUp();
  const PolicyArn = `arn:aws:iam::${account}:policy/p0`;
  const added = [
    { Key: 'team', Value: 'a' },
    { Key: 'tier', Value: '1' },
  ];
  await admin.send(new iam.TagRoleCommand({ RoleName: 'r', Tags: added }));
  await admin.send(new iam.TagRoleCommand({ RoleName: 'r', Tags: [{ Key: 'Team', Value: 'b' }] }));
  await admin.send(new iam.UntagRoleCommand({ RoleName: 'r', TagKeys: ['tier'] }));
  expect((await admin.send(new iam.ListRoleTagsCommand({ RoleName: 'r' }))).Tags).toEqual([
    { Key: 'Team', Value: 'b' },
  ]);
  await admin.send(new iam.TagUserCommand({ UserName: 'u', Tags: added }));
  expect((await admin.send(new iam.ListUserTagsCommand({ UserName: 'u' }))).Tags).toEqual(added);
  await admin.send(new iam.TagPolicyCommand({ PolicyArn, Tags: added }));
  await admin.send(new iam.UntagPolicyCommand({ PolicyArn, TagKeys: ['team', 'tier'] }));
  expect((await admin.send(new iam.ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual([]);
});

test('service last accessed details are what CloudTrail recorded', async () => {
  const { sandbox, admin } = setUp();
  const key = createAccessKey(sandbox.world, account, 'u', sandbox.time);
  const Arn = `arn:aws:iam::${account}:user/u`;
  const services = async (): Promise<(string | undefined)[]> => {
    const { JobId } = await admin.send(new iam.GenerateServiceLastAccessedDetailsCommand({ Arn }));
    const details = await admin.send(new iam.GetServiceLastAccessedDetailsCommand({ JobId }));
    return details.ServicesLastAccessed?.map((service) => service.ServiceNamespace) ?? [];
  };
  expect(await services()).toEqual([]);
  await sandbox.connect(STSClient, key).send(new GetCallerIdentityCommand({}));
  expect(await services()).toEqual(['sts']);
});
