/**
 * Whether a trust of an OIDC issuer is limited to the tenant that was meant. Which claim tells tenants apart depends on
 * the issuer; which keys STS evaluates at all, too.
 *
 * Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers"; Service Authorization Reference, STS.
 */
import type { Severity } from '../../kernel/diagnostic.ts';
import type { SourceFile } from '../../repository/index.ts';
import type { PolicyCondition, PolicyStatement } from './policy-statements.ts';
import { issuerOf } from './role-trust.ts';

export interface SubjectFault {
  readonly kind: string;
  readonly severity: Severity;
  readonly place: { readonly file: SourceFile; readonly at: number };
  readonly detail: string;
}

/** `sub` for GitHub and most others; `aud` where every tenant has its own audience. */
export function tenancyClaimOf(issuer: string): 'sub' | 'aud' {
  return /vercel\.com|api\.pulumi\.com|sandboxes\.cloud|cognito-identity|oidc\.circleci\.com\/org\//.test(issuer)
    ? 'aud'
    : 'sub';
}

/** A condition that can only hold for tokens of the tenant: on the tenancy claim, or on a claim STS knows for the issuer. */
export function limitsTenancy(statement: PolicyStatement): boolean {
  const claim = tenancyClaimOf(issuerOf(statement));
  return statement.conditions.some(({ key, operator }) => {
    const name = key.slice(key.lastIndexOf(':') + 1);
    return (name === claim || name === 'sub' || tenantClaims.has(name)) && !isVacuous(operator);
  });
}

/** What is wrong with the conditions of a statement that does name a subject. */
export function subjectFaults(statement: PolicyStatement): readonly SubjectFault[] {
  const subjects = statement.conditions.filter(({ key }) => key.endsWith(':sub'));
  if (subjects.length === 0) return [];
  const others = statement.conditions.some(({ key }) => tenantClaims.has(key.slice(key.lastIndexOf(':') + 1)));
  const faults = subjects.flatMap((condition) => conditionFaults(condition, statement, others));
  const audience = statement.conditions.some(({ key }) => key.endsWith(':aud'));
  if (audience || /oidc\.eks\.|oidc_provider|eks/i.test(issuerOf(statement))) return faults;
  return [
    ...faults,
    {
      kind: 'no audience',
      severity: 'medium',
      place: { file: statement.file, at: subjects[0]?.at ?? statement.at },
      detail: 'aud is not checked, so a token that was made for another service opens this role too.',
    },
  ];
}

function conditionFaults(
  condition: PolicyCondition,
  statement: PolicyStatement,
  limitedOtherwise: boolean,
): readonly SubjectFault[] {
  const fault = (kind: string, severity: Severity, at: number, detail: string): SubjectFault => ({
    kind,
    severity,
    place: { file: statement.file, at },
    detail,
  });
  if (isVacuous(condition.operator)) {
    return [
      fault(
        'vacuous operator',
        'high',
        condition.at,
        `${condition.operator} on sub also holds for a token without sub; use StringEquals.`,
      ),
    ];
  }
  const github = issuerOf(statement).startsWith('token.actions.');
  return condition.values.flatMap(({ text, at }) => {
    if (github && /^(workflow|environment|ref|head_ref|base_ref|actor|event_name|job_workflow_ref):/.test(text)) {
      return [
        fault(
          'claim of the caller',
          'high',
          at,
          `sub "${text}" begins with a claim that every repository sets for itself.`,
        ),
      ];
    }
    const wild = /[*?]/.test(text);
    if (!wild) return [];
    if (!/like/i.test(condition.operator)) {
      return [
        fault(
          'no pattern',
          'low',
          at,
          `${condition.operator} does not read the * in "${text}" as a pattern: it never matches.`,
        ),
      ];
    }
    const width = widthOf(text);
    if (width === undefined) return [];
    return [fault('wide', limitedOtherwise ? 'low' : width.severity, at, `sub "${text}" ${width.says}.`)];
  });
}

/** The fault of one GitHub subject under a pattern operator, for callers that hold the pattern alone. */
export function githubSubjectWidth(
  pattern: string,
): { readonly severity: Severity; readonly says: string } | undefined {
  return /[*?]/.test(pattern) ? widthOf(pattern) : undefined;
}

/** What a pattern for `sub` lets in, in GitHub's grammar where it is one. */
function widthOf(pattern: string): { readonly severity: Severity; readonly says: string } | undefined {
  const beforeWildcard = pattern.slice(0, pattern.search(/[*?]/));
  if (beforeWildcard === '' || /^(repo|project_path|organization|org|space|system):?$/.test(beforeWildcard)) {
    return { severity: 'critical', says: 'matches everybody’s tokens' };
  }
  const github = /^repo:(.*)$/s.exec(pattern)?.[1];
  if (github === undefined) return undefined;
  const slash = github.indexOf('/');
  if (slash === -1 || /[*?]/.test(github.slice(0, slash))) {
    return { severity: 'critical', says: 'also matches organisations that begin with the same letters' };
  }
  const colon = github.indexOf(':', slash);
  if (colon === -1 || /[*?]/.test(github.slice(slash, colon).replaceAll(/@\*$/g, ''))) {
    return { severity: 'high', says: 'matches every repository whose name fits, with every branch and pull request' };
  }
  const context = github.slice(colon + 1);
  if (context === '*')
    return { severity: 'medium', says: 'matches every branch, tag, environment and pull request of the repository' };
  if (/^environment:\*/.test(context))
    return { severity: 'medium', says: 'matches every environment, also one that anybody with write access adds' };
  if (/^ref:refs\/(heads\/)?\*/.test(context))
    return { severity: 'medium', says: 'matches every branch that somebody with write access makes' };
  return undefined;
}

/** True when the claim is missing: the condition asks for nothing. */
function isVacuous(operator: string): boolean {
  return /^ForAllValues:|IfExists$|^StringNot/i.test(operator);
}

const tenantClaims: ReadonlySet<string> = new Set([
  'job_workflow_ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'enterprise_id',
  'namespace_id',
  'project_id',
  'organization_id',
  'organization_slug',
  'pipeline_id',
  'project-id',
  'organization_number',
  'rpst_id',
]);
