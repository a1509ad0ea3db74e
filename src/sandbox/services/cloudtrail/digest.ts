/**
 * Digest files: which log files were delivered, with their hashes, each signed and chained to the one before it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
import { createHash, createPublicKey, KeyObject, sign, webcrypto } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { World } from '../../core/world.ts';
import { datePath, secondStamp, secondsOf } from './event-time.ts';
import type { DigestKey, Trail } from './state.ts';
import { folderOf, put } from './trail-bucket.ts';

export interface DeliveredFile {
  readonly key: string;
  readonly account: string;
  readonly region: string;
  /** Of the gzipped file. */
  readonly bytes: number;
  /** SHA-256 of the uncompressed file, hexadecimal. */
  readonly hash: string;
  /** Times of its events, ISO 8601. */
  readonly oldest: string;
  readonly newest: string;
}

/** Hour that a first digest says it covers. */
const period = 3_600_000;

/** Writes the next digest of a chain; gives its key, or `undefined` where the world has no signing key. */
export async function writeDigest(
  world: World,
  trail: Trail,
  file: DeliveredFile,
  at: number,
): Promise<string | undefined> {
  const { signingKey } = world.cloudtrail;
  if (signingKey === undefined) return undefined;
  const { account, region } = file;
  const chain = `${account}|${region}`;
  const previous = trail.digests?.get(chain);
  // Its name has the second: two of one chain must differ in it.
  const endsAt = previous === undefined ? at : Math.max(at, previous.endsAt + 1000);
  const name = `${account}_CloudTrail-Digest_${region}_${trail.name}_${trail.homeRegion}_${secondStamp(endsAt)}.json.gz`;
  const key = `${folderOf(world, trail, account)}/CloudTrail-Digest/${region}/${datePath(endsAt)}/${name}`;
  const text = JSON.stringify({
    awsAccountId: account,
    digestStartTime: secondsOf(previous?.endsAt ?? endsAt - period),
    digestEndTime: secondsOf(endsAt),
    digestS3Bucket: trail.bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: (await publicKeyOf(signingKey)).fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: file.newest,
    oldestEventTime: file.oldest,
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.hash ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: [
      {
        s3Bucket: trail.bucket,
        s3Object: file.key,
        hashValue: file.hash,
        hashAlgorithm: 'SHA-256',
        newestEventTime: file.newest,
        oldestEventTime: file.oldest,
      },
    ],
  });
  const hash = createHash('sha256').update(text).digest('hex');
  const signed = `${secondsOf(endsAt)}\n${trail.bucket}/${key}\n${hash}\n${previous?.signature ?? 'null'}`;
  const signature = await signatureOf(signingKey, signed);
  put(world, trail, key, gzipSync(text), at, { signature, 'signature-algorithm': 'SHA256withRSA' });
  trail.digests?.set(chain, { bucket: trail.bucket, key, hash, signature, endsAt });
  trail.digestDeliveredAt = endsAt;
  return key;
}

/** PKCS#1 in DER, as ListPublicKeys gives it, and the name by which digests call it. */
export async function publicKeyOf(key: DigestKey): Promise<{ readonly der: Uint8Array; readonly fingerprint: string }> {
  const { publicKey } = await key.pair();
  const spki = Buffer.from(await webcrypto.subtle.exportKey('spki', publicKey));
  const der = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'der', type: 'pkcs1' });
  return { der, fingerprint: createHash('md5').update(der).digest('hex') };
}

async function signatureOf(key: DigestKey, text: string): Promise<string> {
  const { privateKey } = await key.pair();
  return sign('sha256', Buffer.from(text), KeyObject.from(privateKey)).toString('hex');
}
