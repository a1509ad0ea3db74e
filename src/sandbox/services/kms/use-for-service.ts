/** A service uses a key for its caller, as S3 does for SSE-KMS: with the caller's permissions, and a record of its own. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/service.ts';
import { findKeyForService } from './find-key.ts';
import { authorizeKey, type EncryptionContext, requireUsable } from './key-access.ts';
import type { KmsKey } from './state.ts';

export interface ServiceKeyUse {
  readonly keyId: string;
  readonly action: 'kms:GenerateDataKey' | 'kms:Decrypt';
  readonly encryptionContext: EncryptionContext;
}

/**
 * The key, after its policy allowed the caller. Refusals are those of the service with `KMS.` before KMS's own codes
 * (`KMS.NotFoundException`, `KMS.DisabledException`, `KMS.KMSInvalidStateException`); a missing permission is the service's
 * AccessDenied that names the KMS action and the key.
 */
export function useKeyForService(call: Call, use: ServiceKeyUse): KmsKey {
  const { world, account, region } = call;
  const key = findKeyForService({ world, account, region }, use.keyId, call.time.now());
  if (key === undefined) throw new AwsError('KMS.NotFoundException', notFound(use.keyId));
  authorizeKey(call, key, {
    action: use.action,
    encryptionContext: use.encryptionContext,
    viaService: call.service.id,
  });
  try {
    requireUsable(key);
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError(`KMS.${error.code}`, error.message);
    throw error;
  }
  return key;
}

function notFound(keyId: string): string {
  return keyId.startsWith('arn:') && keyId.includes(':key/')
    ? `Key '${keyId}' does not exist`
    : `Invalid keyId '${keyId}'`;
}
