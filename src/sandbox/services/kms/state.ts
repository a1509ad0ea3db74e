/** KMS keys with their policies. S3 asks them when it writes and reads encrypted objects. */

import type { Secret } from '../../../kernel/secret.ts';
import type { Tag, TrustText } from '../iam/state.ts';

export interface KmsState {
  /** By ARN. */
  readonly keys: Map<string, KmsKey>;
  /** Alias ARN → key ARN. */
  readonly aliases: Map<string, string>;
}

export interface KmsKey {
  readonly arn: string;
  readonly keyId: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  deletionDate: number | undefined;
  policy: TrustText;
  rotation: { readonly enabled: boolean; readonly periodInDays: number };
  tags: readonly Tag[];
  /** 256 bits; never leaves. Older material stays readable after a rotation. */
  readonly material: Secret[];
  /** By grant id. */
  readonly grants: Map<string, Grant>;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export interface Grant {
  readonly grantId: string;
  /** Names the grant too, to whoever retires it. */
  readonly token: string;
  readonly name: string;
  /** ARN. */
  readonly granteePrincipal: string;
  readonly retiringPrincipal: string | undefined;
  readonly issuingAccount: string;
  readonly createdAt: number;
  /** `Decrypt`, `GenerateDataKey`, … */
  readonly operations: readonly string[];
  readonly constraints: {
    readonly encryptionContextSubset?: Readonly<Record<string, string>>;
    readonly encryptionContextEquals?: Readonly<Record<string, string>>;
  };
}
