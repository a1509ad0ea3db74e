/**
 * Whom the roles of pipelines trust: exactly the tokens of the jobs and workspaces that keyless.yaml names. `aud` and
 * `sub` are compared in every statement; a missing claim fails each of the operators that are used here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
import { formatArn } from '../../aws/arn.ts';
import { webIdentityAudienceOf } from '../../aws/partition.ts';
import type { Intent, PipelinePhase } from '../intent.ts';
import {
  githubIssuer,
  hcpTerraformAudience,
  hcpTerraformIssuer,
  type PipelineGrant,
  pipelineGrants,
} from '../pipeline-grants.ts';
import { document, type PolicyDocument, type TrustStatement, withinSize } from './document.ts';

/** An OIDC provider that an account needs before a role in it can trust the issuer. */
export interface OidcProviderNeed {
  /** Account name. */
  readonly account: string;
  /** With `https://`. */
  readonly url: string;
  readonly clientId: string;
}

/** In the order of the file, each once. */
export function oidcProvidersNeeded(intent: Intent): readonly OidcProviderNeed[] {
  const needs = pipelineGrants(intent).map(
    ({ account, issuer }): OidcProviderNeed => ({ account, ...issuerOf(intent, issuer) }),
  );
  return [...new Map(needs.map((need) => [`${need.account} ${need.url}`, need])).values()];
}

/**
 * The trust policy of the role of a phase in an account; `undefined` where no job or workspace takes it, or the account
 * has no id yet. Throws CONFIG_INVALID when it is longer than a trust policy may be.
 */
export function buildPipelineTrust(
  intent: Intent,
  account: string,
  phase: PipelinePhase,
): PolicyDocument<TrustStatement> | undefined {
  const accountId = intent.accounts.get(account)?.id;
  if (accountId === undefined) return undefined;
  const grants = pipelineGrants(intent).filter((grant) => grant.account === account && grant.phase === phase);
  const statements = [...groupsOf(grants).values()].map(
    ({ issuer, refs, pattern, subjects }, index): TrustStatement => {
      const { url, clientId } = issuerOf(intent, issuer);
      const host = url.replace('https://', '');
      const oidc = { partition: intent.partition, service: 'iam', region: '', account: accountId };
      const equals = {
        [`${host}:aud`]: clientId,
        ...(!pattern && { [`${host}:sub`]: oneOrAll([...subjects]) }),
        ...(refs !== undefined && { [`${host}:ref`]: oneOrAll(refs) }),
      };
      return {
        Sid: `${issuer === 'github' ? 'GitHub' : 'HcpTerraform'}${index + 1}`,
        Effect: 'Allow',
        Principal: { Federated: formatArn({ ...oidc, resource: `oidc-provider/${host}` }) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: equals,
          ...(pattern && { StringLike: { [`${host}:sub`]: oneOrAll([...subjects]) } }),
        },
      };
    },
  );
  if (statements.length === 0) return undefined;
  return withinSize(
    document(statements),
    'trust',
    `the trust policy of the ${phase} role in ${account}`,
    'name fewer environments or branches for the account under github.jobs, or have the quota of IAM raised to 4096',
  );
}

interface Group {
  readonly issuer: PipelineGrant['issuer'];
  readonly refs: readonly string[] | undefined;
  readonly pattern: boolean;
  readonly subjects: Set<string>;
}

/** Subjects that share all other conditions stand in one statement. */
function groupsOf(grants: readonly PipelineGrant[]): ReadonlyMap<string, Group> {
  // A subject that is trusted on any ref is not narrowed by another job of the same environment.
  const free = new Set(grants.filter(({ refs }) => refs === undefined).map(({ subject }) => subject));
  const groups = new Map<string, Group>();
  for (const { issuer, subject, refs } of grants) {
    if (refs !== undefined && free.has(subject)) continue;
    const pattern = issuer === 'github' && /[*?]/.test(subject);
    const key = JSON.stringify([issuer, refs, pattern]);
    const group = groups.get(key) ?? { issuer, refs, pattern, subjects: new Set() };
    groups.set(key, group);
    group.subjects.add(subject);
  }
  return groups;
}

function issuerOf(
  { partition }: Intent,
  issuer: PipelineGrant['issuer'],
): { readonly url: string; readonly clientId: string } {
  if (issuer === 'hcp-terraform') return { url: hcpTerraformIssuer, clientId: hcpTerraformAudience };
  return { url: githubIssuer, clientId: webIdentityAudienceOf(partition) };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
