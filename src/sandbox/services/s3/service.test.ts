import * as sdk from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { account, makeStorageWorld, refusalOf, type StorageWorld } from '../../../../test/support/storage-world.ts';
import { createKey } from '../kms/build.ts';
import { createBucket, putObjectAsService } from './build.ts';

const Bucket = 'acme-state';
const Key = 'network/terraform.tfstate';

let world: StorageWorld;
let s3: sdk.S3Client;

beforeEach(() => {
  world = makeStorageWorld();
  s3 = world.owner.s3;
  createBucket(world.sandbox.world, { name: Bucket, account, createdAt: 0, versioning: 'Enabled' });
});

async function textOf(output: sdk.GetObjectCommandOutput): Promise<string | undefined> {
  return await output.Body?.transformToString();
}

async function put(body: string, more: Partial<sdk.PutObjectCommandInput> = {}): Promise<sdk.PutObjectCommandOutput> {
  return await s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body: body, ...more }));
}

describe('objects', () => {
  it('come back as they were put, with checksum, metadata and version', async () => {
    const { VersionId, ETag } = await put('{"serial":1}', {
      ContentType: 'application/json',
      ChecksumAlgorithm: 'SHA256',
      Metadata: { team: 'net' },
      CacheControl: 'no-store',
      ServerSideEncryption: 'AES256',
    });
    const got = await s3.send(new sdk.GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(await textOf(got)).toBe('{"serial":1}');
    expect(got).toMatchObject({
      VersionId,
      ETag,
      ContentType: 'application/json',
      ContentLength: 12,
      Metadata: { team: 'net' },
      CacheControl: 'no-store',
      ServerSideEncryption: 'AES256',
      ChecksumType: 'FULL_OBJECT',
    });
    expect(got.ChecksumSHA256).toHaveLength(44);
    expect(got.LastModified).toEqual(new Date('2026-11-21T09:00:00Z'));
  });

  it('keep every version; a delete is a marker until a version is named', async () => {
    const first = await put('1');
    await put('2');
    const { VersionId: marker, DeleteMarker } = await s3.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
    expect(DeleteMarker).toBe(true);
    expect(await refusalOf(s3.send(new sdk.GetObjectCommand({ Bucket, Key })))).toMatchObject({
      code: 'NoSuchKey',
      status: 404,
    });
    expect(await refusalOf(s3.send(new sdk.GetObjectCommand({ Bucket, Key, VersionId: marker })))).toMatchObject({
      code: 'MethodNotAllowed',
      status: 405,
    });
    const old = await s3.send(new sdk.GetObjectCommand({ Bucket, Key, VersionId: first.VersionId }));
    expect(await textOf(old)).toBe('1');
    const { Versions, DeleteMarkers } = await s3.send(new sdk.ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false]);
    expect(DeleteMarkers).toMatchObject([{ Key, IsLatest: true, VersionId: marker }]);
    await s3.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId: marker }));
    expect(await textOf(await s3.send(new sdk.GetObjectCommand({ Bucket, Key })))).toBe('2');
  });

  it('are given in parts: 206 with the range, 416 behind the end', async () => {
    await put('0123456789');
    const part = async (Range: string): Promise<[string | undefined, string | undefined]> => {
      const got = await s3.send(new sdk.GetObjectCommand({ Bucket, Key, Range }));
      return [await textOf(got), got.ContentRange];
    };
    expect(await part('bytes=0-3')).toEqual(['0123', 'bytes 0-3/10']);
    expect(await part('bytes=-2')).toEqual(['89', 'bytes 8-9/10']);
    expect(await part('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=0-5242879')).toEqual(['0123456789', 'bytes 0-9/10']);
    expect(await refusalOf(part('bytes=10-'))).toMatchObject({ code: 'InvalidRange', status: 416 });
  });

  it('are written once where If-None-Match is *, and over a known state where If-Match is its ETag', async () => {
    const { ETag } = await put('lock', { IfNoneMatch: '*' });
    expect(await refusalOf(put('lock', { IfNoneMatch: '*' }))).toMatchObject({
      code: 'PreconditionFailed',
      status: 412,
      message: 'At least one of the pre-conditions you specified did not hold',
    });
    await put('next', { IfMatch: ETag });
    expect(await refusalOf(put('lost', { IfMatch: ETag }))).toMatchObject({ code: 'PreconditionFailed' });
    expect(await refusalOf(put('x', { Key: 'none', IfMatch: ETag }))).toMatchObject({ code: 'NoSuchKey', status: 404 });
    // A deleted lock can be taken again.
    await s3.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
    await put('lock', { IfNoneMatch: '*' });
  });

  it('are read under conditions: 304 without a body, 412', async () => {
    const { ETag } = await put('1');
    const get = async (more: Partial<sdk.GetObjectCommandInput>): Promise<{ status: number | undefined }> =>
      await refusalOf(s3.send(new sdk.GetObjectCommand({ Bucket, Key, ...more })));
    expect(await get({ IfNoneMatch: ETag })).toMatchObject({ status: 304 });
    expect(await get({ IfModifiedSince: new Date('2026-11-21T09:00:00Z') })).toMatchObject({ status: 304 });
    expect(await get({ IfMatch: '"other"' })).toMatchObject({ status: 412 });
    expect(await get({ IfUnmodifiedSince: new Date('2026-11-20T09:00:00Z') })).toMatchObject({ status: 412 });
  });

  it('whose checksum is wrong are refused and not kept', async () => {
    expect(await refusalOf(put('1', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }))).toMatchObject({
      code: 'BadDigest',
      status: 400,
    });
    const { KeyCount } = await s3.send(new sdk.ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(0);
  });

  it('are copied, with new metadata when that is asked for', async () => {
    await put('1', { Metadata: { a: '1' } });
    const copy = { Bucket, Key: 'copy ü', CopySource: `${Bucket}/${Key}` };
    await s3.send(new sdk.CopyObjectCommand(copy));
    const head = async (): Promise<sdk.HeadObjectCommandOutput> =>
      await s3.send(new sdk.HeadObjectCommand({ Bucket, Key: 'copy ü' }));
    expect((await head()).Metadata).toEqual({ a: '1' });
    await s3.send(new sdk.CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }));
    expect((await head()).Metadata).toEqual({ b: '2' });
    expect(
      await refusalOf(s3.send(new sdk.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` }))),
    ).toMatchObject({ code: 'InvalidRequest' });
  });

  it('are put together from parts', async () => {
    const { UploadId } = await s3.send(
      new sdk.CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32', ChecksumType: 'COMPOSITE' }),
    );
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('end')];
    const Parts: sdk.CompletedPart[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const part = new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' });
      const { ETag, ChecksumCRC32 } = await s3.send(part);
      Parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
    const listed = await s3.send(new sdk.ListPartsCommand({ Bucket, Key, UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * 1024 * 1024, 3]);
    const complete = { Bucket, Key, UploadId };
    const wrong = { Parts: [...Parts].reverse() };
    expect(
      await refusalOf(s3.send(new sdk.CompleteMultipartUploadCommand({ ...complete, MultipartUpload: wrong }))),
    ).toMatchObject({ code: 'InvalidPartOrder' });
    const done = await s3.send(new sdk.CompleteMultipartUploadCommand({ ...complete, MultipartUpload: { Parts } }));
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const { ContentLength } = await s3.send(new sdk.HeadObjectCommand({ Bucket, Key }));
    expect(ContentLength).toBe(5 * 1024 * 1024 + 3);
    expect(await refusalOf(s3.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })))).toMatchObject({
      code: 'NoSuchUpload',
      status: 404,
    });
  });

  it('carry tags, and go many at once with an answer for each', async () => {
    await put('1', { Tagging: 'a=1&b=2' });
    const { TagSet } = await s3.send(new sdk.GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    const user = world.user('cleaner', [
      { Effect: 'Allow', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${Bucket}/tmp/*` },
    ]);
    const { Deleted, Errors } = await user.s3.send(
      new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'tmp/ a&b' }, { Key }] } }),
    );
    expect(Deleted).toMatchObject([{ Key: 'tmp/ a&b', DeleteMarker: true }]);
    expect(Errors).toMatchObject([{ Key, Code: 'AccessDenied' }]);
  });
});

describe('lists', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b/1', 'b/2', 'b/c/1', 'd', 'env:/w/x', 'ö']) await put('x', { Key: name });
    await s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'd' }));
  });

  it('roll up by delimiter, leave out what is deleted, and go page by page', async () => {
    const pages: string[][] = [];
    const input = { Bucket, Delimiter: '/', MaxKeys: 2 };
    for await (const page of sdk.paginateListObjectsV2({ client: s3 }, input)) {
      pages.push(
        [...(page.Contents ?? []), ...(page.CommonPrefixes ?? [])].map((entry) =>
          String('Prefix' in entry ? entry.Prefix : 'Key' in entry && entry.Key),
        ),
      );
    }
    expect(pages).toEqual([
      ['a', 'b/'],
      ['ö', 'env:/'],
    ]);
  });

  it('begin at a prefix or behind a key', async () => {
    const keys = async (more: Partial<sdk.ListObjectsV2CommandInput>): Promise<unknown> =>
      (await s3.send(new sdk.ListObjectsV2Command({ Bucket, ...more }))).Contents?.map((entry) => entry.Key);
    expect(await keys({ Prefix: 'env:/' })).toEqual(['env:/w/x']);
    expect(await keys({ StartAfter: 'b/1' })).toEqual(['b/2', 'b/c/1', 'env:/w/x', 'ö']);
    expect(await keys({ Prefix: 'b/', StartAfter: 'a' })).toEqual(['b/1', 'b/2', 'b/c/1']);
    const refused = s3.send(new sdk.ListObjectsV2Command({ Bucket, ContinuationToken: 'nonsense' }));
    expect(await refusalOf(refused)).toMatchObject({ code: 'InvalidArgument' });
  });

  it('have the older form with markers, and one of versions that stops in the middle of a key', async () => {
    const first = await s3.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/' });
    const second = await s3.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'b/' }));
    expect(second.Contents?.map((entry) => entry.Key)).toEqual(['ö']);
    const seen: string[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await s3.send(new sdk.ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...marker }));
      for (const entry of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) seen.push(String(entry.Key));
      if (page.IsTruncated !== true) break;
      marker = {
        KeyMarker: String(page.NextKeyMarker),
        ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
    expect(seen.sort()).toEqual(['a', 'b/1', 'b/2', 'b/c/1', 'd', 'd', 'env:/w/x', 'ö']);
  });
});

describe('who may', () => {
  const state = `arn:aws:s3:::${Bucket}/network/*`;

  it('is not told that a key is missing without s3:ListBucket, and gets no body on HEAD', async () => {
    const { s3: blind } = world.user('blind', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: state }]);
    const refusal = await refusalOf(blind.send(new sdk.GetObjectCommand({ Bucket, Key })));
    expect(refusal).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(refusal.message).toContain('is not authorized to perform: s3:ListBucket');
    const head = await refusalOf(blind.send(new sdk.HeadObjectCommand({ Bucket, Key })));
    expect(head).toMatchObject({ status: 403 });
    const { s3: seeing } = world.user('seeing', [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: state },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` },
    ]);
    expect(await refusalOf(seeing.send(new sdk.GetObjectCommand({ Bucket, Key })))).toMatchObject({ status: 404 });
  });

  it('lists only what s3:prefix allows, and deletes no version with s3:DeleteObject', async () => {
    const { VersionId } = await put('1');
    const { s3: limited } = world.user('limited', [
      { Effect: 'Allow', Action: 's3:DeleteObject', Resource: state },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${Bucket}`,
        Condition: { StringEquals: { 's3:prefix': 'env:/' } },
      },
    ]);
    await limited.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'env:/' }));
    expect(await refusalOf(limited.send(new sdk.ListObjectsV2Command({ Bucket })))).toMatchObject({ status: 403 });
    const refusal = await refusalOf(limited.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId })));
    expect(refusal.message).toContain('s3:DeleteObjectVersion');
    await limited.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
  });

  it('is what the bucket policy says: puts without encryption, plain HTTP and other accounts', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } },
        },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: '333333333333' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ],
    });
    await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.send(new sdk.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    expect(await refusalOf(put('1'))).toMatchObject({ code: 'AccessDenied', status: 403 });
    await put('1', { ServerSideEncryption: 'AES256' });
    const get = new sdk.GetObjectCommand({ Bucket, Key });
    expect(await textOf(await world.neighbour.s3.send(get))).toBe('1');
    expect(await refusalOf(world.anonymous.s3.send(get))).toMatchObject({ status: 403 });
    const plain = world.sandbox.connect(sdk.S3Client, world.sandbox.issueKey({ account }), {
      endpoint: 'http://s3.eu-west-1.amazonaws.com',
    });
    expect(await refusalOf(plain.send(get))).toMatchObject({ status: 403 });
  });

  it('gets a policy away again as root, whatever it denies', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}` }],
    });
    await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await refusalOf(s3.send(new sdk.GetBucketVersioningCommand({ Bucket })))).toMatchObject({ status: 403 });
    await s3.send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
    await s3.send(new sdk.GetBucketVersioningCommand({ Bucket }));
  });

  it('makes no bucket public while that is blocked', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
    });
    const refusal = await refusalOf(s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy })));
    expect(refusal).toMatchObject({ code: 'AccessDenied' });
    expect(refusal.message).toContain('BlockPublicPolicy');
    await s3.send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
    await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
    const { PolicyStatus } = await s3.send(new sdk.GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(true);
    await put('1');
    expect(await textOf(await world.anonymous.s3.send(new sdk.GetObjectCommand({ Bucket, Key })))).toBe('1');
    await s3.send(
      new sdk.PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      }),
    );
    const again = world.anonymous.s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
    expect(await refusalOf(again)).toMatchObject({ status: 403 });
  });

  it.each([
    ['{', 'MalformedPolicy'],
    [
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}]}',
      'MalformedPolicy',
    ],
    [`{"Version":"2012-10-17","Id":"${'x'.repeat(20_480)}","Statement":[]}`, 'PolicyTooLarge'],
    [
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${account}:role/gone"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::${Bucket}/*"}]}`,
      'MalformedPolicy',
    ],
  ])('no policy like %.40s', async (Policy, code) => {
    expect(await refusalOf(s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy })))).toMatchObject({ code });
  });
});

describe('encryption with a key', () => {
  it('asks KMS for the caller, and the key policy decides', async () => {
    const key = createKey(world.sandbox.world, { account, createdAt: 0 });
    const sse = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.arn } as const;
    const statements = [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: key.arn,
        Condition: {
          StringEquals: {
            'kms:ViaService': 's3.eu-west-1.amazonaws.com',
            'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}/${Key}`,
          },
        },
      },
    ];
    const { s3: writer } = world.user('writer', statements);
    const written = await writer.send(new sdk.PutObjectCommand({ Bucket, Key, Body: '1', ...sse }));
    expect(written).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.arn });
    const refusal = await refusalOf(writer.send(new sdk.GetObjectCommand({ Bucket, Key })));
    expect(refusal).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(refusal.message).toContain(`is not authorized to perform: kms:Decrypt on resource: ${key.arn}`);
    await writer.send(new sdk.HeadObjectCommand({ Bucket, Key }));
    await s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
    const { records } = world.sandbox.world.cloudtrail;
    expect(records.map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([
      ['GenerateDataKey', undefined],
      ['Decrypt', 'AccessDenied'],
      ['Decrypt', undefined],
    ]);
    expect(records[1]).toMatchObject({
      eventSource: 'kms.amazonaws.com',
      managementEvent: true,
      userIdentity: { userName: 'writer', invokedBy: 'AWS Internal' },
      requestParameters: { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${Bucket}/${Key}` } },
      resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: key.arn }],
    });
    key.state = 'Disabled';
    expect(await refusalOf(s3.send(new sdk.GetObjectCommand({ Bucket, Key })))).toMatchObject({
      code: 'KMS.DisabledException',
      status: 400,
    });
  });

  it('is the default of the bucket when it says so; an unknown key is refused', async () => {
    const key = createKey(world.sandbox.world, { account, createdAt: 0, alias: 'alias/state' });
    await s3.send(
      new sdk.PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.arn },
              BucketKeyEnabled: true,
            },
          ],
        },
      }),
    );
    expect(await put('1')).toMatchObject({ SSEKMSKeyId: key.arn, BucketKeyEnabled: true });
    const other = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/none' } as const;
    expect(await refusalOf(put('1', other))).toMatchObject({ code: 'KMS.NotFoundException', status: 400 });
    await s3.send(new sdk.DeleteBucketEncryptionCommand({ Bucket }));
    const { ServerSideEncryptionConfiguration } = await s3.send(new sdk.GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
  });

  it('works with the key that AWS manages, inside the account only', async () => {
    const written = await put('1', { ServerSideEncryption: 'aws:kms' });
    expect(written.SSEKMSKeyId).toMatch(/^arn:aws:kms:eu-west-1:222222222222:key\//);
    await s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
    await s3.send(
      new sdk.PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: '333333333333' },
              Action: 's3:GetObject',
              Resource: `arn:aws:s3:::${Bucket}/*`,
            },
          ],
        }),
      }),
    );
    const refusal = await refusalOf(world.neighbour.s3.send(new sdk.GetObjectCommand({ Bucket, Key })));
    expect(refusal.message).toContain('kms:Decrypt');
  });
});

describe('buckets', () => {
  it('are made private, in the region of the call, under a name nobody has', async () => {
    const name = 'acme-new';
    await s3.send(
      new sdk.CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const { PublicAccessBlockConfiguration } = await s3.send(new sdk.GetPublicAccessBlockCommand({ Bucket: name }));
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    expect((await s3.send(new sdk.GetBucketLocationCommand({ Bucket: name }))).LocationConstraint).toBe('eu-west-1');
    expect((await s3.send(new sdk.ListBucketsCommand())).Buckets?.map(({ Name }) => Name)).toEqual([name, Bucket]);
    const again = { Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } as const;
    expect(await refusalOf(s3.send(new sdk.CreateBucketCommand(again)))).toMatchObject({
      code: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
    expect(await refusalOf(world.neighbour.s3.send(new sdk.CreateBucketCommand(again)))).toMatchObject({
      code: 'BucketAlreadyExists',
    });
    expect(
      await refusalOf(
        s3.send(
          new sdk.CreateBucketCommand({
            Bucket: 'acme-third',
            CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
          }),
        ),
      ),
    ).toMatchObject({
      code: 'IllegalLocationConstraintException',
    });
    await put('1', { Bucket: name });
    expect(await refusalOf(s3.send(new sdk.DeleteBucketCommand({ Bucket: name })))).toMatchObject({
      code: 'BucketNotEmpty',
      status: 409,
    });
    await s3.send(new sdk.DeleteObjectCommand({ Bucket: name, Key }));
    await s3.send(new sdk.DeleteBucketCommand({ Bucket: name }));
    expect(await refusalOf(s3.send(new sdk.GetBucketVersioningCommand({ Bucket: name })))).toMatchObject({
      code: 'NoSuchBucket',
      status: 404,
    });
  });

  it('of another region answer 301 and say where they are', async () => {
    const far = world.sandbox.connect(sdk.S3Client, world.sandbox.issueKey({ account }), { region: 'eu-central-1' });
    expect(await refusalOf(far.send(new sdk.ListObjectsV2Command({ Bucket })))).toMatchObject({
      code: 'PermanentRedirect',
      status: 301,
    });
    const { BucketRegion } = await s3.send(new sdk.HeadBucketCommand({ Bucket }));
    expect(BucketRegion).toBe('eu-west-1');
  });

  it('are found by host name and by path alike', async () => {
    await put('1');
    const byPath = world.sandbox.connect(sdk.S3Client, world.sandbox.issueKey({ account }), { forcePathStyle: true });
    expect(await textOf(await byPath.send(new sdk.GetObjectCommand({ Bucket, Key })))).toBe('1');
  });

  it('say what is not configured, and give settings back as they were sent', async () => {
    const refused = async (call: Promise<unknown>): Promise<string> => (await refusalOf(call)).code;
    expect(await refused(s3.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
      'NoSuchLifecycleConfiguration',
    );
    expect(await refused(s3.send(new sdk.GetBucketCorsCommand({ Bucket })))).toBe('NoSuchCORSConfiguration');
    expect(await refused(s3.send(new sdk.GetBucketWebsiteCommand({ Bucket })))).toBe('NoSuchWebsiteConfiguration');
    expect(await refused(s3.send(new sdk.GetBucketReplicationCommand({ Bucket })))).toBe(
      'ReplicationConfigurationNotFoundError',
    );
    expect(await refused(s3.send(new sdk.GetObjectLockConfigurationCommand({ Bucket })))).toBe(
      'ObjectLockConfigurationNotFoundError',
    );
    expect(await refused(s3.send(new sdk.GetBucketTaggingCommand({ Bucket })))).toBe('NoSuchTagSet');
    expect(await refused(s3.send(new sdk.GetBucketPolicyCommand({ Bucket })))).toBe('NoSuchBucketPolicy');
    expect((await s3.send(new sdk.GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
    expect((await s3.send(new sdk.GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner');
    const Rules = [
      { ID: 'old', Status: 'Enabled', Filter: { Prefix: 'a' }, NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ] as const;
    await s3.send(
      new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules] } }),
    );
    expect((await s3.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    await s3.send(new sdk.DeleteBucketLifecycleCommand({ Bucket }));
    await s3.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'net' }] } }));
    expect((await s3.send(new sdk.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([
      { Key: 'team', Value: 'net' },
    ]);
    const acl = s3.send(new sdk.PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    expect(await refused(acl)).toBe('AccessControlListNotSupported');
  });
});

describe('what is recorded', () => {
  it('names bucket, key, resources and bytes of an object call, and it is a data event', async () => {
    await put('0123456789', { ServerSideEncryption: 'AES256' });
    const { call } = world.outcomes.at(-1) ?? {};
    expect(call?.operation).toBe('PutObject');
    expect(call?.service.operations.get('PutObject')?.category).toBe('data');
    expect(call?.event).toMatchObject({
      requestParameters: {
        bucketName: Bucket,
        key: Key,
        Host: `${Bucket}.s3.eu-west-1.amazonaws.com`,
        'x-amz-server-side-encryption': 'AES256',
      },
      responseElements: { 'x-amz-server-side-encryption': 'AES256' },
      additionalEventData: {
        SignatureVersion: 'SigV4',
        AuthenticationMethod: 'AuthHeader',
        SSEApplied: 'SSE_S3',
        bytesTransferredIn: 10,
        bytesTransferredOut: 0,
      },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${Bucket}/${Key}` },
        { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${Bucket}`, accountId: account },
      ],
    });
  });

  it('calls a list of keys ListObjects, and shows a policy as an object', async () => {
    await s3.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'env:/' }));
    expect(world.outcomes.at(-1)?.call.event).toMatchObject({
      eventName: 'ListObjects',
      requestParameters: { 'list-type': '2', prefix: 'env:/' },
    });
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/x` }],
    };
    await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
    expect(world.outcomes.at(-1)?.call.event.requestParameters).toMatchObject({ bucketPolicy: policy });
  });
});

describe('a service of AWS', () => {
  it('writes where the bucket policy lets it, for the source it names', () => {
    const { world: inside } = world.sandbox;
    const object = { bucket: Bucket, key: 'AWSLogs/x.json.gz', body: 'log', createdAt: 0 };
    const by = {
      service: 'cloudtrail.amazonaws.com',
      sourceArn: 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/all',
      sourceAccount: '111111111111',
    };
    expect(() => putObjectAsService(inside, by, object)).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
    const logs = createBucket(inside, {
      name: 'acme-logs',
      account: '111111111111',
      createdAt: 0,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::acme-logs/AWSLogs/*',
            Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': by.sourceArn } },
          },
        ],
      }),
    });
    putObjectAsService(inside, by, { ...object, bucket: 'acme-logs' });
    expect(logs.objects.latest('AWSLogs/x.json.gz')).toBeDefined();
    const other = { ...by, sourceArn: 'arn:aws:cloudtrail:eu-west-1:333333333333:trail/x' };
    expect(() => putObjectAsService(inside, other, { ...object, bucket: 'acme-logs' })).toThrow('Access Denied');
  });
});
