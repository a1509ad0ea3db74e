/** A policy as text that AWS takes, one element a line. `parsePolicy` of it gives the same policy. */
import type { OneOrMore, PolicyDocumentJson, PrincipalJson, StatementJson } from './build.ts';
import type { Condition, Patterns, Policy, PrincipalElement, Statement } from './document.ts';

/** Without a line feed at the end. */
export function formatPolicy(policy: Policy): string {
  return JSON.stringify(documentOf(policy), undefined, 2);
}

export function documentOf({ version, id, statements }: Policy): PolicyDocumentJson {
  return {
    Version: version,
    ...(id !== undefined && { Id: id }),
    Statement: statements.map(statementOf),
  };
}

function statementOf({ sid, effect, principal, actions, resources, conditions }: Statement): StatementJson {
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: effect,
    ...(principal && { [principal.negated ? 'NotPrincipal' : 'Principal']: principalOf(principal) }),
    ...patternsOf('Action', actions),
    ...(resources && patternsOf('Resource', resources)),
    ...(conditions.length > 0 && { Condition: conditionsOf(conditions) }),
  };
}

function patternsOf(name: 'Action' | 'Resource', { negated, values }: Patterns): Partial<StatementJson> {
  return { [negated ? `Not${name}` : name]: oneOrMore(values) };
}

function principalOf({ any, aws, service, federated, canonicalUser }: PrincipalElement): PrincipalJson {
  const others = service.length + federated.length + canonicalUser.length;
  if (any && aws.length === 0 && others === 0) return '*';
  const accounts = any ? ['*', ...aws] : aws;
  return {
    ...(accounts.length > 0 && { AWS: oneOrMore(accounts) }),
    ...(service.length > 0 && { Service: oneOrMore(service) }),
    ...(federated.length > 0 && { Federated: oneOrMore(federated) }),
    ...(canonicalUser.length > 0 && { CanonicalUser: oneOrMore(canonicalUser) }),
  };
}

function conditionsOf(conditions: readonly Condition[]): NonNullable<StatementJson['Condition']> {
  const operators = new Map<string, Map<string, OneOrMore>>();
  for (const { operator, quantifier, ifExists, key, values } of conditions) {
    const name = `${quantifier === undefined ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`;
    const keys = operators.get(name) ?? new Map<string, OneOrMore>();
    keys.set(key, oneOrMore(values));
    operators.set(name, keys);
  }
  return Object.fromEntries([...operators].map(([name, keys]) => [name, Object.fromEntries(keys)]));
}

function oneOrMore(values: readonly string[]): OneOrMore {
  return values.length === 1 ? (values[0] as string) : values;
}
