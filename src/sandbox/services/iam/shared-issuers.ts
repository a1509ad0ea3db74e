/**
 * Identity-provider controls: of an issuer that many organisations share, a trust policy must look at the claim that
 * tells them apart, or IAM refuses it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html).
 */
import type { Policy, Statement } from '../../../aws/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';

/** Issuer without `https://` → claim. */
const tenancyClaims: Readonly<Record<string, 'sub' | 'aud'>> = {
  'agent.buildkite.com': 'sub',
  'api.pulumi.com/oidc': 'aud',
  'app.terraform.io': 'sub',
  'cognito-identity.amazonaws.com': 'aud',
  'gitlab.com': 'sub',
  'oidc-configuration.audit-log.githubusercontent.com': 'sub',
  'oidc.codefresh.io': 'sub',
  'oidc.vercel.com': 'aud',
  'proidc.upbound.io': 'sub',
  'sandboxes.cloud': 'aud',
  'scalr.io': 'sub',
  'studio.datachain.ai/api': 'sub',
  'token.actions.githubusercontent.com': 'sub',
  'tokens.cloud.shisho.dev': 'sub',
  'vstoken.actions.githubusercontent.com': 'sub',
};

/** The claim that tells the customers of a shared issuer apart; `undefined` for an issuer of one's own. */
export function tenancyClaim(issuer: string): 'sub' | 'aud' | undefined {
  return Object.hasOwn(tenancyClaims, issuer) ? tenancyClaims[issuer] : undefined;
}

/** Throws when a statement lets a shared issuer in without looking at its tenancy claim. */
export function checkSharedIssuers(policy: Policy): void {
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow') continue;
    for (const federated of statement.principal?.federated ?? []) {
      const issuer = federated.replace(/^arn:[a-z-]+:iam::\d{12}:oidc-provider\//, '');
      const claim = tenancyClaim(issuer);
      if (claim !== undefined && !evaluates(statement, `${issuer}:${claim}`)) {
        throw new AwsError(
          'MalformedPolicyDocument',
          `The trust policy must evaluate ${issuer}:${claim} with a value that is not a wildcard alone: the issuer is shared by many organisations.`,
        );
      }
    }
  }
}

/** Which operator does it IAM leaves open; a value of wildcards alone evaluates nothing. */
function evaluates(statement: Statement, key: string): boolean {
  return statement.conditions.some(
    (condition) =>
      condition.operator !== 'Null' &&
      condition.key.toLowerCase() === key.toLowerCase() &&
      condition.values.length > 0 &&
      condition.values.every((value) => /[^*?]/.test(value)),
  );
}
