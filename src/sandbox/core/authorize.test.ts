import { describe, expect, it } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../test/support/sandbox-client.ts';
import { evaluate } from '../../aws/policy/evaluate.ts';
import type { AccessRequest, NamedPolicy, PolicySet } from '../../aws/policy/request.ts';
import { createManagedPolicy, createRole, createUser } from '../services/iam/build.ts';
import { readPolicy } from '../services/iam/policy-text.ts';
import { attachPolicy, createPolicy, createUnit, enablePolicyType } from '../services/organizations/build.ts';
import { issueRoleSession } from '../services/sts/issue-session.ts';
import { decideAccess } from './authorize.ts';
import type { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';
import type { AuthorizationCheck, Call, Service } from './service.ts';

const account = '222222222222';
const allow = (action: string, more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*', ...more }] });
const deny = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });
const policy = (text: string, kind: Parameters<typeof readPolicy>[2] = 'identity'): NamedPolicy =>
  readPolicy('test', text, kind).parsed;

const iam: Service = {
  id: 'iam',
  eventSource: 'iam.amazonaws.com',
  protocol: 'query',
  signingNames: ['iam'],
  hostPrefixes: ['iam'],
  accessDenied: { code: 'AccessDenied', status: 403 },
  operations: new Map(),
};

interface Asked {
  readonly denial: AwsError | undefined;
  readonly request: AccessRequest;
  readonly policies: PolicySet;
}

/** What the engine is asked for such a call, and what comes of it. */
function ask(sandbox: TestSandbox, caller: Caller, more: Partial<AuthorizationCheck> = {}, service = iam): Asked {
  const { world, time } = sandbox;
  const call: Call = {
    service,
    operation: 'CreateRole',
    request: {
      method: 'POST',
      secure: true,
      host: 'iam.amazonaws.com',
      path: '/',
      target: '/',
      query: new URLSearchParams(),
      headers: { 'user-agent': 'test/1' },
      body: new Uint8Array(),
    },
    requestId: 'r',
    caller,
    account,
    region: 'us-east-1',
    world,
    time,
    event: {},
    authorize: () => undefined,
    isAllowed: () => true,
  };
  let asked: Pick<Asked, 'request' | 'policies'> | undefined;
  const engine = {
    evaluate: (request: AccessRequest, policies: PolicySet) => {
      asked = { request, policies };
      return evaluate(request, policies);
    },
    managedPolicy: (arn: string) => (arn.endsWith('/AdministratorAccess') ? policy(allow('*')) : undefined),
  };
  const check = { action: 'iam:CreateRole', resource: `arn:aws:iam::${account}:role/x`, ...more };
  const { denial } = decideAccess({ world, time, engine }, call, check);
  if (asked === undefined) throw new TypeError('the engine was not asked');
  return { denial, ...asked };
}

function makeUser(sandbox: TestSandbox, init: Partial<Parameters<typeof createUser>[2]> = {}): Caller {
  createUser(sandbox.world, account, { name: 'ada', createdAt: 0, ...init });
  return sandbox.issueKey({ account, userName: 'ada' }).caller;
}

const ada = `User: arn:aws:iam::${account}:user/ada is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::${account}:role/x`;

describe('a refusal names what is missing', () => {
  it.each<[string, string, (sandbox: TestSandbox) => [Caller, Partial<AuthorizationCheck>?]]>([
    [
      'an identity policy',
      `${ada} because no identity-based policy allows the iam:CreateRole action`,
      (sandbox) => [makeUser(sandbox, { inline: { read: allow('iam:Get*') } })],
    ],
    [
      'an explicit deny',
      `${ada} with an explicit deny in an identity-based policy`,
      (sandbox) => [makeUser(sandbox, { inline: { all: allow('*'), not: deny('iam:*') } })],
    ],
    [
      'the boundary',
      `${ada} because no permissions boundary allows the iam:CreateRole action`,
      (sandbox) => {
        const text = allow('s3:*');
        const boundary = createManagedPolicy(sandbox.world, account, { name: 'b', createdAt: 0, text }).arn;
        return [makeUser(sandbox, { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'], boundary })];
      },
    ],
    [
      'a boundary whose policy is gone',
      `${ada} because no permissions boundary allows the iam:CreateRole action`,
      (sandbox) => [
        makeUser(sandbox, { inline: { all: allow('*') }, boundary: `arn:aws:iam::${account}:policy/deleted` }),
      ],
    ],
    [
      'the resource policy',
      `${ada} with an explicit deny in a resource-based policy`,
      (sandbox) => [
        makeUser(sandbox, { inline: { all: allow('*') } }),
        {
          resourcePolicy: policy(
            JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }],
            }),
            'bucket',
          ),
        },
      ],
    ],
    [
      'a service control policy',
      `${ada} with an explicit deny in a service control policy`,
      (sandbox) => {
        const { world } = sandbox;
        enablePolicyType(world, 'SERVICE_CONTROL_POLICY');
        const unit = createUnit(world, world.organizations.rootId, 'workloads');
        const member = world.organizations.accounts.get(account);
        if (member !== undefined) member.parent = unit.id;
        const type = 'SERVICE_CONTROL_POLICY';
        attachPolicy(world, createPolicy(world, { name: 'no-iam', type, text: deny('iam:*') }).id, unit.id);
        return [makeUser(sandbox, { inline: { all: allow('*') } })];
      },
    ],
  ])('%s', (_what, message, arrange) => {
    const sandbox = makeSandbox({ services: [] });
    const [caller, check] = arrange(sandbox);
    expect(ask(sandbox, caller, check).denial).toMatchObject({ code: 'AccessDenied', status: 403, message });
  });

  it('with the resource in quotes where S3 refuses, and not at all to nobody', () => {
    const sandbox = makeSandbox({ services: [] });
    const s3: Service = { ...iam, id: 's3' };
    const check = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' };
    expect(ask(sandbox, makeUser(sandbox), check, s3).denial?.message).toContain(
      'on resource: "arn:aws:s3:::b/k" because',
    );
    expect(ask(sandbox, { kind: 'anonymous' }, check, s3).denial?.message).toBe('Access Denied');
  });
});

describe('what decides', () => {
  it('is what policies say now, not what they said at the last call', () => {
    const sandbox = makeSandbox({ services: [] });
    const caller = makeUser(sandbox, { inline: { all: allow('*') } });
    const user = sandbox.world.iam.accounts.get(account)?.users.get('ada');
    expect(ask(sandbox, caller).denial).toBeUndefined();
    user?.inline.clear();
    expect(ask(sandbox, caller).denial).toBeDefined();
    if (user !== undefined) user.attached = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    expect(ask(sandbox, caller).denial).toBeUndefined();
    // Somebody else who got the name later.
    sandbox.world.iam.accounts.get(account)?.users.delete('ada');
    createUser(sandbox.world, account, { name: 'ada', createdAt: 1, inline: { all: allow('*') } });
    expect(ask(sandbox, caller).denial).toBeDefined();
  });

  it('lets root do everything that the organisation leaves, and the management account everything', () => {
    const sandbox = makeSandbox({ services: [] });
    const { world } = sandbox;
    const root = (id: string) => sandbox.issueKey({ account: id }).caller;
    expect(ask(sandbox, root(account)).denial).toBeUndefined();
    enablePolicyType(world, 'SERVICE_CONTROL_POLICY');
    const scp = createPolicy(world, { name: 'no', type: 'SERVICE_CONTROL_POLICY', text: deny('iam:*') });
    attachPolicy(world, scp.id, world.organizations.rootId);
    expect(ask(sandbox, root(account)).denial?.message).toContain('with an explicit deny in a service control policy');
    const own = { resource: 'arn:aws:iam::111111111111:role/x' };
    expect(ask(sandbox, root('111111111111'), own).denial).toBeUndefined();
  });

  it('takes session policies into account', () => {
    const sandbox = makeSandbox({ services: [] });
    const role = makeRole(sandbox);
    const session = { sessionName: 's', durationSeconds: 3600, origin: { type: 'assume-role' } } as const;
    const narrow = issueRoleSession(sandbox.world, sandbox.time, role, {
      ...session,
      policies: [policy(allow('s3:*'))],
    });
    expect(ask(sandbox, narrow.caller).denial?.message).toContain(
      'because no session policy allows the iam:CreateRole',
    );
    const wide = issueRoleSession(sandbox.world, sandbox.time, role, session);
    expect(ask(sandbox, wide.caller).denial).toBeUndefined();
  });
});

function makeRole(sandbox: TestSandbox): ReturnType<typeof createRole> {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
  });
  return createRole(sandbox.world, account, {
    name: 'deploy',
    path: '/ci/',
    createdAt: 0,
    trust,
    inline: { all: allow('*') },
    tags: [
      { key: 'Team', value: 'of the role' },
      { key: 'stage', value: 'live' },
    ],
  });
}

describe('the condition keys', () => {
  const valuesOf = ({ request }: Asked) =>
    Object.fromEntries([...request.context].map(([key, values]) => [key, values.join()]));

  it('of an IAM user', () => {
    const sandbox = makeSandbox({ services: [] });
    const caller = makeUser(sandbox, { tags: [{ key: 'Team', value: 'core' }] });
    const { id, rootId } = sandbox.world.organizations;
    expect(valuesOf(ask(sandbox, caller, { context: new Map([['aws:RequestTag/a', ['b']]]) }))).toEqual({
      'aws:currenttime': '2026-11-21T09:00:00.000Z',
      'aws:epochtime': '1795251600',
      'aws:securetransport': 'true',
      'aws:sourceip': '127.0.0.1',
      'aws:useragent': 'test/1',
      'aws:requestedregion': 'us-east-1',
      'aws:viaawsservice': 'false',
      'aws:principalisawsservice': 'false',
      'aws:resourceaccount': account,
      'aws:resourceorgid': id,
      'aws:resourceorgpaths': `${id}/${rootId}/`,
      'aws:principalaccount': account,
      'aws:principalorgid': id,
      'aws:principalorgpaths': `${id}/${rootId}/`,
      'aws:principalarn': `arn:aws:iam::${account}:user/ada`,
      'aws:principaltype': 'User',
      'aws:userid': caller.kind === 'user' ? caller.userId : '',
      'aws:username': 'ada',
      'aws:principaltag/team': 'core',
      'aws:requesttag/a': 'b',
    });
  });

  it('of a role session say how it came to be', () => {
    const sandbox = makeSandbox({ services: [] });
    const role = makeRole(sandbox);
    const issued = issueRoleSession(sandbox.world, sandbox.time, role, {
      sessionName: 'run-1',
      durationSeconds: 3600,
      mfa: true,
      sourceIdentity: 'ada',
      tags: new Map([['team', 'of the session']]),
      origin: {
        type: 'web-identity',
        provider: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
        issuer: 'https://token.actions.githubusercontent.com',
        audience: 'sts.amazonaws.com',
        subject: 'repo:a/b:ref:refs/heads/main',
      },
    });
    sandbox.clock.advance(90);
    const values = valuesOf(ask(sandbox, issued.caller));
    expect(values).toMatchObject({
      'aws:principalarn': `arn:aws:iam::${account}:role/ci/deploy`,
      'aws:principaltype': 'AssumedRole',
      'aws:userid': `${role.id}:run-1`,
      'aws:tokenissuetime': '2026-11-21T09:00:00.000Z',
      'aws:multifactorauthpresent': 'true',
      'aws:multifactorauthage': '90',
      'aws:sourceidentity': 'ada',
      'aws:principaltag/team': 'of the session',
      'aws:principaltag/stage': 'live',
      'aws:federatedprovider': `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    });
    expect(values).not.toHaveProperty('aws:username');
  });
});
