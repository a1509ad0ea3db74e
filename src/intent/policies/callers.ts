/**
 * Who is let in by the policy of a resource in another account. A principal cannot hold a wildcard and the names of
 * Identity Center's roles end in an unknown suffix, so the principal is the organisation (or the accounts) and
 * `aws:PrincipalArn` narrows it to the roles: never an account root alone, which would let every role of that account in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
import { formatArn } from '../../aws/arn.ts';
import { measurePolicy } from '../../aws/policy/limits.ts';
import { KeylessError } from '../../kernel/error.ts';
import { permissionSetRolePattern, permissionSetRolePatternOf, pipelineRoleArnIn } from '../derived.ts';
import type { Intent, PipelinePhase, StateBackend, StateRule } from '../intent.ts';
import { document, type PolicyDocument, type PolicyStatement, printPolicy } from './document.ts';

/** Sessions that a statement is about. */
export interface Who {
  readonly phases: readonly PipelinePhase[];
  readonly permissionSets: readonly string[];
  /** Account names; `undefined`: all. */
  readonly accounts: readonly string[] | undefined;
}

/** ARN patterns of roles. */
export type RolePatterns = (who: readonly Who[]) => readonly string[];

/** The beginning of a statement that lets the roles of `patterns` in. */
export type LetIn = (
  sid: string,
  patterns: readonly string[],
) => Pick<PolicyStatement, 'Sid' | 'Effect' | 'Principal'> & {
  readonly Condition: NonNullable<PolicyStatement['Condition']>;
};

/** Sessions that read state and those that write it. */
export function readersAndWriters(backend: StateBackend): {
  readonly readers: readonly StateRule[];
  readonly writers: readonly StateRule[];
} {
  const anywhere = { permissionSets: [], accounts: undefined, keys: ['*'] };
  return {
    readers: backend.readers ?? [{ ...anywhere, phases: ['plan', 'apply'] }],
    writers: backend.writers ?? [{ ...anywhere, phases: ['apply'] }],
  };
}

/**
 * A resource policy that fits into what AWS takes: with the roles account by account, else, where the organisation keeps
 * strangers out, with role patterns for any account. `undefined` while no account id is known; throws CONFIG_INVALID when
 * neither fits.
 */
export function resourcePolicy(
  intent: Intent,
  what: string,
  statements: (letIn: LetIn, patterns: RolePatterns) => readonly PolicyStatement[],
): PolicyDocument | undefined {
  const accountIds = [...intent.accounts.values()].flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (accountIds.length === 0) return undefined;
  const letIn = lettingIn(intent, accountIds);
  const byAccount = document(statements(letIn, (who) => patternsOf(intent, who, false)));
  const { size, most } = measurePolicy(printPolicy(byAccount), smallest);
  if (size <= most) return byAccount;
  const byPattern = intent.organization.id && document(statements(letIn, (who) => patternsOf(intent, who, true)));
  if (byPattern && measurePolicy(printPolicy(byPattern), smallest).size <= most) return byPattern;
  throw new KeylessError({
    code: 'CONFIG_INVALID',
    message: `${what} would have ${size} bytes for ${accountIds.length} accounts; AWS takes ${most}`,
    hint:
      intent.organization.id === undefined
        ? 'fill in organization.id in keyless.yaml: then the organisation is trusted instead of each account'
        : 'give readers and writers in keyless.yaml fewer accounts and keys, or keep the state in more than one bucket',
    details: { bytes: size, limit: most, accounts: accountIds.length },
  });
}

/** Buckets and tables take as much as each other, keys more. */
const smallest = 'bucket';

function lettingIn(intent: Intent, accountIds: readonly string[]): LetIn {
  const organization = intent.organization.id;
  const roots = accountIds.map((account) =>
    formatArn({ partition: intent.partition, service: 'iam', region: '', account, resource: 'root' }),
  );
  return (sid, patterns) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: organization === undefined ? { AWS: roots } : '*',
    Condition: {
      ...(organization !== undefined && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
      ArnLike: { 'aws:PrincipalArn': patterns },
    },
  });
}

/**
 * Account by account in the order of the file, each once; with `anywhere` one pattern for any account, for those who may
 * be in any.
 */
function patternsOf(intent: Intent, who: readonly Who[], anywhere: boolean): readonly string[] {
  const places = [...intent.accounts.values()].flatMap(({ name, id }) => (id === undefined ? [] : [{ name, id }]));
  const patterns = (anywhere ? [{ name: undefined, id: '*' }, ...places] : places).flatMap(({ name, id }) =>
    who
      .filter(({ accounts }) =>
        accounts === undefined ? !anywhere || name === undefined : accounts.includes(name ?? ''),
      )
      .flatMap(({ phases, permissionSets }) => [
        ...phases.flatMap((phase) => [
          ...(phase === 'publish' ? [] : [permissionSetRolePattern(intent, id, phase)]),
          pipelineRoleArnIn(intent, id, phase),
        ]),
        ...permissionSets.map((set) => permissionSetRolePatternOf(intent, id, set)),
      ]),
  );
  return [...new Set(patterns)];
}
