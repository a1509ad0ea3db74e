/** Buckets themselves: made, listed, found, deleted, versioned. */
import { createHash } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation } from '../../core/service.ts';
import { authorizeBucket, contextOf, mayUseBucket } from './access.ts';
import { createBucket as makeBucket } from './build.ts';
import { accessDenied, invalidArgument, invalidRequest, noSuchBucket, permanentRedirect } from './errors.ts';
import { noteRequest, onBucket, withBucket } from './operation.ts';
import type { S3Input } from './route.ts';
import type { Bucket } from './state.ts';
import { tagsFromXml } from './tagging.ts';
import { emptyAnswer, malformedXml, parseXml, xmlAnswer, xmlNamespace } from './xml.ts';

/** 64 hex digits that stand for an account in S3's older answers. */
export function canonicalId(account: string): string {
  return createHash('sha256').update(`canonical user of ${account}`).digest('hex');
}

export const listBuckets: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call) => {
    noteRequest(call, '', '', undefined);
    call.event.requestParameters = { Host: call.request.headers.host ?? call.request.host };
    call.event.resources = [];
    call.authorize({
      action: 's3:ListAllMyBuckets',
      resource: `arn:${call.world.partition}:s3:::*`,
      context: contextOf(call, undefined, []),
    });
    const { query } = call.request;
    const prefix = query.get('prefix') ?? '';
    const region = query.get('bucket-region');
    const after = query.get('continuation-token');
    const limit = Math.min(Math.max(1, Number(query.get('max-buckets') ?? 10_000) || 10_000), 10_000);
    const own = [...call.world.s3.buckets.values()]
      .filter((bucket) => bucket.account === call.account && bucket.name.startsWith(prefix))
      .filter((bucket) => region === null || bucket.region === region)
      .filter(({ name }) => after === null || name > Buffer.from(after, 'base64url').toString())
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = own.slice(0, limit);
    const last = page.at(-1);
    return xmlAnswer('ListAllMyBucketsResult', [
      ['Owner', [['ID', canonicalId(call.account)]]],
      [
        'Buckets',
        page.map((bucket) => [
          'Bucket',
          [
            ['Name', bucket.name],
            ['CreationDate', new Date(bucket.createdAt)],
            ['BucketRegion', bucket.region],
          ],
        ]),
      ],
      ['Prefix', prefix === '' ? undefined : prefix],
      [
        'ContinuationToken',
        own.length > page.length && last !== undefined ? Buffer.from(last.name).toString('base64url') : undefined,
      ],
    ]);
  },
};

export const createBucket: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const { Bucket: name } = input as S3Input;
    noteRequest(call, name, '', undefined);
    if (!isBucketName(name)) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        members: { BucketName: name },
      });
    }
    const configuration =
      call.request.body.length === 0 ? undefined : parseXml(call.request.body, 'CreateBucketConfiguration');
    call.event.requestParameters = {
      ...call.event.requestParameters,
      ...(configuration === undefined ? {} : { CreateBucketConfiguration: configuration.toJson() }),
    };
    call.event.resources = [
      { type: 'AWS::S3::Bucket', ARN: `arn:${call.world.partition}:s3:::${name}`, accountId: call.account },
    ];
    const location = configuration?.text('LocationConstraint');
    call.authorize({
      action: 's3:CreateBucket',
      resource: `arn:${call.world.partition}:s3:::${name}`,
      context: contextOf(call, call.account, [
        ['s3:locationconstraint', location],
        ['s3:x-amz-acl', call.request.headers['x-amz-acl']],
        ['s3:x-amz-object-ownership', call.request.headers['x-amz-object-ownership']],
      ]),
    });
    checkLocation(call, location);
    const existing = call.world.s3.buckets.get(name);
    if (existing !== undefined) throw nameTaken(existing, call.account);
    const bucket = makeBucket(call.world, {
      name,
      account: call.account,
      region: call.region,
      createdAt: call.time.now(),
      tags: configuration === undefined ? [] : tagsFromXml(configuration.first('Tags')),
    });
    applyHeaders(call, bucket);
    return emptyAnswer(200, { location: `/${name}` });
  },
};

function applyHeaders(call: Call, bucket: Bucket): void {
  const { headers } = call.request;
  const ownership = headers['x-amz-object-ownership'];
  if (ownership !== undefined) {
    if (!['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'].includes(ownership)) {
      call.world.s3.buckets.delete(bucket.name);
      throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', ownership);
    }
    bucket.subresources.set(
      'ownershipControls',
      `<OwnershipControls xmlns="${xmlNamespace}"><Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule></OwnershipControls>`,
    );
  }
  if (headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true') {
    bucket.versioning = 'Enabled';
    bucket.subresources.set(
      'object-lock',
      `<ObjectLockConfiguration xmlns="${xmlNamespace}"><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>`,
    );
  }
}

function checkLocation(call: Call, location: string | undefined): void {
  const actual = location === undefined || location === '' ? 'us-east-1' : location === 'EU' ? 'eu-west-1' : location;
  if (actual === call.region) return;
  throw new AwsError(
    'IllegalLocationConstraintException',
    location === undefined
      ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
      : `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}

function nameTaken(existing: Bucket, account: string): AwsError {
  return existing.account === account
    ? new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { members: { BucketName: existing.name } },
      )
    : new AwsError(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        409,
        { members: { BucketName: existing.name } },
      );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

export const deleteBucket: Operation = onBucket({ action: 's3:DeleteBucket', readOnly: false }, ({ call, bucket }) => {
  if (!bucket.objects.isEmpty) {
    throw new AwsError('BucketNotEmpty', bucketNotEmpty(bucket), 409, { members: { BucketName: bucket.name } });
  }
  call.world.s3.buckets.delete(bucket.name);
  return emptyAnswer(204);
});

function bucketNotEmpty(bucket: Bucket): string {
  return bucket.versioning === undefined
    ? 'The bucket you tried to delete is not empty'
    : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
}

export const headBucket: Operation = {
  readOnly: true,
  category: 'data',
  auth: 'optional',
  handle: (call, input) => {
    const { Bucket: name } = input as S3Input;
    const bucket = call.world.s3.buckets.get(name);
    noteRequest(call, name, '', bucket);
    if (bucket === undefined) throw noSuchBucket(name);
    // The region is told to everyone: clients ask here where a bucket is.
    const headers = { 'x-amz-bucket-region': bucket.region, 'x-amz-access-point-alias': 'false' };
    if (bucket.region !== call.region) {
      throw permanentRedirect(name, bucket.region, `${name}.s3.${bucket.region}.amazonaws.com`);
    }
    if (!mayUseBucket(call, bucket, 's3:ListBucket')) {
      throw new AwsError('AccessDenied', accessDenied().message, 403, { headers });
    }
    return emptyAnswer(200, { 'content-type': 'application/xml', ...headers });
  },
};

export const getBucketLocation: Operation = onBucket(
  { action: 's3:GetBucketLocation', readOnly: true },
  ({ bucket }) => ({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${xmlNamespace}">${bucket.region === 'us-east-1' ? '' : bucket.region}</LocationConstraint>`,
  }),
);

export const getBucketVersioning: Operation = onBucket(
  { action: 's3:GetBucketVersioning', readOnly: true },
  ({ bucket }) => xmlAnswer('VersioningConfiguration', [['Status', bucket.versioning]]),
);

export const putBucketVersioning: Operation = onBucket(
  { action: 's3:PutBucketVersioning', readOnly: false },
  ({ bucket, call, note }) => {
    const document = parseXml(call.request.body, 'VersioningConfiguration');
    note({ VersioningConfiguration: document.toJson() });
    if (document.text('MfaDelete') === 'Enabled') {
      throw invalidRequest('MFA delete is not modelled by the sandbox.');
    }
    const status = document.text('Status');
    if (status !== undefined && status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    if (status === 'Suspended' && bucket.subresources.has('object-lock')) {
      throw new AwsError(
        'InvalidBucketState',
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        409,
      );
    }
    if (status !== undefined) bucket.versioning = status;
    return emptyAnswer();
  },
);

/** ACLs give nothing in the sandbox: the owner has everything, as with BucketOwnerEnforced. */
export const getAcl = (level: 'bucket' | 'object'): Operation =>
  withBucket({ readOnly: true, category: level === 'object' ? 'data' : 'management' }, ({ call, bucket, key }) => {
    aclCheck(call, bucket, key, 'Get');
    const owner = canonicalId(bucket.account);
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<AccessControlPolicy xmlns="${xmlNamespace}"><Owner><ID>${owner}</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${owner}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`,
    };
  });

export const putAcl = (level: 'bucket' | 'object'): Operation =>
  withBucket({ readOnly: false, category: level === 'object' ? 'data' : 'management' }, ({ call, bucket, key }) => {
    aclCheck(call, bucket, key, 'Put');
    refusePublicAcl(bucket, call.request.headers, true);
    return emptyAnswer();
  });

function aclCheck(call: Call, bucket: Bucket, key: string, verb: 'Get' | 'Put'): void {
  const context = [['s3:x-amz-acl', call.request.headers['x-amz-acl']] as const];
  if (key === '') authorizeBucket(call, bucket, `s3:${verb}BucketAcl`, context);
  else authorizeObjectAcl(call, bucket, key, verb);
}

function authorizeObjectAcl(call: Call, bucket: Bucket, key: string, verb: 'Get' | 'Put'): void {
  const version = call.request.query.has('versionId') ? 'Version' : '';
  call.authorize({
    action: `s3:${verb}Object${version}Acl`,
    resource: `arn:${call.world.partition}:s3:::${bucket.name}/${key}`,
    resourceAccount: bucket.account,
    ...(bucket.policy === undefined ? {} : { resourcePolicy: bucket.policy.parsed }),
    context: contextOf(call, bucket.account, [['s3:x-amz-acl', call.request.headers['x-amz-acl']]]),
  });
}

/** Throws AwsError AccessControlListNotSupported or AccessDenied for an ACL that would give something away. */
export function refusePublicAcl(
  bucket: Bucket,
  headers: Readonly<Record<string, string>>,
  mustNameAcl: boolean = false,
): void {
  const acl = headers['x-amz-acl'];
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  const harmless =
    acl === undefined ? !grants && !mustNameAcl : acl === 'private' || acl === 'bucket-owner-full-control';
  if (harmless) return;
  if (bucket.subresources.get('ownershipControls')?.includes('BucketOwnerEnforced') === true) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
  }
  if (acl?.startsWith('public-') === true && bucket.publicAccessBlock?.blockPublicAcls === true) throw accessDenied();
}
