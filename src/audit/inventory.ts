/**
 * What an audit found: the value that every view renders, that `init` drafts from and that `status` counts.
 */
import type { Location, Severity } from '../kernel/diagnostic.ts';
import type { Skipped } from '../repository/index.ts';

/**
 * How a way to authenticate stands with respect to stored secrets. `static`: a long-lived key, present or referred
 * to by name. `indirect`: a pointer whose class depends on its target (a profile, a role assumed from something else).
 * `dynamic`: credentials that are issued for a session (Identity Center, OIDC, instance or container roles).
 */
export type AuthenticationClass = 'static' | 'indirect' | 'dynamic';

/**
 * Who authenticates this way. `terraform`: provider, backend, module download, remote state. `pipeline`: a CI job.
 * `person`: a shell, an environment file, `~/.aws`. `application`: a workload's container or script that is not
 * Terraform. `made-by-code`: an identity that the code creates, whoever uses it.
 */
export type UsedBy = 'terraform' | 'pipeline' | 'person' | 'application' | 'made-by-code';

/** One way to authenticate, at one place. */
export interface Method extends Location {
  /** For example `provider-static-key`, `backend-profile`, `github-oidc`; one of `methodKinds`. */
  readonly kind: MethodKind;
  readonly class: AuthenticationClass;
  readonly usedBy: UsedBy;
  /** A sentence: what it is, by name. Never a value. */
  readonly detail: string;
  /** The thing it stands in: `provider "aws" (alias live)`, `job plan`, `backend "s3"`. */
  readonly subject: string;
  /** Folder of the Terraform root module concerned, where known. */
  readonly stack?: string;
  /** Roles in the order in which they are assumed. */
  readonly roleArns?: readonly string[];
  /** The 12-digit account it ends in, where known. */
  readonly accountId?: string;
  /** Profile, secret name, variable: what the credential is called. */
  readonly credentialName?: string;
}

export const methodKinds = [
  'provider-static-key',
  'provider-profile',
  'provider-shared-credentials-file',
  'provider-assume-role',
  'provider-web-identity',
  'provider-ambient',
  'backend-static-key',
  'backend-profile',
  'backend-shared-credentials-file',
  'backend-assume-role',
  'backend-web-identity',
  'backend-ambient',
  'backend-customer-key',
  'backend-token',
  'backend-http-password',
  'remote-state-static-key',
  'remote-state-profile',
  'remote-state-assume-role',
  'remote-state-web-identity',
  'remote-state-ambient',
  'module-source-static-key',
  'module-source-profile',
  'module-source-s3',
  'module-source-git-credentials',
  'variable-static-key',
  'terragrunt-iam-role',
  'terragrunt-auth-command',
  'vault-aws-secrets',
  'vault-aws-login',
  'kubernetes-exec',
  'tflint-static-key',
  'iam-user',
  'iam-access-key',
  'iam-login-profile',
  'iam-service-specific-credential',
  'oidc-provider',
  'role-trust-web-identity',
  'identity-center',
  'github-static-key',
  'github-oidc',
  'github-secrets-inherit',
  'gitlab-static-key',
  'gitlab-oidc',
  'circleci-static-key',
  'circleci-oidc',
  'bitbucket-static-key',
  'bitbucket-oidc',
  'azure-static-key',
  'azure-oidc',
  'jenkins-static-key',
  'jenkins-role',
  'buildkite-static-key',
  'buildkite-oidc',
  'ci-static-key',
  'ci-oidc',
  'atlantis-static-key',
  'atlantis-role',
  'hcp-static-key',
  'hcp-dynamic-credentials',
  'environment-static-key',
  'environment-profile',
  'environment-web-identity',
  'environment-container',
  'shell-static-key',
  'shell-profile',
  'script-static-key',
  'container-static-key',
  'aws-config-static-key',
  'aws-config-sso',
  'aws-config-sso-legacy',
  'aws-config-assume-role',
  'aws-config-credential-process',
  'aws-config-web-identity',
  'aws-config-login-session',
  'state-static-key',
  'plan-static-key',
  'tool-config-static-key',
] as const;
export type MethodKind = (typeof methodKinds)[number];

/** One credential with all its places, however many strings it is made of. */
export interface Credential {
  /** HMAC fingerprint of the key id, or of the secret where only that half is known. */
  readonly fingerprint: string;
  /** `AKIA…7QXZ`. */
  readonly keyId?: string;
  readonly kind: 'long-term' | 'temporary' | 'bedrock' | 'other';
  /** Which parts were found in clear. */
  readonly parts: readonly ('keyId' | 'secret' | 'token')[];
  /** Account encoded in the key id: a hint, never a proof. */
  readonly accountHint?: string;
  /** AWS's own documentation example: reported as info. */
  readonly documentationExample: boolean;
  /** Why it may be no credential, or none that can be used, as the end of a sentence; absent when nothing speaks against it. */
  readonly doubt?: string;
  readonly places: readonly CredentialPlace[];
}

export interface CredentialPlace extends Location {
  readonly part: 'keyId' | 'secret' | 'token';
  /** How the place takes part: `literal`, or by name as in `var.access_key`. */
  readonly via: string;
}

export interface Finding extends Location {
  /** Id of the detector. */
  readonly rule: string;
  readonly severity: Severity;
  readonly class: AuthenticationClass;
  /** Stable over line moves and commits. */
  readonly fingerprint: string;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
  /** Id of the migration rule that does it, or `undefined` when a person must. */
  readonly fixRule?: string;
  readonly keyId?: string;
  readonly accountHint?: string;
  readonly usedBy?: UsedBy;
  /** Further places of the same thing. */
  readonly otherPlaces: readonly Location[];
  /** The fix waits for a gate outside the repository (for example: the IAM user is retired last). */
  readonly gated: boolean;
}

export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** ISO date on which the suppression ends, itself included; `9999-12-31` for another scanner's mark, which has no end. */
  readonly until: string;
  readonly suppressedAt: Location;
}

export interface Coverage {
  /** Number of files read, and their bytes. */
  readonly scanned: { readonly files: number; readonly bytes: number };
  readonly skipped: readonly Skipped[];
}

export interface Summary {
  /** Distinct credentials found in clear, documentation examples not counted. */
  readonly credentialsInClear: number;
  /** Places where Terraform or a pipeline authenticates with a static credential, by who uses it. */
  readonly staticMethods: Readonly<Record<UsedBy, number>>;
  readonly methods: Readonly<Record<AuthenticationClass, number>>;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
  /** Marks of other scanners (`gitleaks:allow`) met in the files; they count only when asked to. */
  readonly foreignMarks: number;
  /** No static method is used by Terraform, a pipeline or a person, and no credential stands in clear. */
  readonly keyless: boolean;
}

export interface Inventory {
  readonly root: string;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly credentials: readonly Credential[];
  readonly methods: readonly Method[];
  readonly coverage: Coverage;
}
