/**
 * The sandbox's own form of a ciphertext: which key and which of its material, then AES-256-GCM with the encryption context as
 * additional data. Real KMS keeps its form to itself; what holds for both is that a ciphertext names its key and opens only
 * with the same context.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { EncryptionContext } from './key-access.ts';
import type { KmsKey } from './state.ts';

const version = 1;
const ivBytes = 12;
const tagBytes = 16;

export function seal(world: World, key: KmsKey, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const index = key.material.length - 1;
  const iv = Buffer.from(world.ids.hex(ivBytes * 2), 'hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material[index]?.reveal() ?? '', 'hex'), iv);
  cipher.setAAD(additionalData(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const arn = Buffer.from(key.arn);
  const head = Buffer.from([version, index, arn.length]);
  return Buffer.concat([head, arn, iv, cipher.getAuthTag(), sealed]);
}

/** ARN of the key that sealed it, as the ciphertext says. Throws AwsError InvalidCiphertextException. */
export function keyArnOf(ciphertext: Uint8Array): string {
  const length = ciphertext[2] ?? 0;
  if (ciphertext[0] !== version || ciphertext.length < 3 + length + ivBytes + tagBytes) throw invalidCiphertext();
  return Buffer.from(ciphertext.subarray(3, 3 + length)).toString();
}

/** Throws AwsError InvalidCiphertextException for another context, another key and for changed bytes alike. */
export function open(key: KmsKey, ciphertext: Uint8Array, context: EncryptionContext): Buffer {
  const material = key.material[ciphertext[1] ?? 0];
  const start = 3 + (ciphertext[2] ?? 0);
  if (material === undefined) throw invalidCiphertext();
  try {
    const iv = ciphertext.subarray(start, start + ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(material.reveal(), 'hex'), iv, {
      authTagLength: tagBytes,
    });
    decipher.setAAD(additionalData(context));
    decipher.setAuthTag(ciphertext.subarray(start + ivBytes, start + ivBytes + tagBytes));
    return Buffer.concat([decipher.update(ciphertext.subarray(start + ivBytes + tagBytes)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** The order in which a client wrote the pairs does not matter. */
function additionalData(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}
