/**
 * The policy simulator, answered by the same evaluator that decides real calls
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html).
 */
import { evaluate } from '../../../aws/policy/evaluate.ts';
import type {
  ConditionContext,
  Decision,
  NamedPolicy,
  PolicyPrincipal,
  PolicySet,
} from '../../../aws/policy/request.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import { scpLevels } from '../organizations/levels.ts';
import { entityByArn, type IamEntity, iamArn, noSuchEntity } from './accounts.ts';
import { policyInForce } from './find-policy.ts';
import { authorize, invalidInput, read } from './operation.ts';
import { page } from './paging.ts';
import { readPolicy } from './policy-text.ts';
import { arnRule, optionalText, requiredText, structureList, textList } from './query-input.ts';

interface Simulation {
  readonly principal: PolicyPrincipal;
  readonly policies: PolicySet;
  readonly account: string;
}

const simulatePrincipalPolicy = read((call, input) => {
  const arn = requiredText(input, 'PolicySourceArn', arnRule);
  authorize(call, arn);
  const entity = entityByArn(call.world, arn);
  if (entity === undefined || entity.account !== call.account) {
    throw noSuchEntity(`The entity ${arn} cannot be found.`);
  }
  const attached = policiesOf(call, entity);
  const boundaryArn = entity.entity.boundary;
  const boundary = boundaryArn === undefined ? undefined : policyInForce(call.world, entity.account, boundaryArn);
  const scps = scpLevels(call.world, entity.account);
  return simulate(call, input, {
    principal: principalOf(entity),
    account: entity.account,
    policies: {
      identity: [...attached, ...policyList(input, 'PolicyInputList')],
      ...(boundary === undefined ? {} : { boundary }),
      ...(scps === undefined ? {} : { scps }),
    },
  });
});

const simulateCustomPolicy = read((call, input) => {
  authorize(call, '*');
  const identity = policyList(input, 'PolicyInputList');
  if (identity.length === 0) throw invalidInput('PolicyInputList must hold at least one policy.');
  const arn = iamArn(call.world, call.account, 'user/simulated');
  return simulate(call, input, {
    principal: { type: 'user', account: call.account, arn },
    account: call.account,
    policies: { identity },
  });
});

function simulate(call: Call, input: Input, simulation: Simulation): Readonly<Record<string, unknown>> {
  const actions = textList(input, 'ActionNames');
  if (actions.length === 0) throw new AwsError('ValidationError', 'ActionNames must hold at least one action.');
  const resources = textList(input, 'ResourceArns');
  const boundary = policyList(input, 'PermissionsBoundaryPolicyInputList')[0];
  const text = optionalText(input, 'ResourcePolicy');
  const resource = text === undefined ? undefined : readPolicy('ResourcePolicy', text, 'bucket').parsed;
  const context = readContext(input);
  const policies: PolicySet = {
    ...simulation.policies,
    ...(boundary === undefined ? {} : { boundary }),
    ...(resource === undefined ? {} : { resource }),
  };
  const principal = callerOf(call, input) ?? simulation.principal;
  const missing = keysOf(policies).filter((key) => !context.has(key.toLowerCase()) && !key.includes('$'));
  const results = actions.flatMap((action) =>
    (resources.length === 0 ? ['*'] : resources).map((arn, index) => {
      const decision = evaluate(
        { principal, action, resource: arn, resourceAccount: simulation.account, context },
        policies,
      );
      return {
        key: `${action}\0${String(index).padStart(6, '0')}`,
        result: render(action, arn, decision, policies, missing),
      };
    }),
  );
  const { items, more } = page(input, results, ({ key }) => key);
  return { EvaluationResults: items.map(({ result }) => result), ...more };
}

const sourceTypes: Readonly<Record<Decision['by'], string>> = {
  identity: 'IAM Policy',
  boundary: 'Permissions Boundary',
  session: 'Session Policy',
  resource: 'Resource Policy',
  scp: 'Service Control Policy',
  rcp: 'Resource Control Policy',
};

function render(
  action: string,
  resource: string,
  decision: Decision,
  policies: PolicySet,
  missing: readonly string[],
): Readonly<Record<string, unknown>> {
  const { outcome, statement, by } = decision;
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: outcome === 'allow' ? 'allowed' : outcome === 'explicit-deny' ? 'explicitDeny' : 'implicitDeny',
    MatchedStatements:
      statement === undefined ? [] : [{ SourcePolicyId: statement.policy, SourcePolicyType: sourceTypes[by] }],
    MissingContextValues: missing,
    ...(policies.scps === undefined
      ? {}
      : { OrganizationsDecisionDetail: { AllowedByOrganizations: decision.allowed || by !== 'scp' } }),
    ...(policies.boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: decision.allowed || by !== 'boundary' } }),
  };
}

function policiesOf(call: Call, { account, entity }: IamEntity): readonly NamedPolicy[] {
  return [
    ...[...entity.inline.values()].map(({ parsed }) => parsed),
    ...entity.attached.flatMap((arn) => policyInForce(call.world, account, arn) ?? []),
  ];
}

function principalOf({ kind, account, entity }: IamEntity): PolicyPrincipal {
  if (kind === 'user') return { type: 'user', account, arn: entity.arn, uniqueId: entity.id };
  const arn = entity.arn.replace(':iam:', ':sts:').replace(/:role\/.*$/, `:assumed-role/${entity.name}/simulated`);
  return { type: 'role-session', account, roleArn: entity.arn, arn, uniqueId: entity.id };
}

function callerOf(call: Call, input: Input): PolicyPrincipal | undefined {
  const arn = optionalText(input, 'CallerArn', { minimum: 1, maximum: 2048 });
  if (arn === undefined) return undefined;
  const entity = entityByArn(call.world, arn);
  if (entity?.kind !== 'user') throw invalidInput(`The value for CallerArn must be the ARN of an IAM user: ${arn}`);
  return principalOf(entity);
}

function policyList(input: Input, name: string): readonly NamedPolicy[] {
  return textList(input, name).map((text, index) => readPolicy(`${name}.${index + 1}`, text, 'identity').parsed);
}

function readContext(input: Input): ConditionContext {
  return new Map(
    structureList(input, 'ContextEntries').map((entry) => [
      requiredText(entry, 'ContextKeyName', { minimum: 5, maximum: 256 }).toLowerCase(),
      textList(entry, 'ContextKeyValues'),
    ]),
  );
}

function keysOf({ identity, boundary, resource }: PolicySet): readonly string[] {
  const policies = [
    ...identity,
    ...(boundary === undefined ? [] : [boundary]),
    ...(resource === undefined ? [] : [resource]),
  ];
  const keys = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  return [...new Map(keys.map((key) => [key.toLowerCase(), key])).values()];
}

export const simulateOperations: Readonly<Record<string, Operation>> = {
  SimulateCustomPolicy: simulateCustomPolicy,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};
