import { describe, expect, it } from 'vitest';
import { evaluate } from '../policy/evaluate.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { NamedPolicy } from '../policy/request.ts';
import { Language } from '../prove/language.ts';
import { type EscalationQuestion, findEscalations, walkPath } from './find-escalations.ts';
import { type EscalationPath, escalationPaths } from './paths.ts';

const account = '111122223333';
const role: EscalationQuestion['principal'] = {
  type: 'role-session',
  account,
  roleArn: `arn:aws:iam::${account}:role/deployer`,
  arn: `arn:aws:sts::${account}:assumed-role/deployer/ana`,
};
const user: EscalationQuestion['principal'] = { type: 'user', account, arn: `arn:aws:iam::${account}:user/deployment` };
const ownPolicy = `arn:aws:iam::${account}:policy/own`;

function policy(statements: readonly object[], name: string = ownPolicy): NamedPolicy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
  if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
  return { name, policy: parsed.policy };
}

const allow = (actions: readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
  ...more,
});
const principalOf = (path: EscalationPath) =>
  path.steps.some(({ on }) => on === 'own user' || on === 'own group' || on === 'group') ? user : role;
const found = (question: EscalationQuestion): readonly string[] => findEscalations(question).map(({ path }) => path.id);

describe('findEscalations', () => {
  it('has the 65 paths of the public catalogue, each once', () => {
    expect(new Set(escalationPaths.map(({ id }) => id)).size).toBe(65);
  });

  it.each(escalationPaths)('$id: open to who may do its steps, and each request that shows it is allowed', (path) => {
    const policies = { identity: [policy([allow(path.steps.map(({ action }) => action))])] };
    const principal = principalOf(path);
    const escalation = findEscalations({ principal, policies }).find((each) => each.path === path);
    expect(escalation?.requests).toHaveLength(path.steps.length);
    for (const request of escalation?.requests ?? [])
      expect(evaluate(request, policies)).toMatchObject({ allowed: true });
  });

  it.each(escalationPaths)('$id: closed when one step is denied', (path) => {
    const actions = path.steps.map(({ action }) => action);
    for (const action of actions) {
      const policies = { identity: [policy([allow(actions), { Effect: 'Deny', Action: action, Resource: '*' }])] };
      expect(walkPath(path, { principal: principalOf(path), policies })).toBeUndefined();
    }
  });

  it('finds all that a role has with administrator rights, and none with reading', () => {
    const administrator = { identity: [policy([allow(['*'])])] };
    const forUsersOnly = ['iam-007', 'iam-008', 'iam-010', 'iam-011', 'iam-013'];
    expect(found({ principal: role, policies: administrator })).toEqual(
      escalationPaths.map(({ id }) => id).filter((id) => !forUsersOnly.includes(id)),
    );
    const reader = { identity: [policy([allow(['s3:Get*', 'ec2:Describe*', 'iam:Get*', 'iam:List*'])])] };
    expect(found({ principal: role, policies: reader })).toEqual([]);
  });

  it('knows that steps are on one and the same role', () => {
    const apart = (first: string, second: string) => ({
      identity: [
        policy([
          allow(['iam:PutRolePolicy'], { Resource: `arn:aws:iam::${account}:role/${first}` }),
          allow(['iam:UpdateAssumeRolePolicy'], { Resource: `arn:aws:iam::${account}:role/${second}` }),
        ]),
      ],
    });
    expect(found({ principal: role, policies: apart('app-*', 'app-*') })).toContain('iam-021');
    expect(found({ principal: role, policies: apart('app-*', 'ci-*') })).not.toContain('iam-021');
  });

  it('takes a boundary for a limit to what the principal gives itself, until it can be changed', () => {
    const boundary = policy([allow(['iam:PutRolePolicy', 's3:*'])], `arn:aws:iam::${account}:policy/boundary`);
    const identity = [policy([allow(['iam:PutRolePolicy', 'iam:DeleteRolePermissionsBoundary'])], 'inline:own')];
    const own = { roles: Language.none };
    expect(found({ principal: role, policies: { identity }, beyond: own })).toEqual(['iam-005']);
    expect(found({ principal: role, policies: { identity, boundary }, beyond: own })).toEqual([]);
    const loose = policy([allow(['iam:*'])], `arn:aws:iam::${account}:policy/boundary`);
    expect(found({ principal: role, policies: { identity, boundary: loose }, beyond: own })).toEqual(['iam-005']);
  });

  it('follows iam:PassedToService and the roles that may be passed', () => {
    const pass = (more: object) => ({
      identity: [policy([allow(['iam:PassRole'], more), allow(['lambda:*', 'ec2:RunInstances'])])],
    });
    const toEcs = pass({ Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } });
    expect(found({ principal: role, policies: toEcs, workloadsBeyond: false })).toEqual([]);
    const workloads = pass({ Resource: `arn:aws:iam::${account}:role/workload/*` });
    expect(found({ principal: role, policies: workloads, workloadsBeyond: false })).toContain('lambda-001');
    const bounded = Language.of(`arn:aws:iam::${account}:role/admin`);
    expect(found({ principal: role, policies: workloads, workloadsBeyond: false, beyond: { roles: bounded } })).toEqual(
      [],
    );
  });
});
