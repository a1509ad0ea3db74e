/** The policies as decisions: each document is read and judged by the policy engine, so that what it says is what it does. */
import { describe, expect, it } from 'vitest';
import type { PolicyDocumentJson } from '../../aws/policy/build.ts';
import type { PolicyKind } from '../../aws/policy/document.ts';
import { evaluate } from '../../aws/policy/evaluate.ts';
import { checkPolicyLimits } from '../../aws/policy/limits.ts';
import { parsePolicy } from '../../aws/policy/parse.ts';
import type { NamedPolicy, PolicyPrincipal } from '../../aws/policy/request.ts';
import type { Intent, PipelinePhase } from '../intent.ts';
import { parseIntent } from '../parse-intent.ts';
import {
  buildModuleBucketPolicy,
  buildStateBucketPolicy,
  buildStateKeyDocument,
  type MoveStage,
} from '../state-policies.ts';
import { printPolicy } from './document.ts';
import { buildLegacyRoleTrust } from './legacy-way.ts';
import { buildPermissionSet, buildPhasePolicy, buildPipelinePermissions } from './phase-policies.ts';
import { buildPipelineTrust, oidcProvidersNeeded } from './pipeline-trust.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const base = `version: 1
organization: { name: acme, id: o-abcd123456 }
identity_center: { region: eu-west-1 }
accounts: { shared: "111122223333", dev: "222233334444", live: "333344445555" }
`;
const state = '  - { bucket: acme-state, account: shared, region: eu-west-1';
const pipelines = `modules: [{ bucket: acme-modules, account: shared, region: eu-west-1 }]
github:
  repository: acme/infrastructure
  environments: { dev: { account: dev }, live: { account: live }, eu: { account: live } }
  jobs:
    - { workflow: apply.yml, job: stacks, phases: [apply], environments: [dev, live], branches: [main] }
    - { workflow: network.yml, job: run, phases: [apply], environments: [eu] }
    - { workflow: plan.yml, job: plan, phases: [plan], accounts: [dev], triggers: [pull_request] }
    - { workflow: drift.yml, job: drift, phases: [plan], environments: [live] }
    - { workflow: publish.yml, job: publish, phases: [publish], accounts: [shared], tags: ["*/v*"] }
hcp_terraform:
  organization: acme
  workspaces: { network-dev: { account: dev } }
legacy: { user: deployment, account: shared }
`;

function parsed(document: PolicyDocumentJson | undefined, kind: PolicyKind): NamedPolicy {
  if (document === undefined) throw new TypeError('no policy');
  const result = parsePolicy(printPolicy(document), kind);
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems));
  return { name: kind, policy: result.policy };
}

function role(account: string, name: string, path = '/'): PolicyPrincipal {
  return {
    type: 'role-session',
    account,
    roleArn: `arn:aws:iam::${account}:role${path}${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/someone`,
  };
}

const sso = (account: string, set: string) =>
  role(account, `AWSReservedSSO_${set}_0123456789abcdef`, '/aws-reserved/sso.amazonaws.com/eu-west-1/');
const user: PolicyPrincipal = {
  type: 'user',
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:user/deployment',
};

/** Everything is allowed by the caller's own policies, so that the bucket alone decides. */
const everything = parsed(
  { Version: '2012-10-17', Statement: [{ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' }] },
  'identity',
);

interface Asking {
  readonly who: PolicyPrincipal;
  readonly action: string;
  readonly key?: string;
  readonly stage?: MoveStage;
  readonly intent: Intent;
  readonly secure?: boolean;
  readonly encryption?: string;
  readonly now?: string;
  readonly organization?: string;
}

function asks({ who, action, key: object, stage = 'new', intent, ...rest }: Asking): boolean {
  const backend = intent.stateBackends[0];
  if (backend === undefined) throw new TypeError('no state');
  const context = new Map<string, readonly string[]>([
    ['aws:securetransport', [String(rest.secure ?? true)]],
    ['aws:currenttime', [rest.now ?? '2026-12-01T12:00:00Z']],
    ['aws:principalisawsservice', ['false']],
  ]);
  if (who.type === 'user' || who.type === 'role-session') {
    context.set('aws:principalarn', [who.type === 'user' ? who.arn : who.roleArn]);
    context.set('aws:principaltype', [who.type === 'user' ? 'User' : 'AssumedRole']);
    context.set('aws:principalorgid', [rest.organization ?? 'o-abcd123456']);
  }
  if (rest.encryption !== undefined) context.set('s3:x-amz-server-side-encryption', [rest.encryption]);
  return evaluate(
    {
      principal: who,
      action,
      resource: object === undefined ? 'arn:aws:s3:::acme-state' : `arn:aws:s3:::acme-state/${object}`,
      resourceAccount: '111122223333',
      context,
    },
    { identity: [everything], resource: parsed(buildStateBucketPolicy(intent, backend, stage), 'bucket') },
  ).allowed;
}

describe('the state bucket once the old way is closed', () => {
  const intent = parseIntent(`${base}state:\n${state}, require_encryption: true }\n`);
  const put = { action: 's3:PutObject', key: 'network/terraform.tfstate', encryption: 'AES256', intent };

  it.each([
    ['apply of a person from another account', put, sso('222233334444', 'TerraformDeployer'), true],
    ['apply of a pipeline from another account', put, role('333344445555', 'terraform-apply'), true],
    ['apply of a person in its own account', put, sso('111122223333', 'TerraformDeployer'), true],
    ['plan that writes state', put, sso('222233334444', 'TerraformDeveloper'), false],
    [
      'plan that takes the lock',
      { ...put, key: 'network/terraform.tfstate.tflock' },
      sso('222233334444', 'TerraformDeveloper'),
      true,
    ],
    ['plan that reads state', { ...put, action: 's3:GetObject' }, role('222233334444', 'terraform-plan'), true],
    ['a set that is not on the list, from another account', put, sso('222233334444', 'SuperAdmin'), false],
    ['a set that is not on the list, of its own account', put, sso('111122223333', 'SuperAdmin'), false],
    [
      'such a set that lists',
      { ...put, action: 's3:ListBucket', key: undefined },
      sso('111122223333', 'SuperAdmin'),
      false,
    ],
    [
      'such a set that looks at the policy',
      { ...put, action: 's3:GetBucketPolicy', key: undefined },
      sso('111122223333', 'SuperAdmin'),
      true,
    ],
    ['a role that is named like one on the list', put, role('222233334444', 'terraform-apply', '/evil/'), false],
    ['a role of an account outside', put, role('999988887777', 'terraform-apply'), false],
    ['the key of a user', put, user, false],
    ['the key of a user that only lists', { ...put, action: 's3:ListBucket', key: undefined }, user, false],
    ['nobody', put, { type: 'anonymous' } as const, false],
    ['plain HTTP', { ...put, secure: false }, sso('222233334444', 'TerraformDeployer'), false],
    [
      'a write that names no encryption',
      { ...put, encryption: undefined },
      sso('222233334444', 'TerraformDeployer'),
      false,
    ],
    [
      'deletion of a version',
      { ...put, action: 's3:DeleteObjectVersion' },
      sso('111122223333', 'TerraformDeployer'),
      false,
    ],
    [
      'deletion of state from another account',
      { ...put, action: 's3:DeleteObject' },
      sso('222233334444', 'TerraformDeployer'),
      false,
    ],
  ])('%s: %#', (_, request, who, expected) => {
    const { encryption, key: object, ...rest } = request;
    expect(asks({ ...rest, who, ...(encryption && { encryption }), ...(object && { key: object }) })).toBe(expected);
  });

  it('still serves the old way before that, which other accounts never had', () => {
    const { key: object, ...rest } = put;
    expect(asks({ ...rest, key: object, who: user, stage: 'both' })).toBe(true);
    expect(asks({ ...rest, key: object, who: sso('111122223333', 'SuperAdmin'), stage: 'both' })).toBe(true);
    expect(asks({ ...rest, key: object, who: sso('222233334444', 'SuperAdmin'), stage: 'both' })).toBe(false);
  });

  it('refuses all objects outside its window', () => {
    const bound = parseIntent(
      `${base}state:\n${state}, window: { from: 2026-12-01T08:00:00Z, until: 2026-12-01T18:00:00Z } }\n`,
    );
    const at = (now: string) =>
      asks({ who: role('222233334444', 'terraform-apply'), action: 's3:GetObject', key: 'a', intent: bound, now });
    expect(
      ['2026-12-01T07:59:59Z', '2026-12-01T08:00:00Z', '2026-12-01T17:59:59Z', '2026-12-01T18:00:00Z'].map(at),
    ).toEqual([false, true, true, false]);
  });

  it('keeps each to the keys it was given, in the own account too', () => {
    const ruled = parseIntent(`${base}state:
${state}, readers: [{ phases: [plan, apply], accounts: [dev, shared], keys: [env:/dev/*] }, { permission_sets: [TerraformDeveloper], accounts: [live] }], writers: [{ phases: [apply], accounts: [dev, shared], keys: [env:/dev/network] }] }
`);
    const may = (who: PolicyPrincipal, action: string, object: string) =>
      asks({ who, action, key: object, intent: ruled });
    for (const account of ['222233334444', '111122223333']) {
      const apply = role(account, 'terraform-apply');
      expect(may(apply, 's3:PutObject', 'env:/dev/network')).toBe(true);
      expect(may(apply, 's3:PutObject', 'env:/dev/network.tflock')).toBe(true);
      expect(may(apply, 's3:PutObject', 'env:/dev/dns')).toBe(false);
      expect(may(apply, 's3:GetObject', 'env:/dev/dns')).toBe(true);
      expect(may(apply, 's3:GetObject', 'env:/live/dns')).toBe(false);
    }
    expect(may(role('333344445555', 'terraform-plan'), 's3:GetObject', 'env:/dev/dns')).toBe(false);
    expect(may(sso('333344445555', 'TerraformDeveloper'), 's3:GetObject', 'env:/live/dns')).toBe(true);
  });

  it('fits 300 accounts into what S3 takes', () => {
    const many = Array.from({ length: 300 }, (_, index) => `a${index}: "${111_111_111_111 + index}"`).join(', ');
    const large = parseIntent(
      base
        .replace(/accounts: .*/, `accounts: { ${many} }`)
        .concat('state: [{ bucket: acme-state, account: a0, region: eu-west-1 }]\n'),
    );
    const backend = large.stateBackends[0];
    const policy = backend && buildStateBucketPolicy(large, backend, 'new');
    expect(policy && checkPolicyLimits(printPolicy(policy), 'bucket')).toEqual([]);
    expect(
      asks({ who: role('111111111111', 'terraform-apply'), action: 's3:GetObject', key: 'a', intent: large }),
    ).toBe(true);
    expect(asks({ who: sso('111111111111', 'SuperAdmin'), action: 's3:GetObject', key: 'a', intent: large })).toBe(
      false,
    );
  });
});

describe('the policy of a state bucket of many accounts', () => {
  const many = Array.from({ length: 300 }, (_, index) => `a${index}: "${111_111_111_111 + index}"`).join(', ');
  const withWriters = (writers: string) =>
    parseIntent(
      base
        .replace(/accounts: .*/, `accounts: { ${many} }`)
        .concat(`state: [{ bucket: acme-state, account: a0, region: eu-west-1, writers: [${writers}] }]\n`),
    );

  it('gives what is for some accounts to these alone', () => {
    const intent = withWriters('{ phases: [apply], accounts: [a1, a2] }');
    const writes = (account: string) =>
      asks({ who: role(account, 'terraform-apply'), action: 's3:PutObject', key: 'a', intent });
    expect(['111111111111', '111111111112', '111111111113', '111111111114'].map(writes)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('that cannot fit says what to leave out', () => {
    const all = Array.from({ length: 300 }, (_, index) => `a${index}`).join(', ');
    const large = withWriters(`{ phases: [apply], accounts: [${all}] }`);
    const backend = large.stateBackends[0];
    expect(() => backend && buildStateBucketPolicy(large, backend, 'new')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('fewer accounts and keys') }),
    );
  });
});

describe('the roles of pipelines', () => {
  const intent = parseIntent(base + pipelines);
  const host = 'token.actions.githubusercontent.com';

  function assumes(
    account: string,
    phase: PipelinePhase,
    claims: Readonly<Record<string, string>>,
    issuer = host,
  ): boolean {
    const id = intent.accounts.get(account)?.id ?? '';
    const provider = `arn:aws:iam::${id}:oidc-provider/${issuer}`;
    const context = new Map(
      Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`.toLowerCase(), [value]]),
    );
    return evaluate(
      {
        principal: { type: 'federated', provider },
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: `arn:aws:iam::${id}:role/terraform-${phase}`,
        resourceAccount: id,
        context,
      },
      {
        identity: [],
        resource: parsed(buildPipelineTrust(intent, account, phase), 'trust'),
        resourcePolicy: 'required',
      },
    ).allowed;
  }
  const repo = 'repo:acme/infrastructure';
  const main = { aud: 'sts.amazonaws.com', ref: 'refs/heads/main' };

  it.each([
    ['dev', 'apply', { ...main, sub: `${repo}:environment:dev` }, true],
    ['dev', 'apply', { ...main, sub: `${repo}:environment:live` }, false],
    ['live', 'apply', { ...main, sub: `${repo}:environment:live` }, true],
    ['live', 'apply', { ...main, ref: 'refs/heads/topic', sub: `${repo}:environment:live` }, false],
    ['live', 'apply', { ...main, ref: 'refs/heads/topic', sub: `${repo}:environment:eu` }, true],
    ['live', 'apply', { ...main, aud: 'https://github.com/acme', sub: `${repo}:environment:live` }, false],
    ['live', 'apply', { aud: main.aud, sub: `${repo}:environment:live` }, false],
    ['live', 'apply', { ...main, sub: 'repo:acme-evil/infrastructure:environment:live' }, false],
    ['dev', 'plan', { ...main, sub: `${repo}:pull_request` }, true],
    ['dev', 'apply', { ...main, sub: `${repo}:pull_request` }, false],
    ['live', 'plan', { ...main, sub: `${repo}:pull_request` }, false],
    ['live', 'plan', { ...main, sub: `${repo}:environment:live` }, true],
    ['shared', 'publish', { ...main, ref: 'refs/tags/ecs/v1', sub: `${repo}:ref:refs/tags/ecs/v1` }, true],
    ['shared', 'publish', { ...main, sub: `${repo}:ref:refs/heads/main` }, false],
  ] as const)('in %s, for %s, %o: %s', (account, phase, claims, expected) => {
    expect(assumes(account, phase, claims)).toBe(expected);
  });

  it('trust a workspace of HCP Terraform by its phase', () => {
    const sub = (phase: string) => `organization:acme:project:Default Project:workspace:network-dev:run_phase:${phase}`;
    const asked = (phase: PipelinePhase, run: string) =>
      assumes('dev', phase, { aud: 'aws.workload.identity', sub: sub(run) }, 'app.terraform.io');
    expect([asked('plan', 'plan'), asked('apply', 'apply'), asked('apply', 'plan')]).toEqual([true, true, false]);
  });

  it('are none where no job takes them, and need the provider where one does', () => {
    expect(buildPipelineTrust(intent, 'shared', 'apply')).toBeUndefined();
    expect(oidcProvidersNeeded(intent).map(({ account, url }) => `${account} ${url}`)).toEqual([
      `dev https://${host}`,
      `live https://${host}`,
      `shared https://${host}`,
      'dev https://app.terraform.io',
    ]);
  });

  it('say so when a trust policy would be longer than IAM takes', () => {
    const names = Array.from({ length: 60 }, (_, index) => `environment-${index}`);
    const crowded = parseIntent(`${base}github:
  repository: acme/infrastructure
  environments: { ${names.map((name) => `${name}: { account: dev }`).join(', ')} }
`);
    expect(() => buildPipelineTrust(crowded, 'dev', 'apply')).toThrow(
      /the trust policy of the apply role in dev would have \d+ characters; AWS takes 2048/,
    );
  });
});

describe('what a phase may do', () => {
  const intent = parseIntent(
    `${base}permission_sets: { sets: { Auditor: { managed_policies: [SecurityAudit] } } }\nstate:\n${state}, kms_key_id: "${key}", lock_table: locks }\n${pipelines}`,
  );
  const may = (phase: 'plan' | 'apply', action: string, resource = '*') =>
    evaluate(
      { principal: role('222233334444', 'terraform-apply'), action, resource, context: new Map() },
      { identity: [parsed(buildPhasePolicy(intent, phase), 'inline-permission-set')] },
    ).allowed;
  const object = 'arn:aws:s3:::acme-state/network/terraform.tfstate';
  const iam = (resource: string) => `arn:aws:iam::222233334444:${resource}`;

  it.each([
    ['s3:GetObject', object, true, true],
    ['s3:PutObject', `${object}.tflock`, true, true],
    ['s3:PutObject', object, false, true],
    ['s3:DeleteObjectVersion', object, false, false],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::acme-state', false, false],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::acme-web', false, true],
    ['kms:GenerateDataKey', key, true, true],
    ['kms:PutKeyPolicy', key, false, false],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:111122223333:table/locks', true, true],
    ['s3:GetObject', 'arn:aws:s3:::acme-modules/vpc.zip', true, true],
    ['ec2:CreateVpc', '*', false, true],
    ['iam:CreateRole', iam('role/web'), false, true],
    ['iam:PutRolePolicy', iam('role/terraform-apply'), false, false],
    ['iam:UpdateAssumeRolePolicy', iam('role/aws-reserved/sso.amazonaws.com/x'), false, false],
    ['iam:CreateOpenIDConnectProvider', iam('oidc-provider/evil.example'), false, false],
    ['iam:CreateUser', iam('user/robot'), false, false],
    ['iam:CreateAccessKey', iam('user/deployment'), false, false],
    ['iam:DeleteAccessKey', iam('user/deployment'), false, true],
    ['organizations:LeaveOrganization', '*', false, false],
    ['cloudtrail:StopLogging', '*', false, false],
  ])('%s on %s: plan %s, apply %s', (action, resource, plan, apply) => {
    expect([may('plan', action, resource), may('apply', action, resource)]).toEqual([plan, apply]);
  });

  it('fits into a permission set, and names no AdministratorAccess', () => {
    const sets = [...intent.sets.values()].map((set) => buildPermissionSet(intent, set));
    for (const { inline } of sets)
      expect(inline && checkPolicyLimits(printPolicy(inline), 'inline-permission-set')).toEqual(inline && []);
    expect(sets.map(({ managedPolicies }) => managedPolicies.map((arn) => arn.split('/').at(-1)))).toEqual([
      ['ReadOnlyAccess'],
      ['ReadOnlyAccess'],
      ['SecurityAudit'],
    ]);
  });

  it('publish uploads modules and does nothing else', () => {
    const { inline, managedPolicies } = buildPipelinePermissions(intent, 'publish');
    expect(managedPolicies).toEqual([]);
    expect(inline?.Statement.flatMap(({ Action }) => Action)).toEqual([
      's3:ListBucket',
      's3:GetObject',
      's3:PutObject',
    ]);
    parsed(buildModuleBucketPolicy(intent, 'acme-modules'), 'bucket');
  });

  it('leaves use of the key to those who are let in', () => {
    const backend = intent.stateBackends[0];
    const decrypts = (stage: MoveStage, who: PolicyPrincipal) =>
      evaluate(
        {
          principal: who,
          action: 'kms:Decrypt',
          resource: key,
          resourceAccount: '111122223333',
          context: new Map([
            ['aws:principalarn', [who.type === 'user' ? who.arn : who.type === 'role-session' ? who.roleArn : '']],
            ['aws:principalorgid', ['o-abcd123456']],
          ]),
        },
        {
          identity: [everything],
          resource: parsed(backend && buildStateKeyDocument(intent, backend, stage), 'key'),
          resourcePolicy: 'required',
        },
      ).allowed;
    const apply = role('222233334444', 'terraform-apply');
    expect([decrypts('both', user), decrypts('new', user), decrypts('both', apply), decrypts('new', apply)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('the old way trusts one user', () => {
    expect(buildLegacyRoleTrust(intent)?.Statement[0]?.Principal).toEqual({
      AWS: ['arn:aws:iam::111122223333:user/deployment'],
    });
    parsed(buildLegacyRoleTrust(intent), 'trust');
  });
});
