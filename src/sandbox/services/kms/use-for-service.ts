/** A service uses a key for its caller, as S3 does for SSE-KMS: with the caller's permissions, and a record of its own. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/service.ts';
import { findKeyForService } from './find-key.ts';
import { authorizeKey, type EncryptionContext, requireUsable } from './key-access.ts';
import { recordServiceUse } from './record-service-use.ts';
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
  const refusal = refusalOf(call, key, use);
  recordServiceUse(call, key, use, refusal);
  if (refusal === undefined) return key;
  throw isKmsOwn(refusal) ? new AwsError(`KMS.${refusal.code}`, refusal.message) : refusal;
}

function refusalOf(call: Call, key: KmsKey, use: ServiceKeyUse): AwsError | undefined {
  const { action, encryptionContext } = use;
  try {
    authorizeKey(call, key, { action, encryptionContext, viaService: call.service.id });
    requireUsable(key);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function isKmsOwn({ code }: AwsError): boolean {
  return code === 'DisabledException' || code === 'KMSInvalidStateException';
}

function notFound(keyId: string): string {
  return keyId.startsWith('arn:') && keyId.includes(':key/')
    ? `Key '${keyId}' does not exist`
    : `Invalid keyId '${keyId}'`;
}
