/**
 * Reads a policy document as the AWS service that takes this kind of document would, and refuses what it refuses.
 * Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { type JsonObject, type JsonValue, parseJson } from '../../formats/json/index.ts';
import type { Condition, Patterns, Policy, PolicyKind, PolicyResult, PrincipalElement, Statement } from './document.ts';
import { parseConditions } from './parse-conditions.ts';
import { parsePrincipal } from './parse-principal.ts';
import { membersOf, type Reading, report, reportAs, stringsOf } from './reading.ts';
import { type Refusal, refuse, refuseResource, refuseWith, stages } from './refusals.ts';
import { resourceProblem } from './resource-format.ts';

/** Kinds that hang on a resource and say whom they are for. */
const withPrincipal: ReadonlySet<PolicyKind> = new Set(['trust', 'bucket', 'key', 'table', 'rcp']);
/** Kinds whose `Sid` may hold more than letters and digits. */
const freeSid: ReadonlySet<PolicyKind> = new Set(['bucket', 'key', 'table']);
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html, "Key points". */
const withoutNotPrincipal: ReadonlySet<PolicyKind> = new Set(['trust', 'rcp']);
/** Kinds that AWS still takes in the language of 2008. */
const oldVersionAllowed: ReadonlySet<PolicyKind> = new Set(['trust', 'bucket', 'key', 'table']);

/**
 * The policy, or all reasons for which AWS would refuse it, the first being the one it answers with. Never throws; takes
 * time in proportion to the text. Sizes are judged by `checkPolicyLimits`.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyResult {
  const { root } = parseJson(text);
  const reading: Reading = { kind, found: [] };
  if (root?.kind !== 'object') return { ok: false, problems: [refuse(kind, 'not-json', '')] };
  const policy = readPolicy(reading, root);
  if (reading.found.length === 0) return { ok: true, policy };
  const inOrder = withPrincipal.has(kind)
    ? reading.found
    : reading.found.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
  return { ok: false, problems: inOrder.map(({ problem }) => problem) };
}

function readPolicy(reading: Reading, root: JsonObject): Policy {
  const members = membersOf(reading, root, '', ['Version', 'Id', 'Statement']);
  const version = readVersion(reading, members.get('Version'));
  const id = readString(reading, members.get('Id'), 'Id');
  const statement = members.get('Statement');
  const statements: Statement[] = [];
  if (statement?.kind === 'object') statements.push(readStatement(reading, statement, 0, 'Statement'));
  else if (statement?.kind === 'array' && statement.elements.length > 0) {
    for (const [index, element] of statement.elements.entries()) {
      const path = `Statement[${index}]`;
      if (element.kind === 'object') statements.push(readStatement(reading, element, index, path));
      else report(reading, 'syntax', path);
    }
  } else report(reading, 'no-statement', 'Statement');
  const seen = new Set<string>();
  for (const { sid, index } of statements) {
    if (sid === undefined || sid === '') continue;
    if (seen.has(sid)) report(reading, 'sid-not-unique', `Statement[${index}].Sid`);
    seen.add(sid);
  }
  return { version, id, statements };
}

function readVersion(reading: Reading, value: JsonValue | undefined): Policy['version'] {
  if (value?.kind === 'string' && value.value === '2012-10-17') return '2012-10-17';
  const old = value === undefined || (value.kind === 'string' && value.value === '2008-10-17');
  if (!old) report(reading, 'version-unknown', 'Version');
  else if (!oldVersionAllowed.has(reading.kind)) report(reading, 'version-old', 'Version');
  return '2008-10-17';
}

const statementElements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;

function readStatement(reading: Reading, statement: JsonObject, index: number, path: string): Statement {
  const members = membersOf(reading, statement, `${path}.`, statementElements);
  const effect = members.get('Effect');
  const effectValue = effect?.kind === 'string' ? effect.value : undefined;
  if (effect === undefined) report(reading, 'effect-missing', path);
  else if (effectValue !== 'Allow' && effectValue !== 'Deny') {
    report(reading, /^(allow|deny)$/i.test(effectValue ?? '') ? 'legacy' : 'syntax', `${path}.Effect`);
  }
  const sid = readString(reading, members.get('Sid'), `${path}.Sid`);
  if (sid !== undefined && !freeSid.has(reading.kind) && !/^[0-9A-Za-z]*$/.test(sid)) {
    report(reading, 'sid-not-alphanumeric', `${path}.Sid`);
  }
  return {
    index,
    sid,
    effect: effectValue === 'Deny' ? 'Deny' : 'Allow',
    principal: readPrincipal(reading, members, effectValue, path),
    actions: readActions(reading, members, path),
    resources: readResources(reading, members, path),
    conditions: readConditions(reading, members.get('Condition'), `${path}.Condition`),
  };
}

type Members = ReadonlyMap<string, JsonValue>;

function readPrincipal(
  reading: Reading,
  members: Members,
  effect: string | undefined,
  path: string,
): PrincipalElement | undefined {
  const element = eitherOf(reading, members, 'Principal', path);
  if (element === undefined) {
    if (withPrincipal.has(reading.kind)) report(reading, 'principal-missing', path);
    return undefined;
  }
  if (!withPrincipal.has(reading.kind)) {
    report(reading, 'principal-prohibited', element.path);
    return undefined;
  }
  if (element.negated && effect === 'Allow') report(reading, 'allow-with-not-principal', element.path);
  else if (element.negated && withoutNotPrincipal.has(reading.kind)) {
    report(reading, 'not-principal-prohibited', element.path);
  }
  const principal = parsePrincipal(reading, element.value, element.negated, element.path);
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
  if (reading.kind === 'rcp' && !principal.any) report(reading, 'syntax', element.path);
  return principal;
}

function readActions(reading: Reading, members: Members, path: string): Patterns {
  const element = eitherOf(reading, members, 'Action', path);
  const values = element === undefined ? [] : stringsOf(reading, element.value, element.path);
  if (element === undefined || values.length === 0) report(reading, 'action-missing', path);
  for (const action of values) {
    const problem = actionProblem(reading.kind, action);
    if (typeof problem === 'string') report(reading, problem, element?.path ?? path);
    else if (problem !== undefined) {
      reportAs(reading, 'action-form', refuseWith(reading.kind, problem.vendor, element?.path ?? path));
    }
  }
  return { negated: element?.negated ?? false, values };
}

function actionProblem(kind: PolicyKind, action: string): Refusal | { readonly vendor: string } | undefined {
  if (kind === 'trust') return /^sts:./i.test(action) ? undefined : 'trust-action';
  if (action === '*') return undefined;
  const [vendor = '', name, more] = action.split(':', 3);
  if (name === undefined) return 'action-without-vendor';
  if (more !== undefined) return 'action-colons';
  if (!/^[a-zA-Z0-9.-]+$/.test(vendor) && vendor !== '*') return { vendor: `Vendor ${vendor} is not valid` };
  return undefined;
}

function readResources(reading: Reading, members: Members, path: string): Patterns | undefined {
  const element = eitherOf(reading, members, 'Resource', path);
  if (reading.kind === 'trust') {
    if (element !== undefined) {
      report(reading, element.negated ? 'not-resource-prohibited' : 'resource-prohibited', element.path);
    }
    return undefined;
  }
  const values = element === undefined ? [] : stringsOf(reading, element.value, element.path);
  if (element === undefined || values.length === 0) report(reading, 'resource-missing', path);
  for (const value of values) {
    const problem = resourceProblem(value);
    if (problem === 'legacy') report(reading, 'legacy', element?.path ?? path);
    else if (problem !== undefined) {
      reportAs(reading, 'resource-form', refuseResource(reading.kind, problem.message, element?.path ?? path));
    }
  }
  return { negated: element?.negated ?? false, values };
}

function readConditions(reading: Reading, value: JsonValue | undefined, path: string): readonly Condition[] {
  if (value === undefined) return [];
  return parseConditions(reading, value, path);
}

/** `Action` or `NotAction`; both at once is a syntax error. */
function eitherOf(
  reading: Reading,
  members: Members,
  name: 'Principal' | 'Action' | 'Resource',
  path: string,
): { readonly value: JsonValue; readonly negated: boolean; readonly path: string } | undefined {
  const plain = members.get(name);
  const negated = members.get(`Not${name}`);
  if (plain !== undefined && negated !== undefined) report(reading, 'syntax', `${path}.Not${name}`);
  if (plain !== undefined) return { value: plain, negated: false, path: `${path}.${name}` };
  return negated === undefined ? undefined : { value: negated, negated: true, path: `${path}.Not${name}` };
}

function readString(reading: Reading, value: JsonValue | undefined, path: string): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'string') return value.value;
  report(reading, 'syntax', path);
  return undefined;
}
