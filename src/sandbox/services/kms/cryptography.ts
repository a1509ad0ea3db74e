/** Encrypting and decrypting with keys, and data keys. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import { keyArnOf, open, seal } from './ciphertext.ts';
import { requireKey } from './find-key.ts';
import { contextMember, keyOf, noteKey, optionalNumber, optionalText, requiredBytes, validation } from './input.ts';
import { authorizeKey, type EncryptionContext, requireUsable } from './key-access.ts';
import type { KmsKey } from './state.ts';

const algorithm = 'SYMMETRIC_DEFAULT';

/** KMS records these with the context and the algorithm, and never with what is encrypted. */
function operation(handle: (call: Call, input: Input) => Output): Operation {
  return {
    readOnly: true,
    category: 'management',
    handle: (call, input) => {
      const { Plaintext: _, CiphertextBlob: __, ...shown } = input;
      call.event.requestParameters = Object.fromEntries(
        Object.entries(shown).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
      );
      call.event.responseElements = null;
      checkAlgorithm(input);
      return handle(call, input);
    },
  };
}

function checkAlgorithm(input: Input): void {
  for (const member of ['EncryptionAlgorithm', 'SourceEncryptionAlgorithm', 'DestinationEncryptionAlgorithm']) {
    const asked = optionalText(input, member);
    if (asked !== undefined && asked !== algorithm) {
      throw new AwsError('InvalidKeyUsageException', `${asked} is not an algorithm of a symmetric key.`);
    }
  }
}

export const encrypt: Operation = operation((call, input) => {
  const plaintext = requiredBytes(input, 'Plaintext', 4096);
  const encryptionContext = contextMember(input, 'EncryptionContext');
  const key = keyOf(call, input, { action: 'kms:Encrypt', encryptionContext });
  requireUsable(key);
  return {
    KeyId: key.arn,
    CiphertextBlob: new Uint8Array(seal(call.world, key, plaintext, encryptionContext)),
    EncryptionAlgorithm: algorithm,
  };
});

/** The key that the ciphertext names; a `KeyId` beside it must be the same. Throws AwsError. */
function sealingKey(call: Call, ciphertext: Uint8Array, given: string | undefined): KmsKey {
  const place = { world: call.world, account: call.account, region: call.region };
  const named = given === undefined ? undefined : requireKey(place, given);
  const arn = keyArnOf(ciphertext);
  if (named !== undefined && named.arn !== arn) {
    noteKey(call, named);
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  return requireKey(place, arn);
}

function unseal(
  call: Call,
  ciphertext: Uint8Array,
  given: string | undefined,
  action: string,
  encryptionContext: EncryptionContext,
): { readonly key: KmsKey; readonly plaintext: Buffer } {
  const key = sealingKey(call, ciphertext, given);
  noteKey(call, key);
  authorizeKey(call, key, { action, encryptionContext });
  requireUsable(key);
  return { key, plaintext: open(key, ciphertext, encryptionContext) };
}

export const decrypt: Operation = operation((call, input) => {
  const ciphertext = requiredBytes(input, 'CiphertextBlob', 6144);
  const context = contextMember(input, 'EncryptionContext');
  const { key, plaintext } = unseal(call, ciphertext, optionalText(input, 'KeyId'), 'kms:Decrypt', context);
  return { KeyId: key.arn, Plaintext: new Uint8Array(plaintext), EncryptionAlgorithm: algorithm };
});

export const reEncrypt: Operation = operation((call, input) => {
  const ciphertext = requiredBytes(input, 'CiphertextBlob', 6144);
  const sourceContext = contextMember(input, 'SourceEncryptionContext');
  const destinationContext = contextMember(input, 'DestinationEncryptionContext');
  const source = unseal(call, ciphertext, optionalText(input, 'SourceKeyId'), 'kms:ReEncryptFrom', sourceContext);
  const use = { action: 'kms:ReEncryptTo', encryptionContext: destinationContext };
  const destination = keyOf(call, input, use, 'DestinationKeyId');
  requireUsable(destination);
  noteKey(call, source.key, destination);
  return {
    CiphertextBlob: new Uint8Array(seal(call.world, destination, source.plaintext, destinationContext)),
    SourceKeyId: source.key.arn,
    KeyId: destination.arn,
    SourceEncryptionAlgorithm: algorithm,
    DestinationEncryptionAlgorithm: algorithm,
  };
});

function dataKey(call: Call, input: Input, action: string): { key: KmsKey; plaintext: Buffer; sealed: Buffer } {
  const length = dataKeyLength(input);
  const encryptionContext = contextMember(input, 'EncryptionContext');
  const key = keyOf(call, input, { action, encryptionContext });
  requireUsable(key);
  const plaintext = Buffer.from(call.world.ids.hex(length * 2), 'hex');
  return { key, plaintext, sealed: seal(call.world, key, plaintext, encryptionContext) };
}

function dataKeyLength(input: Input): number {
  const spec = optionalText(input, 'KeySpec');
  const bytes = optionalNumber(input, 'NumberOfBytes');
  if ((spec === undefined) === (bytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.');
  }
  if (spec === 'AES_256') return 32;
  if (spec === 'AES_128') return 16;
  return byteCount(bytes, spec);
}

function byteCount(bytes: number | undefined, shown: string | undefined): number {
  if (bytes !== undefined && Number.isInteger(bytes) && bytes >= 1 && bytes <= 1024) return bytes;
  throw validation(
    `1 validation error detected: Value '${shown ?? bytes ?? 'null'}' failed to satisfy constraint: a key spec of AES_256, AES_128, or 1 to 1024 bytes`,
  );
}

export const generateDataKey: Operation = operation((call, input) => {
  const { key, plaintext, sealed } = dataKey(call, input, 'kms:GenerateDataKey');
  return { KeyId: key.arn, Plaintext: new Uint8Array(plaintext), CiphertextBlob: new Uint8Array(sealed) };
});

export const generateDataKeyWithoutPlaintext: Operation = operation((call, input) => {
  const { key, sealed } = dataKey(call, input, 'kms:GenerateDataKeyWithoutPlaintext');
  return { KeyId: key.arn, CiphertextBlob: new Uint8Array(sealed) };
});

export const generateRandom: Operation = operation((call, input) => {
  call.authorize({ action: 'kms:GenerateRandom', resource: '*' });
  const count = byteCount(optionalNumber(input, 'NumberOfBytes'), undefined);
  return { Plaintext: new Uint8Array(Buffer.from(call.world.ids.hex(count * 2), 'hex')) };
});
