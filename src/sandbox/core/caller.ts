/**
 * Who makes a call, found out from the key that signed it. Every service sees the same value; policies, CloudTrail and
 * GetCallerIdentity are derived from it.
 */

import type { NamedPolicy } from '../../aws/policy/request.ts';
import type { Secret } from '../../kernel/secret.ts';

export type Caller = AnonymousCaller | RootCaller | UserCaller | RoleCaller | ServiceCaller;

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

export interface RootCaller {
  readonly kind: 'root';
  readonly account: string;
  /** `arn:aws:iam::<account>:root`. */
  readonly arn: string;
  readonly accessKeyId: string;
}

export interface UserCaller {
  readonly kind: 'user';
  readonly account: string;
  readonly arn: string;
  readonly userName: string;
  /** `AIDA…`. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** Of GetSessionToken; `undefined` for a long-term key. */
  readonly session: Session | undefined;
}

export interface RoleCaller {
  readonly kind: 'role';
  readonly account: string;
  /** `arn:aws:sts::<account>:assumed-role/<name>/<session>`. */
  readonly arn: string;
  readonly roleArn: string;
  readonly roleName: string;
  /** `AROA…`. */
  readonly roleId: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly session: RoleSession;
}

/** An AWS service that acts by itself: CloudTrail delivering a log file, Identity Center provisioning a role. */
export interface ServiceCaller {
  readonly kind: 'service';
  /** `cloudtrail.amazonaws.com`. */
  readonly name: string;
  /** Account on whose behalf. */
  readonly account: string;
}

export interface Session {
  /** Epoch milliseconds in the world's time. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly mfa: boolean;
}

export interface RoleSession extends Session {
  /** Inline session policy and session policy ARNs, resolved when the session began. */
  readonly policies: readonly NamedPolicy[] | undefined;
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  /** The caller was a role session itself. */
  readonly chained: boolean;
  readonly origin: RoleSessionOrigin;
}

export type RoleSessionOrigin =
  | { readonly type: 'assume-role' }
  | {
      readonly type: 'web-identity';
      /** ARN of the OIDC provider. */
      readonly provider: string;
      readonly issuer: string;
      readonly audience: string;
      readonly subject: string;
    }
  | {
      readonly type: 'identity-center';
      /** Id of the user in the identity store. */
      readonly userId: string;
      readonly userName: string;
      readonly identityStoreArn: string;
      /** Name of the permission set. */
      readonly permissionSet: string;
    }
  | { readonly type: 'service-linked' };

/** A key that was issued, and all that decides whether it still works. Long-term keys have no token and no end. */
export interface IssuedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
  /** Epoch milliseconds in the world's time. */
  readonly expiresAt: number | undefined;
  readonly status: 'Active' | 'Inactive';
  readonly caller: RootCaller | UserCaller | RoleCaller;
}
