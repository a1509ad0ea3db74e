import { describe, expect, it } from 'vitest';
import { checksumOf, verifyChecksums } from './checksums.ts';

const check = Buffer.from('123456789');
const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

describe('checksums', () => {
  // The check values of the catalogue of parametrised CRC algorithms.
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s of "123456789" is %s', (algorithm, value) => {
    expect(hex(checksumOf(algorithm, check))).toBe(value);
  });

  it('keeps the one that was sent and is right', () => {
    const value = checksumOf('SHA256', check);
    expect(verifyChecksums({ 'x-amz-checksum-sha256': value }, check)).toEqual({
      algorithm: 'SHA256',
      value,
      type: 'FULL_OBJECT',
    });
  });

  it.each([
    ['BadDigest', { 'x-amz-checksum-crc32': checksumOf('CRC32', Buffer.from('other')) }],
    ['BadDigest', { 'content-md5': Buffer.alloc(16).toString('base64') }],
    ['InvalidDigest', { 'content-md5': 'short' }],
    ['InvalidRequest', { 'x-amz-checksum-crc32': 'AA==' }],
    ['InvalidRequest', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': 'AAAA' }],
    ['InvalidRequest', { 'x-amz-sdk-checksum-algorithm': 'MD4' }],
  ])('refuses with %s: %o', (code, headers) => {
    expect(() => verifyChecksums(headers, check)).toThrow(expect.objectContaining({ code }));
  });
});
