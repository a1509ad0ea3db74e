/**
 * Which claims of an identity token become condition keys. Any other claim is no key: a policy that names it compares
 * with nothing. AWS Service Authorization Reference, STS, AssumeRoleWithWebIdentity (January 2026).
 */

/** Of every issuer. */
const commonClaims: readonly string[] = ['sub', 'amr', 'email'];

const issuerClaims: readonly { readonly issuer: RegExp; readonly claims: readonly string[] }[] = [
  {
    issuer:
      /^(token\.actions\.githubusercontent\.com(\/[^/]+)?|token\.actions\.[a-z0-9-]+\.ghe\.com|github\.com\/enterprises\/[^/]+)$/,
    claims: [
      'actor',
      'actor_id',
      'enterprise_id',
      'environment',
      'job_workflow_ref',
      'ref',
      'repository',
      'repository_id',
      'repository_owner_id',
      'workflow',
    ],
  },
  {
    issuer: /^gitlab\.com$/,
    claims: [
      'namespace_id',
      'pipeline_source',
      'project_id',
      'ref_protected',
      'runner_environment',
      'user_access_level',
      'user_email',
      'user_id',
      'user_login',
    ],
  },
  {
    issuer: /^agent\.(buildkite\.com|[a-z0-9-]+\.buildkite\.(dev|site))$/,
    claims: [
      'build_branch',
      'cluster_id',
      'cluster_name',
      'organization_id',
      'organization_slug',
      'pipeline_id',
      'pipeline_slug',
    ],
  },
  { issuer: /^oidc\.circleci\.com\/org\/[^/]+$/, claims: ['oidc.circleci.com/project-id'] },
];

/** @param issuer without `https://`, as the URL of the IAM provider */
export function claimsThatAreKeys(issuer: string): readonly string[] {
  return [...commonClaims, ...(issuerClaims.find(({ issuer: pattern }) => pattern.test(issuer))?.claims ?? [])];
}
