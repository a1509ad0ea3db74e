/** Trust policies of roles: who may assume them, and whether that is a web identity, an IAM user or an account. */
import type { SourceFile } from '../../repository/index.ts';
import type { ConfigurationBlock } from './configuration-block.ts';
import type { ModuleCode } from './module-code.ts';
import { type PolicyStatement, type PolicyValue, policyStatements } from './policy-statements.ts';
import { resourcesOfType } from './resources.ts';

export interface RoleTrust {
  readonly role: ConfigurationBlock;
  /** Statements that allow somebody to assume the role. */
  readonly statements: readonly PolicyStatement[];
}

/** The roles of a file with their trust. */
export function roleTrusts(file: SourceFile, module: ModuleCode): readonly RoleTrust[] {
  return resourcesOfType(file, 'aws_iam_role').map((role) => trustOf(role, module));
}

export function trustOf(role: ConfigurationBlock, module: ModuleCode): RoleTrust {
  const policy = role.settings.get('assume_role_policy')?.value;
  const statements = policy === undefined ? [] : policyStatements(policy, { file: role.file, module });
  return { role, statements: statements.filter((statement) => statement.allows) };
}

/** A statement by which tokens of an OIDC provider become sessions of the role. */
export function isWebIdentityStatement(statement: PolicyStatement): boolean {
  return federatedPrincipals(statement).some(({ text }) => !/:saml-provider\/|saml_provider/.test(text));
}

export function federatedPrincipals(statement: PolicyStatement): readonly PolicyValue[] {
  return statement.principals.get('Federated') ?? [];
}

/**
 * The issuer that a statement speaks of: the host of its condition keys, or of its provider's ARN; as written where the
 * provider is a resource.
 */
export function issuerOf(statement: PolicyStatement): string {
  for (const { key } of statement.conditions) {
    const host = /^([\w.-]+\.[a-z]+(?:\/[^:]*)?):[\w-]+$/.exec(key)?.[1];
    if (host !== undefined && !key.startsWith('aws:') && !key.startsWith('sts:')) return host;
  }
  for (const { text } of federatedPrincipals(statement)) {
    const host = /:oidc-provider\/(.+)$/.exec(text)?.[1];
    if (host !== undefined) return host;
    if (text === 'cognito-identity.amazonaws.com') return text;
  }
  return federatedPrincipals(statement)[0]?.text ?? 'an unknown issuer';
}

/** The IAM users that may assume the role, by ARN or as written (`aws_iam_user.deployment.arn`). */
export function trustedUsers(statement: PolicyStatement): readonly PolicyValue[] {
  return (statement.principals.get('AWS') ?? []).filter(({ text }) => /:user\/|\baws_iam_user\./.test(text));
}

/** The offset to report for something that may stand in another file. */
export function placeIn(file: SourceFile, place: { file: SourceFile; at: number }, fallback: number): number {
  return place.file === file ? place.at : fallback;
}
