/** KMS keys with their policies. S3 asks them when it writes and reads encrypted objects. */

import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { Secret } from '../../../kernel/secret.ts';
import type { Tag } from '../iam/state.ts';

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
  policy: { readonly text: string; readonly parsed: NamedPolicy };
  rotation: { readonly enabled: boolean; readonly periodInDays: number };
  tags: readonly Tag[];
  /** 256 bits; never leaves. Older material stays readable after a rotation. */
  readonly material: readonly Secret[];
}
