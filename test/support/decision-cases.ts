/**
 * The decisions of src/aws/policy/cases: each file has groups, each group the AWS page it follows and decisions. A decision
 * takes over what its group says of request and policies; `condition` stands for an identity policy that allows everything
 * under that condition.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Policy, PolicyKind } from '../../src/aws/policy/document.ts';
import { parsePolicy } from '../../src/aws/policy/parse.ts';
import type {
  AccessRequest,
  Decision,
  NamedPolicy,
  PolicyPrincipal,
  PolicySet,
  PolicySetKind,
} from '../../src/aws/policy/request.ts';

export interface DecisionCase {
  /** File, group and decision. */
  readonly name: string;
  readonly source: string;
  readonly request: AccessRequest;
  readonly policies: PolicySet;
  readonly expected: {
    readonly outcome: Decision['outcome'];
    readonly by: PolicySetKind | undefined;
    readonly sid: string | undefined;
  };
}

interface RequestJson {
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

type Statements = readonly object[];

interface PoliciesJson {
  readonly identity: readonly Statements[];
  readonly boundary?: Statements;
  readonly session?: readonly Statements[];
  readonly resource?: Statements;
  readonly resourceKind?: PolicyKind;
  readonly resourcePolicy?: 'sufficient' | 'required';
  readonly scps?: readonly (readonly Statements[])[];
  readonly rcps?: readonly (readonly Statements[])[];
}

interface DecisionJson extends RequestJson {
  readonly name: string;
  readonly policies?: PoliciesJson;
  readonly condition?: object;
  readonly version?: string;
  readonly expect: Decision['outcome'];
  readonly by?: PolicySetKind;
  readonly sid?: string;
}

interface GroupJson {
  readonly name: string;
  readonly source: string;
  readonly request?: RequestJson;
  readonly policies?: PoliciesJson;
  readonly version?: string;
  readonly decisions: readonly DecisionJson[];
}

const folder = fileURLToPath(new URL('../../src/aws/policy/cases/', import.meta.url));
const principals = readJson('principals.json') as Readonly<Record<string, PolicyPrincipal>>;

export function loadDecisionCases(): readonly DecisionCase[] {
  const files = readdirSync(folder).filter((file) => file !== 'principals.json');
  return files.flatMap((file) => {
    const { groups } = readJson(file) as { readonly groups: readonly GroupJson[] };
    return groups.flatMap((group) => group.decisions.map((decision) => caseOf(file, group, decision)));
  });
}

function caseOf(file: string, group: GroupJson, decision: DecisionJson): DecisionCase {
  const name = `${file}: ${group.name}: ${decision.name}`;
  const request = { ...group.request, ...decision };
  const { principal = '', action, resource, resourceAccount, context = {} } = request;
  const caller = principals[principal];
  if (caller === undefined || action === undefined || resource === undefined) throw new Error(`${name}: no request`);
  const version = decision.version ?? group.version ?? '2012-10-17';
  const policies = decision.condition
    ? { identity: [[{ Effect: 'Allow', Action: '*', Resource: '*', Condition: decision.condition }]] }
    : (decision.policies ?? group.policies);
  if (policies === undefined) throw new Error(`${name}: no policies`);
  return {
    name,
    source: group.source,
    request: {
      principal: caller,
      action,
      resource,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
      context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    },
    policies: policySetOf(policies, version),
    expected: { outcome: decision.expect, by: decision.by, sid: decision.sid },
  };
}

function policySetOf(json: PoliciesJson, version: string): PolicySet {
  const named = (kind: PolicyKind, name: string, statements: Statements): NamedPolicy => ({
    name,
    policy: policyOf(kind, version, statements),
  });
  const list = (kind: PolicyKind, policies: readonly Statements[]): readonly NamedPolicy[] =>
    policies.map((statements, index) => named(kind, `${kind}-${index}`, statements));
  return {
    identity: list('identity', json.identity),
    ...(json.boundary && { boundary: named('boundary', 'boundary', json.boundary) }),
    ...(json.session && { session: list('session', json.session) }),
    ...(json.resource && { resource: named(json.resourceKind ?? 'bucket', 'resource', json.resource) }),
    ...(json.scps && { scps: json.scps.map((level) => list('scp', level)) }),
    ...(json.rcps && { rcps: json.rcps.map((level) => list('rcp', level)) }),
    ...(json.resourcePolicy && { resourcePolicy: json.resourcePolicy }),
  };
}

function policyOf(kind: PolicyKind, version: string, statements: Statements): Policy {
  const result = parsePolicy(JSON.stringify({ Version: version, Statement: statements }), kind);
  if (!result.ok) throw new Error(`${JSON.stringify(statements)}: ${JSON.stringify(result.problems)}`);
  return result.policy;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(folder + file, 'utf8'));
}
