/** Nonsense as requests to S3: answered or refused, never a bug. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCall } from '../../../../test/support/open-call.ts';
import { account, makeStorageWorld } from '../../../../test/support/storage-world.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';
import { createBucket } from './build.ts';
import { renderError } from './errors.ts';
import { route } from './route.ts';
import { s3Service } from './service.ts';

const subresources = [
  '',
  ...'versioning policy policyStatus publicAccessBlock encryption tagging acl location versions uploads delete lifecycle ownershipControls cors website replication object-lock logging accelerate requestPayment notification retention legal-hold attributes analytics list-type=2'.split(
    ' ',
  ),
];
const parameter = fc.oneof(
  fc.constantFrom(...subresources),
  fc
    .tuple(
      fc.constantFrom(
        'prefix',
        'delimiter',
        'max-keys',
        'marker',
        'key-marker',
        'version-id-marker',
        'continuation-token',
        'start-after',
        'versionId',
        'uploadId',
        'partNumber',
        'encoding-type',
      ),
      fc.string({ maxLength: 6 }),
    )
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`),
);
const header = fc.tuple(
  fc.constantFrom(
    'range',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'x-amz-copy-source',
    'x-amz-server-side-encryption',
    'x-amz-server-side-encryption-aws-kms-key-id',
    'content-md5',
    'x-amz-checksum-crc32',
    'x-amz-tagging',
    'x-amz-acl',
    'x-amz-checksum-algorithm',
    'x-amz-object-attributes',
    'x-amz-meta-x',
  ),
  fc.oneof(
    fc.constantFrom('*', 'bytes=0-', 'bytes=-9', 'acme/a', 'aws:kms', 'AES256', 'a=b', 'ETag'),
    fc.string({ maxLength: 10 }),
  ),
);
const element = fc.constantFrom(
  'Delete',
  'Object',
  'Key',
  'VersionId',
  'Tagging',
  'TagSet',
  'Tag',
  'Value',
  'VersioningConfiguration',
  'Status',
  'ServerSideEncryptionConfiguration',
  'Rule',
  'CompleteMultipartUpload',
  'Part',
  'PublicAccessBlockConfiguration',
  'CreateBucketConfiguration',
  'LocationConstraint',
);
const { xml } = fc.letrec<{ xml: string }>((tie) => ({
  xml: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'Enabled', '&amp;', '&#13;', '&x;', '<', ''),
    fc
      .tuple(element, fc.array(tie('xml'), { maxLength: 3 }))
      .map(([name, inner]) => `<${name}>${inner.join('')}</${name}>`),
  ),
}));
const body = fc.oneof(
  xml,
  fc.string({ maxLength: 30 }),
  fc.constantFrom('<!DOCTYPE x [<!ENTITY a "aaaa">]><Delete>&a;</Delete>', '{"Version":"2012-10-17","Statement":[]}'),
);

describe('S3', () => {
  it('refuses or answers, whatever comes in', () => {
    const world = makeStorageWorld();
    createBucket(world.sandbox.world, { name: 'acme', account, createdAt: 0, versioning: 'Enabled' });
    const requests = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS'),
      path: fc.constantFrom(
        '/',
        '/acme',
        '/acme/',
        '/acme/a',
        '/acme/a/b',
        '/other/a',
        '/Acme',
        '//x',
        `/acme/${'k'.repeat(1025)}`,
      ),
      parameters: fc.array(parameter, { maxLength: 2 }),
      headers: fc.array(header, { maxLength: 3 }),
      body,
    });
    fc.assert(
      fc.property(requests, ({ method, path, parameters, headers, body: text }) => {
        const search = parameters.filter((one) => one !== '').join('&');
        const request = {
          method,
          path,
          target: `${path}?${search}`,
          query: new URLSearchParams(search),
          headers: Object.fromEntries(headers),
          body: Buffer.from(text),
        };
        const call = openCall(world, s3Service, 'fuzz', request);
        const asked = route(call.request);
        if (asked === undefined) return;
        try {
          s3Service.operations.get(asked.operation)?.handle(call, asked.input as Input);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          const { code, message, status, members } = error;
          if (code !== 'NotImplemented') expect(status).toBeLessThan(500);
          renderError({ code, message, status, members, headers: {}, requestId: 'x' }, call.request);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('has an operation for everything it routes', () => {
    for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'HEAD']) {
      for (const path of ['/', '/acme', '/acme/a']) {
        for (const name of [...subresources, 'uploadId=1']) {
          const { request } = openCall(sharedWorld(), s3Service, '', {
            method,
            path,
            query: new URLSearchParams(name),
          });
          const asked = route(request);
          if (asked !== undefined) expect(s3Service.operations.has(asked.operation), asked.operation).toBe(true);
        }
      }
    }
  });
});

let oneWorld: ReturnType<typeof makeStorageWorld> | undefined;
function sharedWorld(): ReturnType<typeof makeStorageWorld> {
  oneWorld ??= makeStorageWorld();
  return oneWorld;
}
