/**
 * Whether permissions can become more than they are: every known path, decided exactly over the policies (patterns, denies
 * and conditions included), with the requests that walk it, or the certainty that it is closed.
 */
import type { AccessRequest, NamedPolicy, PolicyPrincipal, PolicySet } from '../policy/request.ts';
import {
  actionDimension,
  allowedRequests,
  keyDimension,
  type Question,
  resourceDimension,
} from '../prove/allowed-requests.ts';
import { TextSet } from '../prove/key-set.ts';
import { Language } from '../prove/language.ts';
import { arnPatternLanguage, noVariables } from '../prove/pattern-language.ts';
import { type Box, intersection, type Region } from '../prove/region.ts';
import { witness } from '../prove/witness.ts';
import { type EscalationPath, type EscalationStep, type EscalationTarget, escalationPaths } from './paths.ts';

export interface EscalationQuestion {
  readonly principal: Extract<PolicyPrincipal, { readonly type: 'user' | 'role-session' }>;
  readonly policies: PolicySet;
  readonly known?: Question['known'];
  /**
   * Which roles and users hold, or can be given, more than the boundary of the principal: whoever becomes one of them has
   * escalated. Default: every other one of the account.
   */
  readonly beyond?: { readonly roles?: Language; readonly users?: Language; readonly groups?: Language };
  /** What runs already (functions, instances, projects) may hold a role beyond the boundary. Default true. */
  readonly workloadsBeyond?: boolean;
}

export interface Escalation {
  readonly path: EscalationPath;
  /** One request for each step, all of which are allowed. */
  readonly requests: readonly AccessRequest[];
}

/** @throws Undecidable where the policies cannot be decided exactly */
export function findEscalations(question: EscalationQuestion): readonly Escalation[] {
  return escalationPaths.flatMap((path) => {
    const requests = walkPath(path, question);
    return requests === undefined ? [] : [{ path, requests }];
  });
}

/** One request for each step when the path is open; `undefined` when it is closed. */
export function walkPath(path: EscalationPath, question: EscalationQuestion): readonly AccessRequest[] | undefined {
  const { principal, policies } = question;
  if (path.gains === 'workload' && question.workloadsBeyond === false) return undefined;
  // More policies change nothing for who has a boundary, as long as the boundary stays what it is.
  if (path.gains === 'self' && policies.boundary !== undefined && !canChangeBoundary(policies.boundary, question)) {
    return undefined;
  }
  const regions = path.steps.map((step) => stepRegion(step, path, question));
  const shared = new Map<EscalationTarget, Region>();
  for (const [index, { on }] of path.steps.entries()) {
    if (on === undefined) continue;
    const resources = (regions[index] as Region).map((box) => resourceOnly(box));
    const before = shared.get(on);
    shared.set(on, before === undefined ? resources : intersection(before, resources));
  }
  const requests = path.steps.map(({ on }, index) => {
    const own = regions[index] as Region;
    const joint = on === undefined ? own : intersection(own, one(shared.get(on) as Region));
    return witness(joint, principal, principal.account);
  });
  return requests.every((request) => request !== undefined) ? requests : undefined;
}

/** The first resource that all steps share, so that they speak of one and the same. */
function one(resources: Region): Region {
  const set = resources[0]?.get(resourceDimension);
  const arn = set instanceof TextSet ? set.language.shortest() : undefined;
  return arn === undefined ? [] : [new Map([[resourceDimension, new TextSet(false, Language.of(arn))]])];
}

function resourceOnly(box: Box): Box {
  const set = box.get(resourceDimension);
  return new Map(set === undefined ? [] : [[resourceDimension, set]]);
}

function stepRegion(step: EscalationStep, path: EscalationPath, question: EscalationQuestion): Region {
  const passes = step.action === 'iam:PassRole' ? path.passedTo : undefined;
  return ask(question, step.action, targetLanguage(step, question), passes);
}

function ask(
  question: EscalationQuestion,
  action: string,
  resources: Language,
  passedTo: readonly string[] | undefined,
): Region {
  const { principal, policies, known } = question;
  const box = new Map([
    [actionDimension, new TextSet(false, Language.of(action.toLowerCase()))],
    [resourceDimension, new TextSet(false, resources)],
  ]);
  if (passedTo !== undefined)
    box.set(keyDimension('iam:PassedToService'), new TextSet(false, Language.ofAny(passedTo)));
  return allowedRequests({ principal, within: [box], ...(known && { known }) }, policies);
}

function targetLanguage({ action, on }: EscalationStep, question: EscalationQuestion): Language {
  const { principal, beyond = {} } = question;
  const ofAccount = (resource: string): Language => like(`arn:*:iam::${principal.account}:${resource}`);
  const own = Language.of(principal.type === 'user' ? principal.arn : principal.roleArn);
  const isUser = principal.type === 'user';
  switch (on) {
    case 'role':
      return (beyond.roles ?? ofAccount('role/*')).minus(own);
    case 'user':
      return (beyond.users ?? ofAccount('user/*')).minus(own);
    case 'group':
    case 'own group':
      return isUser ? (beyond.groups ?? ofAccount('group/*')) : Language.none;
    case 'policy':
      return ofAccount('policy/*');
    case 'own role':
      return isUser ? Language.none : own;
    case 'own user':
      return isUser ? own : Language.none;
    case 'own policy':
      return Language.ofAny(customerManaged(question.policies.identity));
    default:
      return resourcesOf(action.split(':')[0] as string);
  }
}

/** Services whose actions are on resources of another one too. */
const alsoOn: Readonly<Record<string, readonly string[]>> = { ssm: ['ec2'], 'ec2-instance-connect': ['ec2'] };

const resources = new Map<string, Language>();

function resourcesOf(service: string): Language {
  const known = resources.get(service);
  if (known !== undefined) return known;
  const language = [service, ...(alsoOn[service] ?? [])]
    .map((name) => like(`arn:*:${name}:*:*:*`))
    .reduce((a, b) => a.or(b), Language.of('*'));
  resources.set(service, language);
  return language;
}

/** A boundary is no limit to who can take it off, or write its next version. */
function canChangeBoundary(boundary: NamedPolicy, question: EscalationQuestion): boolean {
  const { principal } = question;
  const [own, actions] =
    principal.type === 'user'
      ? [principal.arn, ['iam:DeleteUserPermissionsBoundary', 'iam:PutUserPermissionsBoundary']]
      : [principal.roleArn, ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary']];
  if (actions.some((action) => ask(question, action, Language.of(own), undefined).length > 0)) return true;
  const versions = ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'];
  return customerManaged([boundary]).some((arn) =>
    versions.some((action) => ask(question, action, Language.of(arn), undefined).length > 0),
  );
}

/** Policies that are named by an ARN of an account; AWS's own cannot be changed. */
function customerManaged(policies: readonly NamedPolicy[]): readonly string[] {
  return policies.map(({ name }) => name).filter((name) => /^arn:[^:]+:iam::\d{12}:policy\//.test(name));
}

const patterns = new Map<string, Language>();

function like(pattern: string): Language {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const language = arnPatternLanguage(pattern, noVariables, 'as-it-is');
  patterns.set(pattern, language);
  return language;
}
