import * as iam from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { stsService } from '../sts/service.ts';
import { createAccessKey, createManagedPolicy, createRole, createUser } from './build.ts';
import { iamService } from './service.ts';

const account = '222222222222';

function setUp(): { sandbox: TestSandbox; admin: iam.IAMClient } {
  const sandbox = makeSandbox({ services: [iamService, stsService] });
  return { sandbox, admin: sandbox.connect(iam.IAMClient, sandbox.issueKey({ account })) };
}

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const allowAll = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

function trusting(principal: object, action: string | string[] = 'sts:AssumeRole', condition?: object): string {
  return policy({ Effect: 'Allow', Principal: principal, Action: action, ...(condition && { Condition: condition }) });
}

const trustAccount = trusting({ AWS: account });

/** `<status> <code>: <message>` of a refusal. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { Code, name, message, $metadata } = error as Error & {
      Code?: string;
      $metadata: { httpStatusCode: number };
    };
    return `${$metadata.httpStatusCode} ${Code ?? name}: ${message}`;
  }
  return 'no refusal';
}

test('a role is created, read, changed, listed and deleted as the AWS provider does it', async () => {
  const { sandbox, admin } = setUp();
  const { Role: created } = await admin.send(
    new iam.CreateRoleCommand({
      RoleName: 'deploy',
      Path: '/ci/',
      AssumeRolePolicyDocument: trustAccount,
      Description: 'd',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'platform' }],
    }),
  );
  expect(created).toMatchObject({
    Arn: `arn:aws:iam::${account}:role/ci/deploy`,
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
  });
  const { Role: got } = await admin.send(new iam.GetRoleCommand({ RoleName: 'deploy' }));
  expect(got).toMatchObject({
    Path: '/ci/',
    Description: 'd',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'team', Value: 'platform' }],
    CreateDate: new Date('2026-11-21T09:00:00Z'),
  });
  expect(decodeURIComponent(got?.AssumeRolePolicyDocument ?? '')).toBe(trustAccount);
  await admin.send(new iam.PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'p', PolicyDocument: allowAll }));
  await admin.send(
    new iam.AttachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  );
  expect((await admin.send(new iam.ListRolePoliciesCommand({ RoleName: 'deploy' }))).PolicyNames).toEqual(['p']);
  expect((await admin.send(new iam.ListAttachedRolePoliciesCommand({ RoleName: 'deploy' }))).AttachedPolicies).toEqual([
    { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  ]);
  const inline = await admin.send(new iam.GetRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'p' }));
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(allowAll);
  const profiles = await admin.send(new iam.ListInstanceProfilesForRoleCommand({ RoleName: 'deploy' }));
  expect(profiles).toMatchObject({ InstanceProfiles: [], IsTruncated: false });
  const remove = (): Promise<unknown> => admin.send(new iam.DeleteRoleCommand({ RoleName: 'deploy' }));
  expect(await refusal(remove())).toBe('409 DeleteConflict: Cannot delete entity, must detach all policies first.');
  await admin.send(
    new iam.DetachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  );
  expect(await refusal(remove())).toBe('409 DeleteConflict: Cannot delete entity, must delete policies first.');
  await admin.send(new iam.DeleteRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'p' }));
  await remove();
  expect(await refusal(admin.send(new iam.GetRoleCommand({ RoleName: 'deploy' })))).toBe(
    '404 NoSuchEntity: The role with name deploy cannot be found.',
  );
  expect(sandbox.problems).toEqual([]);
});

test('names are taken without regard to case', async () => {
  const { admin } = setUp();
  await admin.send(new iam.CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trustAccount }));
  const again = admin.send(new iam.CreateRoleCommand({ RoleName: 'Deploy', AssumeRolePolicyDocument: trustAccount }));
  expect(await refusal(again)).toBe('409 EntityAlreadyExists: Role with name Deploy already exists.');
});

test('each operation asks for its own permission on its own resource', async () => {
  const { sandbox } = setUp();
  const { world, time } = sandbox;
  createUser(world, account, {
    name: 'bob',
    createdAt: 0,
    inline: {
      p: policy({
        Effect: 'Allow',
        Action: ['iam:Get*', 'iam:CreateRole'],
        Resource: `arn:aws:iam::${account}:role/app/*`,
      }),
    },
  });
  const bob = sandbox.connect(iam.IAMClient, createAccessKey(world, account, 'bob', time));
  const create = (Path: string): Promise<unknown> =>
    bob.send(new iam.CreateRoleCommand({ RoleName: 'r', Path, AssumeRolePolicyDocument: trustAccount }));
  expect(await refusal(create('/'))).toBe(
    `403 AccessDenied: User: arn:aws:iam::${account}:user/bob is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::${account}:role/r because no identity-based policy allows the iam:CreateRole action`,
  );
  expect(await refusal(create('/app/'))).toBe('no refusal');
  expect(await refusal(bob.send(new iam.GetRoleCommand({ RoleName: 'r' })))).toBe('no refusal');
  expect(await refusal(bob.send(new iam.DeleteRoleCommand({ RoleName: 'r' })))).toMatch(
    /^403 AccessDenied: .*iam:DeleteRole/,
  );
  expect(await refusal(bob.send(new iam.GetUserCommand({})))).toMatch(
    /^403 AccessDenied: .*iam:GetUser on resource: .*user\/bob/,
  );
});

test('a boundary can be demanded, and bounds', async () => {
  const { sandbox } = setUp();
  const { world, time } = sandbox;
  const { arn } = createManagedPolicy(world, account, {
    name: 'guard',
    text: policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    createdAt: 0,
  });
  createUser(world, account, {
    name: 'dev',
    createdAt: 0,
    inline: {
      p: policy({
        Effect: 'Allow',
        Action: 'iam:*',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PermissionsBoundary': arn } },
      }),
    },
  });
  const dev = sandbox.connect(iam.IAMClient, createAccessKey(world, account, 'dev', time));
  const create = (PermissionsBoundary?: string): Promise<unknown> =>
    dev.send(new iam.CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: trustAccount, PermissionsBoundary }));
  expect(await refusal(create())).toMatch(/^403 AccessDenied/);
  expect(await refusal(create(arn))).toBe('no refusal');
  const { Role: role } = await sandbox
    .connect(iam.IAMClient, sandbox.issueKey({ account }))
    .send(new iam.GetRoleCommand({ RoleName: 'r' }));
  expect(role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(arn);
});

test('trust policies: principals must exist, and are remembered by their unique id', async () => {
  const { sandbox, admin } = setUp();
  const { world, time } = sandbox;
  const bobArn = `arn:aws:iam::${account}:user/bob`;
  const create = (name: string, trust: string): Promise<unknown> =>
    admin.send(new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  expect(await refusal(create('r', trusting({ AWS: bobArn })))).toBe(
    `400 MalformedPolicyDocument: Invalid principal in policy: "AWS":"${bobArn}"`,
  );
  const bob = createUser(world, account, { name: 'bob', createdAt: 0 });
  await create('r', trusting({ AWS: bobArn }));
  const principal = async (): Promise<unknown> => {
    const { Role: role } = await admin.send(new iam.GetRoleCommand({ RoleName: 'r' }));
    return JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).Statement[0].Principal;
  };
  await admin.send(new iam.UpdateUserCommand({ UserName: 'bob', NewPath: '/people/' }));
  expect(await principal()).toEqual({ AWS: `arn:aws:iam::${account}:user/people/bob` });
  await admin.send(new iam.UpdateUserCommand({ UserName: 'bob', NewPath: '/' }));
  expect(await principal()).toEqual({ AWS: bobArn });
  const assume = (key: ReturnType<typeof createAccessKey>): Promise<unknown> =>
    sandbox
      .connect(STSClient, key)
      .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/r`, RoleSessionName: 'session' }));
  expect(await refusal(assume(createAccessKey(world, account, 'bob', time)))).toBe('no refusal');
  createUser(world, account, { name: 'bob', createdAt: 1 });
  expect(await refusal(assume(createAccessKey(world, account, 'bob', time)))).toMatch(/^403 AccessDenied/);
  expect(await principal()).toEqual({ AWS: bob.id });
  const stranger = trusting({ AWS: 'arn:aws:iam::999999999999:role/vendor' });
  expect(await refusal(create('vendor', stranger))).toBe('no refusal');
});

test('a shared issuer must be told apart, when a role is made and when its trust is changed', async () => {
  const { admin } = setUp();
  const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const trust = (condition?: object): string =>
    trusting({ Federated: provider }, 'sts:AssumeRoleWithWebIdentity', condition);
  const key = 'token.actions.githubusercontent.com';
  const create = (document: string): Promise<unknown> =>
    admin.send(new iam.CreateRoleCommand({ RoleName: 'ci', AssumeRolePolicyDocument: document }));
  for (const condition of [
    undefined,
    { StringEquals: { [`${key}:aud`]: 'sts.amazonaws.com' } },
    { StringLike: { [`${key}:sub`]: '*' } },
  ]) {
    expect(await refusal(create(trust(condition)))).toMatch(/^400 MalformedPolicyDocument: .*must evaluate .*:sub/);
  }
  expect(await refusal(create(trust({ StringLike: { [`${key}:sub`]: 'repo:acme/*' } })))).toBe('no refusal');
  const update = admin.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName: 'ci', PolicyDocument: trust() }));
  expect(await refusal(update)).toMatch(/^400 MalformedPolicyDocument/);
  const pulumi = trusting(
    { Federated: `arn:aws:iam::${account}:oidc-provider/api.pulumi.com/oidc` },
    'sts:AssumeRoleWithWebIdentity',
    {
      StringEquals: { 'api.pulumi.com/oidc:aud': 'aws:acme' },
    },
  );
  const other = admin.send(new iam.CreateRoleCommand({ RoleName: 'pulumi', AssumeRolePolicyDocument: pulumi }));
  expect(await refusal(other)).toBe('no refusal');
});

test('roles of Identity Center and service-linked roles cannot be changed', async () => {
  const { sandbox, admin } = setUp();
  createRole(sandbox.world, account, {
    name: 'AWSReservedSSO_Admin_0123456789abcdef',
    path: '/aws-reserved/sso.amazonaws.com/',
    trust: trustAccount,
    createdAt: 0,
    reservedFor: 'sso.amazonaws.com',
  });
  await admin.send(new iam.CreateServiceLinkedRoleCommand({ AWSServiceName: 'sso.amazonaws.com' }));
  for (const RoleName of ['AWSReservedSSO_Admin_0123456789abcdef', 'AWSServiceRoleForSSO']) {
    for (const command of [
      new iam.DeleteRoleCommand({ RoleName }),
      new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowAll }),
      new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustAccount }),
      new iam.AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    ]) {
      expect(await refusal(admin.send(command as iam.DeleteRoleCommand))).toBe(
        `400 UnmodifiableEntity: Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
      );
    }
    expect((await admin.send(new iam.GetRoleCommand({ RoleName }))).Role?.RoleName).toBe(RoleName);
  }
});

test('access keys: two per user, used, switched off, deleted', async () => {
  const { sandbox, admin } = setUp();
  await admin.send(new iam.CreateUserCommand({ UserName: 'deployment' }));
  const { AccessKey: first } = await admin.send(new iam.CreateAccessKeyCommand({ UserName: 'deployment' }));
  await admin.send(new iam.CreateAccessKeyCommand({ UserName: 'deployment' }));
  expect(await refusal(admin.send(new iam.CreateAccessKeyCommand({ UserName: 'deployment' })))).toBe(
    '409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
  );
  const id = first?.AccessKeyId as string;
  const issued = sandbox.world.keys.find(id);
  expect(issued?.secretAccessKey.reveal()).toBe(first?.SecretAccessKey);
  expect(await admin.send(new iam.GetAccessKeyLastUsedCommand({ AccessKeyId: id }))).toMatchObject({
    AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
  });
  const identity = (): Promise<unknown> => sandbox.connect(STSClient, issued).send(new GetCallerIdentityCommand({}));
  expect(await refusal(identity())).toBe('no refusal');
  expect(await admin.send(new iam.GetAccessKeyLastUsedCommand({ AccessKeyId: id }))).toMatchObject({
    UserName: 'deployment',
    AccessKeyLastUsed: { ServiceName: 'sts', Region: 'eu-west-1', LastUsedDate: new Date('2026-11-21T09:00:00Z') },
  });
  const set = (Status: 'Active' | 'Inactive'): Promise<unknown> =>
    admin.send(new iam.UpdateAccessKeyCommand({ UserName: 'deployment', AccessKeyId: id, Status }));
  await set('Inactive');
  expect(await refusal(identity())).toMatch(/^403 InvalidClientTokenId/);
  await set('Active');
  expect(await refusal(identity())).toBe('no refusal');
  expect(await refusal(admin.send(new iam.DeleteUserCommand({ UserName: 'deployment' })))).toMatch(
    /^409 DeleteConflict/,
  );
  await admin.send(new iam.DeleteAccessKeyCommand({ UserName: 'deployment', AccessKeyId: id }));
  expect(await refusal(identity())).toMatch(/^403 InvalidClientTokenId/);
  const { AccessKeyMetadata: left } = await admin.send(new iam.ListAccessKeysCommand({ UserName: 'deployment' }));
  expect(left).toHaveLength(1);
});

test('managed policies: five versions, a default, none deleted while in use', async () => {
  const { admin } = setUp();
  const { Policy: made } = await admin.send(new iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: allowAll }));
  const PolicyArn = made?.Arn as string;
  const version = (SetAsDefault: boolean): Promise<iam.CreatePolicyVersionCommandOutput> =>
    admin.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowAll, SetAsDefault }));
  for (const asDefault of [false, false, false, true]) await version(asDefault);
  expect(await refusal(version(false))).toMatch(/^409 LimitExceeded: A managed policy can have up to 5 versions/);
  expect((await admin.send(new iam.GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe('v5');
  const drop = (VersionId: string): Promise<unknown> =>
    admin.send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  expect(await refusal(drop('v5'))).toBe('409 DeleteConflict: Cannot delete the default version of a policy.');
  await admin.send(new iam.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  await drop('v5');
  expect((await version(false)).PolicyVersion?.VersionId).toBe('v6');
  expect(
    (await admin.send(new iam.ListPolicyVersionsCommand({ PolicyArn }))).Versions?.map((v) => v.VersionId),
  ).toEqual(['v6', 'v4', 'v3', 'v2', 'v1']);
  await admin.send(new iam.CreateUserCommand({ UserName: 'u' }));
  await admin.send(new iam.AttachUserPolicyCommand({ UserName: 'u', PolicyArn }));
  const remove = (): Promise<unknown> => admin.send(new iam.DeletePolicyCommand({ PolicyArn }));
  expect(await refusal(remove())).toBe('409 DeleteConflict: Cannot delete a policy attached to entities.');
  expect(await admin.send(new iam.ListEntitiesForPolicyCommand({ PolicyArn }))).toMatchObject({
    PolicyUsers: [{ UserName: 'u' }],
    PolicyRoles: [],
  });
  await admin.send(new iam.DetachUserPolicyCommand({ UserName: 'u', PolicyArn }));
  expect(await refusal(remove())).toMatch(/^409 DeleteConflict: This policy has more than one version/);
  for (const id of ['v2', 'v3', 'v4', 'v6']) await drop(id);
  await remove();
  expect(await refusal(admin.send(new iam.GetPolicyCommand({ PolicyArn })))).toBe(
    `404 NoSuchEntity: Policy ${PolicyArn} was not found.`,
  );
});

test('documents that do not read, or are too long, are refused', async () => {
  const { admin } = setUp();
  await admin.send(new iam.CreateUserCommand({ UserName: 'u' }));
  const put = (PolicyDocument: string): Promise<unknown> =>
    admin.send(new iam.PutUserPolicyCommand({ UserName: 'u', PolicyName: 'p', PolicyDocument }));
  const long = (size: number): string =>
    policy({ Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${'x'.repeat(size)}` });
  expect(await refusal(put('{'))).toBe('400 MalformedPolicyDocument: Syntax errors in policy.');
  expect(await refusal(put(long(2048)))).toBe(
    '409 LimitExceeded: Maximum policy size of 2048 bytes exceeded for user u',
  );
  const create = admin.send(new iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: long(6144) }));
  expect(await refusal(create)).toBe('409 LimitExceeded: Cannot exceed quota for PolicySize: 6144');
  const trust = policy({
    Sid: 'x'.repeat(2048),
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: 'sts:AssumeRole',
  });
  const role = admin.send(new iam.CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: trust }));
  expect(await refusal(role)).toBe('409 LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048');
  const name = admin.send(new iam.CreateUserCommand({ UserName: 'a b' }));
  expect(await refusal(name)).toMatch(/^400 ValidationError: 1 validation error detected: Value 'a b' at 'userName'/);
});

test('OIDC providers', async () => {
  const { admin } = setUp();
  const create = (Url: string): Promise<iam.CreateOpenIDConnectProviderCommandOutput> =>
    admin.send(new iam.CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['sts.amazonaws.com'] }));
  for (const bad of [
    'http://a.example',
    'https://a.example:8443',
    'https://a.example/?x=1',
    'a.example',
    'https://u@a.example',
  ]) {
    expect(await refusal(create(bad))).toMatch(/^400 InvalidInput/);
  }
  const { OpenIDConnectProviderArn: arn } = await create('https://app.terraform.io');
  expect(arn).toBe(`arn:aws:iam::${account}:oidc-provider/app.terraform.io`);
  expect(await refusal(create('https://app.terraform.io'))).toBe(
    '409 EntityAlreadyExists: Provider with url https://app.terraform.io already exists.',
  );
  await admin.send(
    new iam.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn, ClientID: 'other' }),
  );
  await admin.send(
    new iam.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn, Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  expect(await admin.send(new iam.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))).toMatchObject({
    Url: 'app.terraform.io',
    ClientIDList: ['sts.amazonaws.com', 'other'],
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  await admin.send(new iam.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  expect(await refusal(admin.send(new iam.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })))).toMatch(
    /^404 NoSuchEntity/,
  );
});

test('lists come in pages', async () => {
  const { sandbox, admin } = setUp();
  for (let i = 0; i < 5; i++) createUser(sandbox.world, account, { name: `u${i}`, createdAt: 0 });
  const names: (string | undefined)[] = [];
  for await (const page of iam.paginateListUsers({ client: admin, pageSize: 2 }, {})) {
    names.push(...(page.Users ?? []).map((user) => user.UserName));
  }
  expect(names).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  expect(await refusal(admin.send(new iam.ListUsersCommand({ Marker: 'nonsense' })))).toBe(
    '400 ValidationError: Invalid Marker.',
  );
});

test('the credential report is made, then handed out', async () => {
  const { sandbox, admin } = setUp();
  const { world, time } = sandbox;
  createUser(world, account, { name: 'deployment', createdAt: time.now() });
  const key = createAccessKey(world, account, 'deployment', time);
  await sandbox.connect(STSClient, key).send(new GetCallerIdentityCommand({}));
  expect(await refusal(admin.send(new iam.GetCredentialReportCommand({})))).toMatch(/^410 ReportNotPresent/);
  expect((await admin.send(new iam.GenerateCredentialReportCommand({}))).State).toBe('STARTED');
  expect((await admin.send(new iam.GenerateCredentialReportCommand({}))).State).toBe('COMPLETE');
  const { Content: content } = await admin.send(new iam.GetCredentialReportCommand({}));
  const [header = '', root = '', user = ''] = Buffer.from(content ?? [])
    .toString()
    .split('\n');
  expect(root).toMatch(/^<root_account>,/);
  expect(header.split(',')).toHaveLength(22);
  expect(user.split(',')).toHaveLength(22);
  expect(user).toContain(',true,2026-11-21T09:00:00+00:00,2026-11-21T09:00:00+00:00,eu-west-1,sts,false,N/A');
});

test('account details, summary and the simulator agree with what there is', async () => {
  const { sandbox, admin } = setUp();
  const { world } = sandbox;
  const s3Read = policy({
    Effect: 'Allow',
    Action: 's3:Get*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  });
  createRole(world, account, {
    name: 'r',
    trust: trustAccount,
    createdAt: 0,
    inline: { read: s3Read },
    attached: ['arn:aws:iam::aws:policy/ViewOnlyAccess'],
  });
  createUser(world, account, { name: 'u', createdAt: 0, attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  const details = await admin.send(new iam.GetAccountAuthorizationDetailsCommand({}));
  expect(details.RoleDetailList).toMatchObject([{ RoleName: 'r', RolePolicyList: [{ PolicyName: 'read' }] }]);
  expect(details.UserDetailList).toMatchObject([
    { UserName: 'u', AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess' }] },
  ]);
  expect(details.Policies).toMatchObject([{ PolicyName: 'AdministratorAccess', AttachmentCount: 1 }]);
  expect((await admin.send(new iam.GetAccountSummaryCommand({}))).SummaryMap).toMatchObject({
    Roles: 1,
    Users: 1,
    Policies: 0,
  });
  const simulate = async (ContextKeyValues: string[]): Promise<iam.EvaluationResult[] | undefined> =>
    (
      await admin.send(
        new iam.SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${account}:role/r`,
          ActionNames: ['s3:GetObject', 's3:PutObject'],
          ResourceArns: ['arn:aws:s3:::b/k'],
          ContextEntries: [{ ContextKeyName: 'aws:SecureTransport', ContextKeyType: 'boolean', ContextKeyValues }],
        }),
      )
    ).EvaluationResults;
  expect(await simulate(['true'])).toMatchObject([
    { EvalActionName: 's3:GetObject', EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'inline:read' }] },
    { EvalActionName: 's3:PutObject', EvalDecision: 'implicitDeny' },
  ]);
  expect(await simulate(['false'])).toMatchObject([{ EvalDecision: 'implicitDeny' }, { EvalDecision: 'implicitDeny' }]);
});
