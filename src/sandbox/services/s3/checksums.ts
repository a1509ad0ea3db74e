/**
 * Integrity of what is sent: Content-MD5 and the five checksums
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../core/aws-error.ts';
import { invalidRequest } from './errors.ts';
import type { ObjectVersion } from './state.ts';

export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Base64 of the big-endian value. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  return calculate[algorithm](body).toString('base64');
}

const calculate: Readonly<Record<ChecksumAlgorithm, (body: Uint8Array) => Buffer>> = {
  CRC32: (body) => word(crc32(body)),
  CRC32C: (body) => word(crc32c(body)),
  CRC64NVME: crc64nvme,
  SHA1: (body) => createHash('sha1').update(body).digest(),
  SHA256: (body) => createHash('sha256').update(body).digest(),
};

export function checksumHeader(algorithm: string): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function isChecksumAlgorithm(text: string): text is ChecksumAlgorithm {
  return (checksumAlgorithms as readonly string[]).includes(text);
}

/**
 * Compares what the request says of its body with the body; gives the checksum to keep. A trailer counts as a header.
 * Throws AwsError BadDigest, InvalidDigest or InvalidRequest.
 */
export function verifyChecksums(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): ObjectVersion['checksum'] {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) {
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
    }
    if (createHash('md5').update(body).digest('base64') !== md5) {
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
    }
  }
  const sent = checksumAlgorithms.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  const [algorithm] = sent;
  if (algorithm === undefined) {
    const asked = headers['x-amz-sdk-checksum-algorithm']?.toUpperCase();
    if (asked !== undefined && !isChecksumAlgorithm(asked)) {
      throw invalidRequest(
        'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
      );
    }
    return undefined;
  }
  if (sent.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const value = headers[checksumHeader(algorithm)] as string;
  const actual = checksumOf(algorithm, body);
  if (Buffer.from(value, 'base64').length !== Buffer.from(actual, 'base64').length) {
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
  if (value !== actual) {
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** Headers for `x-amz-checksum-mode: ENABLED`. S3 keeps a CRC64NVME of whatever came without a checksum. */
export function checksumHeaders(version: ObjectVersion): Record<string, string> {
  const checksum = version.checksum ?? {
    algorithm: 'CRC64NVME',
    value: checksumOf('CRC64NVME', version.body),
    type: 'FULL_OBJECT',
  };
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

// Castagnoli polynomial, reflected.
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(body: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of body) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] as number);
  return (value ^ 0xffffffff) >>> 0;
}

// NVMe's polynomial, reflected, in two halves: JavaScript's bit operations have 32 bits.
const polynomialHigh = 0x9a6c9329;
const polynomialLow = 0xac4bc9b5;
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
for (let index = 0; index < 256; index++) {
  let high = 0;
  let low = index;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      high ^= polynomialHigh;
      low ^= polynomialLow;
    }
  }
  crc64High[index] = high;
  crc64Low[index] = low;
}

function crc64nvme(body: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] as number);
    high = (high >>> 8) ^ (crc64High[index] as number);
  }
  return Buffer.concat([word(high ^ 0xffffffff), word(low ^ 0xffffffff)]);
}
