/**
 * Statements made ready for matching, once per policy: a policy is evaluated on every request, and its patterns never change.
 */
import { type ArnPattern, matchesArn, parseArnPattern, type SplitArn, splitArn } from './arn-pattern.ts';
import { type CompiledCondition, compileCondition } from './condition-match.ts';
import type { Policy, Statement } from './document.ts';
import { type Glob, matchesGlob, parseGlob } from './glob.ts';
import type { AccessRequest } from './request.ts';

export interface CompiledStatement {
  readonly statement: Statement;
  readonly actions: { readonly negated: boolean; readonly globs: readonly Glob[] };
  readonly resources: { readonly negated: boolean; readonly patterns: readonly ArnPattern[] } | undefined;
  readonly conditions: readonly CompiledCondition[];
}

/** A request with what every statement asks of it worked out once. */
export interface PreparedRequest {
  readonly request: AccessRequest;
  readonly action: string;
  readonly resource: SplitArn | undefined;
}

export function prepareRequest(request: AccessRequest): PreparedRequest {
  return { request, action: request.action.toLowerCase(), resource: splitArn(request.resource) };
}

const compiled = new WeakMap<Policy, readonly CompiledStatement[]>();

export function compiledStatements(policy: Policy): readonly CompiledStatement[] {
  let statements = compiled.get(policy);
  if (statements === undefined) {
    const variables = policy.version === '2012-10-17';
    statements = policy.statements.map((statement) => compileStatement(statement, variables));
    compiled.set(policy, statements);
  }
  return statements;
}

function compileStatement(statement: Statement, variables: boolean): CompiledStatement {
  const { actions, resources, conditions } = statement;
  return {
    statement,
    actions: { negated: actions.negated, globs: actions.values.map((value) => parseGlob(value.toLowerCase())) },
    resources: resources && {
      negated: resources.negated,
      patterns: resources.values.map((value) => parseArnPattern(value, { variables, of: 'resource' })),
    },
    conditions: conditions.map((condition) => compileCondition(condition, variables)),
  };
}

/** Actions are compared without regard to case. */
export function matchesAction({ actions }: CompiledStatement, { action }: PreparedRequest): boolean {
  return actions.globs.some((glob) => matchesGlob(glob, action)) !== actions.negated;
}

export function matchesResource({ resources }: CompiledStatement, { resource, request }: PreparedRequest): boolean {
  if (resources === undefined) return true;
  return resources.patterns.some((pattern) => matchesArn(pattern, resource, request.context)) !== resources.negated;
}

export function meetsConditions({ conditions }: CompiledStatement, { request }: PreparedRequest): boolean {
  return conditions.every((condition) => condition.holds(request.context));
}

/** All but the principal. */
export function matchesRequest(statement: CompiledStatement, request: PreparedRequest): boolean {
  return (
    matchesAction(statement, request) && matchesResource(statement, request) && meetsConditions(statement, request)
  );
}
