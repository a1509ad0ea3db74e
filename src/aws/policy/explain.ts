/**
 * Decisions in a sentence, for somebody who reads it at night: which policy, which statement, and for a denial by nobody's
 * Deny, the statement that came closest and the first thing in it that did not hold.
 */
import {
  type CompiledStatement,
  compiledStatements,
  matchesAction,
  matchesResource,
  type PreparedRequest,
} from './compile.ts';
import type { Condition, Statement } from './document.ts';
import { isExempt, namedAs } from './principal-match.ts';
import type { AccessRequest, NamedPolicy, NearMiss, PolicyPrincipal, PolicySetKind } from './request.ts';

const nouns: Readonly<Record<PolicySetKind, string>> = {
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  resource: 'resource policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
};

export function explainDeny(
  by: PolicySetKind,
  policy: NamedPolicy,
  statement: Statement,
  request: AccessRequest,
): string {
  return `${nouns[by]} "${policy.name}" denies ${callOf(request)} explicitly in ${nameOf(statement)}`;
}

export function explainAllow(
  by: PolicySetKind,
  policy: NamedPolicy | undefined,
  statement: Statement | undefined,
  request: AccessRequest,
): string {
  if (policy === undefined || statement === undefined) {
    return `${callerOf(request.principal)} needs no policy for ${callOf(request)} in its own account`;
  }
  return `${nouns[by]} "${policy.name}" allows ${callOf(request)} in ${nameOf(statement)}`;
}

export function explainSilence(
  by: PolicySetKind,
  policies: readonly NamedPolicy[],
  prepared: PreparedRequest,
): { readonly why: string; readonly nearMiss: NearMiss | undefined } {
  const { request } = prepared;
  const names = policies.map(({ name }) => `"${name}"`).join(', ');
  const who = names === '' ? `there is no ${nouns[by]} that allows` : `${nouns[by]} ${names} does not allow`;
  const why = `${who} ${callOf(request)} to ${callerOf(request.principal)}`;
  const nearMiss = findNearMiss(by, policies, prepared);
  return { why: nearMiss === undefined ? why : `${why}: ${sentenceOf(nearMiss)}`, nearMiss };
}

/** The Allow that covers the action and of which the most holds. */
function findNearMiss(
  by: PolicySetKind,
  policies: readonly NamedPolicy[],
  prepared: PreparedRequest,
): NearMiss | undefined {
  let best: { readonly score: number; readonly miss: NearMiss } | undefined;
  for (const policy of policies) {
    for (const compiled of compiledStatements(policy.policy)) {
      if (compiled.statement.effect !== 'Allow' || !matchesAction(compiled, prepared)) continue;
      const found = missOf(by, policy, compiled, prepared);
      if (found !== undefined && (best === undefined || found.score > best.score)) best = found;
    }
  }
  return best?.miss;
}

function missOf(
  by: PolicySetKind,
  policy: NamedPolicy,
  compiled: CompiledStatement,
  prepared: PreparedRequest,
): { readonly score: number; readonly miss: NearMiss } | undefined {
  const { statement } = compiled;
  const { request } = prepared;
  const at = { policy: policy.name, index: statement.index, sid: statement.sid };
  if (!matchesResource(compiled, prepared)) {
    const element = statement.resources?.negated ? 'NotResource' : 'Resource';
    const expected = statement.resources?.values ?? [];
    return { score: 0, miss: { ...at, element, key: undefined, expected, actual: [request.resource] } };
  }
  if ((by === 'resource' || by === 'rcp') && !coversPrincipal(statement, request.principal)) {
    const element = statement.principal?.negated ? 'NotPrincipal' : 'Principal';
    const expected = principalsOf(statement);
    return { score: 1, miss: { ...at, element, key: undefined, expected, actual: [callerOf(request.principal)] } };
  }
  const failed = compiled.conditions.findIndex(({ holds }) => !holds(request.context));
  const condition = compiled.conditions[failed]?.condition;
  if (condition === undefined) return undefined;
  const actual = request.context.get(condition.key.toLowerCase());
  const miss: NearMiss = {
    ...at,
    element: operatorOf(condition),
    key: condition.key,
    expected: condition.values,
    actual,
  };
  const held = compiled.conditions.filter(({ holds }) => holds(request.context)).length;
  return { score: 2 + held / compiled.conditions.length, miss };
}

function coversPrincipal({ principal, effect }: Statement, caller: PolicyPrincipal): boolean {
  if (principal === undefined) return false;
  return principal.negated ? !isExempt(principal, caller, effect) : namedAs(principal, caller) !== undefined;
}

function principalsOf({ principal }: Statement): readonly string[] {
  if (principal === undefined) return [];
  const { aws, service, federated, canonicalUser } = principal;
  return [...(principal.any ? ['*'] : []), ...aws, ...service, ...federated, ...canonicalUser];
}

function sentenceOf({ policy, index, sid, element, key, expected, actual }: NearMiss): string {
  const statement = `${nameOf({ index, sid })} of "${policy}" would, but`;
  const what = key === undefined ? element : `${element} ${key}`;
  const found = actual === undefined || actual.length === 0 ? 'is not there' : `is ${listed(actual)}`;
  if (key === undefined) return `${statement} its ${what} is ${listed(expected)} and that of the request ${found}`;
  return `${statement} its condition ${what} expects ${listed(expected)}, and in the request the key ${found}`;
}

function operatorOf({ quantifier, operator, ifExists }: Condition): string {
  return `${quantifier === undefined ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`;
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 5).map((value) => `"${value}"`);
  const more = values.length - shown.length;
  return shown.length === 0 ? 'nothing' : `${shown.join(' or ')}${more > 0 ? ` or ${more} more` : ''}`;
}

function nameOf({ index, sid }: { readonly index: number; readonly sid: string | undefined }): string {
  return sid === undefined || sid === '' ? `statement ${index + 1}` : `statement ${sid}`;
}

function callOf({ action, resource }: AccessRequest): string {
  return resource === '*' ? action : `${action} on ${resource}`;
}

function callerOf(principal: PolicyPrincipal): string {
  switch (principal.type) {
    case 'anonymous':
      return 'an anonymous caller';
    case 'service':
      return principal.name;
    case 'federated':
      return principal.provider;
    default:
      return principal.arn;
  }
}
