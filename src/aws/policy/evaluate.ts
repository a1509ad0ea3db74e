/**
 * The decision AWS would take.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html (one account)
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (two accounts)
 */
import {
  type CompiledStatement,
  compiledStatements,
  matchesRequest,
  type PreparedRequest,
  prepareRequest,
} from './compile.ts';
import type { Statement } from './document.ts';
import { explainAllow, explainDeny, explainSilence } from './explain.ts';
import { isExempt, type NamedAs, namedAs } from './principal-match.ts';
import type { AccessRequest, Decision, NamedPolicy, PolicyPrincipal, PolicySet, PolicySetKind } from './request.ts';

/** Pure; the same answer whatever the order of policies, statements and values. */
export function evaluate(request: AccessRequest, policies: PolicySet): Decision {
  const evaluation: Evaluation = { ...prepareRequest(request), policies };
  return explicitDeny(evaluation) ?? organizationSilence(evaluation) ?? grant(evaluation);
}

interface Evaluation extends PreparedRequest {
  readonly policies: PolicySet;
}

interface Hit {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
}

interface ResourceHit extends Hit {
  readonly namedAs: NamedAs;
}

/** A Deny anywhere wins. */
function explicitDeny(evaluation: Evaluation): Decision | undefined {
  const { policies } = evaluation;
  const inOrder: readonly (readonly [PolicySetKind, readonly NamedPolicy[]])[] = [
    ['rcp', policies.rcps?.flat() ?? []],
    ['scp', boundByScps(evaluation.request.principal) ? (policies.scps?.flat() ?? []) : []],
    ['resource', listOf(policies.resource)],
    ['identity', policies.identity],
    ['boundary', listOf(policies.boundary)],
    ['session', policies.session ?? []],
  ];
  for (const [by, list] of inOrder) {
    const hit = findHit(evaluation, by, list, 'Deny');
    if (hit === undefined) continue;
    return decision('explicit-deny', by, hit, explainDeny(by, hit.policy, hit.statement, evaluation.request));
  }
  return undefined;
}

/** Each level of the organisation must allow: RCPs whoever asks, SCPs the members of its accounts. */
function organizationSilence(evaluation: Evaluation): Decision | undefined {
  const { policies, request } = evaluation;
  for (const level of policies.rcps ?? []) {
    if (findHit(evaluation, 'rcp', level, 'Allow') === undefined) return silence(evaluation, 'rcp', level);
  }
  if (!boundByScps(request.principal)) return undefined;
  for (const level of policies.scps ?? []) {
    if (findHit(evaluation, 'scp', level, 'Allow') === undefined) return silence(evaluation, 'scp', level);
  }
  return undefined;
}

function grant(evaluation: Evaluation): Decision {
  const { request, policies } = evaluation;
  const { principal } = request;
  const byResource = findResourceAllow(evaluation);
  if (!('account' in principal)) {
    return byResource
      ? allow(evaluation, 'resource', byResource)
      : silence(evaluation, 'resource', listOf(policies.resource));
  }
  const sameAccount = (request.resourceAccount ?? principal.account) === principal.account;
  if (!sameAccount) {
    if (byResource === undefined) return silence(evaluation, 'resource', listOf(policies.resource));
    return identityRefusal(evaluation) ?? limitRefusal(evaluation) ?? allow(evaluation, 'resource', byResource);
  }
  if (byResource !== undefined && byResource.namedAs !== 'account') {
    // Boundary and session policies limit what is granted to a role, not what is granted to a user or session itself.
    const limited = byResource.namedAs === 'role' ? limitRefusal(evaluation) : undefined;
    return limited ?? allow(evaluation, 'resource', byResource);
  }
  if (policies.resourcePolicy === 'required' && byResource === undefined) {
    return silence(evaluation, 'resource', listOf(policies.resource));
  }
  return identityRefusal(evaluation) ?? limitRefusal(evaluation) ?? allowByIdentity(evaluation);
}

function identityRefusal(evaluation: Evaluation): Decision | undefined {
  if (hasEverything(evaluation.request.principal)) return undefined;
  const { identity } = evaluation.policies;
  return findHit(evaluation, 'identity', identity, 'Allow') ? undefined : silence(evaluation, 'identity', identity);
}

/** The boundary, and the session policies, of which one must allow. */
function limitRefusal(evaluation: Evaluation): Decision | undefined {
  const { boundary, session } = evaluation.policies;
  if (boundary !== undefined && !findHit(evaluation, 'boundary', [boundary], 'Allow')) {
    return silence(evaluation, 'boundary', [boundary]);
  }
  if (session !== undefined && !findHit(evaluation, 'session', session, 'Allow')) {
    return silence(evaluation, 'session', session);
  }
  return undefined;
}

function allowByIdentity(evaluation: Evaluation): Decision {
  return allow(evaluation, 'identity', findHit(evaluation, 'identity', evaluation.policies.identity, 'Allow'));
}

/** The root user needs no policy; only the organisation's and explicit denies bind it. */
function hasEverything(principal: PolicyPrincipal): boolean {
  return principal.type === 'root';
}

/** SCPs bind the users, roles and root users of member accounts, nobody else. */
function boundByScps(principal: PolicyPrincipal): boolean {
  return 'account' in principal;
}

function findHit(
  evaluation: Evaluation,
  kind: PolicySetKind,
  policies: readonly NamedPolicy[],
  effect: Statement['effect'],
): Hit | undefined {
  const hasPrincipal = kind === 'resource' || kind === 'rcp';
  for (const policy of policies) {
    for (const compiled of compiledStatements(policy.policy)) {
      const { statement } = compiled;
      if (statement.effect !== effect || !matchesRequest(compiled, evaluation)) continue;
      if (!hasPrincipal || reaches(evaluation, compiled)) return { policy, statement };
    }
  }
  return undefined;
}

/** The Allow of the resource policy that names the caller most directly. */
function findResourceAllow(evaluation: Evaluation): ResourceHit | undefined {
  const policy = evaluation.policies.resource;
  if (policy === undefined) return undefined;
  let best: ResourceHit | undefined;
  for (const compiled of compiledStatements(policy.policy)) {
    const { statement } = compiled;
    const { principal } = statement;
    if (statement.effect !== 'Allow' || principal === undefined || !matchesRequest(compiled, evaluation)) continue;
    const named = namingOf(evaluation, compiled);
    if (named === undefined) continue;
    if (best === undefined || directness[named] > directness[best.namedAs])
      best = { policy, statement, namedAs: named };
  }
  return best;
}

const directness: Readonly<Record<NamedAs, number>> = { account: 0, role: 1, everyone: 2, itself: 3 };

function reaches(evaluation: Evaluation, compiled: CompiledStatement): boolean {
  return namingOf(evaluation, compiled) !== undefined;
}

function namingOf({ request, policies }: Evaluation, { statement }: CompiledStatement): NamedAs | undefined {
  const { principal, effect } = statement;
  if (principal === undefined) return undefined;
  if (!principal.negated) return namedAs(principal, request.principal);
  // AWS: a Deny with NotPrincipal always denies a principal that has a permissions boundary, whatever it lists.
  if (effect === 'Deny' && policies.boundary !== undefined) return 'everyone';
  return isExempt(principal, request.principal, effect) ? undefined : 'everyone';
}

function allow({ request }: Evaluation, by: PolicySetKind, hit: Hit | undefined): Decision {
  return decision('allow', by, hit, explainAllow(by, hit?.policy, hit?.statement, request));
}

function silence(evaluation: Evaluation, by: PolicySetKind, policies: readonly NamedPolicy[]): Decision {
  const { why, nearMiss } = explainSilence(by, policies, evaluation);
  const decided = decision('implicit-deny', by, undefined, why);
  return nearMiss === undefined ? decided : { ...decided, nearMiss };
}

function decision(outcome: Decision['outcome'], by: PolicySetKind, hit: Hit | undefined, why: string): Decision {
  return {
    allowed: outcome === 'allow',
    outcome,
    by,
    statement: hit && { policy: hit.policy.name, index: hit.statement.index, sid: hit.statement.sid },
    why,
  };
}

function listOf(policy: NamedPolicy | undefined): readonly NamedPolicy[] {
  return policy === undefined ? [] : [policy];
}
