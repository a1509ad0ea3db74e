/**
 * What the S3 backend called its arguments before Terraform 1.6, and by what it is told from other backends where only
 * the arguments are at hand. Source: https://developer.hashicorp.com/terraform/language/upgrade-guides/1-6#aws-s3-backend
 */

/** Arguments of the role, by the name they have inside `assume_role` now. Terraform 1.10 refuses them. */
export const flatRoleArguments: ReadonlyMap<string, string> = new Map([
  ['role_arn', 'role_arn'],
  ['session_name', 'session_name'],
  ['external_id', 'external_id'],
  ['assume_role_duration_seconds', 'duration'],
  ['assume_role_policy', 'policy'],
  ['assume_role_policy_arns', 'policy_arns'],
  ['assume_role_tags', 'tags'],
  ['assume_role_transitive_tag_keys', 'transitive_tag_keys'],
]);

/** Arguments of endpoints, by the name they have inside `endpoints` now. */
export const flatEndpointArguments: ReadonlyMap<string, string> = new Map([
  ['endpoint', 's3'],
  ['dynamodb_endpoint', 'dynamodb'],
  ['iam_endpoint', 'iam'],
  ['sts_endpoint', 'sts'],
]);

/** Arguments with a new name; `shared_credentials_files` is a list. */
export const renamedBackendArguments: ReadonlyMap<string, string> = new Map([
  ['shared_credentials_file', 'shared_credentials_files'],
  ['force_path_style', 'use_path_style'],
]);

/** One of these arguments belongs to a backend that is not S3. */
export function nameOtherBackend(argumentNames: Iterable<string>): boolean {
  return [...argumentNames].some((name) => otherBackends.has(name));
}

const otherBackends: ReadonlySet<string> = new Set([
  'storage_account_name',
  'container_name',
  'resource_group_name',
  'prefix',
  'credentials',
  'address',
  'hostname',
  'organization',
]);
