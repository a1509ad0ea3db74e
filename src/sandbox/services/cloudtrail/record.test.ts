import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCall, makeTestWorld, management, member, startedAt } from '../../../../test/support/cloudtrail-call.ts';
import { Secret } from '../../../kernel/secret.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller, RoleCaller, RoleSession } from '../../core/caller.ts';
import type { EventNotes } from '../../core/event-notes.ts';
import type { Input, Output, Service, ServiceId } from '../../core/service.ts';
import { elementsOf } from './elements.ts';
import { recordCall } from './record.ts';
import type { CloudTrailRecord } from './state.ts';

const user: Caller = {
  kind: 'user',
  account: member,
  arn: `arn:aws:iam::${member}:user/deployment`,
  userName: 'deployment',
  userId: 'AIDAEXAMPLE',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  session: undefined,
};

function role(origin: RoleSession['origin'], more: Partial<RoleSession> = {}): RoleCaller {
  return {
    kind: 'role',
    account: member,
    arn: `arn:aws:sts::${member}:assumed-role/Deploy/ana@example.com`,
    roleArn: `arn:aws:iam::${member}:role/Deploy`,
    roleName: 'Deploy',
    roleId: 'AROAEXAMPLE',
    sessionName: 'ana@example.com',
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    session: {
      issuedAt: startedAt - 60_000,
      expiresAt: startedAt + 3_540_000,
      mfa: false,
      policies: undefined,
      tags: new Map(),
      transitiveTagKeys: [],
      sourceIdentity: undefined,
      chained: false,
      origin,
      ...more,
    },
  };
}

interface Recorded {
  readonly service?: ServiceId;
  readonly operation?: string;
  readonly readOnly?: boolean;
  readonly category?: 'management' | 'data';
  readonly caller?: Caller;
  readonly input?: Input;
  readonly output?: Output;
  readonly error?: AwsError;
  readonly event?: EventNotes;
  readonly headers?: Readonly<Record<string, string>>;
  readonly target?: string;
}

function record(given: Recorded): readonly CloudTrailRecord[] {
  const world = makeTestWorld();
  const operation = given.operation ?? 'GetCallerIdentity';
  const service: Service = {
    id: given.service ?? 'sts',
    eventSource: `${given.service ?? 'sts'}.amazonaws.com`,
    protocol: 'query',
    signingNames: [],
    hostPrefixes: [],
    accessDenied: { code: 'AccessDenied', status: 403 },
    operations: new Map([
      [
        operation,
        { readOnly: given.readOnly ?? true, category: given.category ?? 'management', handle: () => undefined },
      ],
    ]),
  };
  const call = makeCall(world, {
    service,
    operation,
    caller: given.caller ?? user,
    ...(given.headers === undefined ? {} : { headers: given.headers }),
    ...(given.target === undefined ? {} : { target: given.target }),
  });
  Object.assign(call.event, given.event);
  const before = world.cloudtrail.records.length;
  recordCall(world, {
    call,
    input: given.input ?? {},
    startedAt,
    ...(given.error === undefined ? {} : { error: given.error }),
    ...(given.output === undefined ? {} : { output: given.output }),
  });
  return world.cloudtrail.records.slice(before);
}

const one = (given: Recorded): CloudTrailRecord => record(given)[0] as CloudTrailRecord;

describe('who made the call', () => {
  it('is an IAM user with the key it used', () => {
    expect(one({ caller: user }).userIdentity).toEqual({
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${member}:user/deployment`,
      accountId: member,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      userName: 'deployment',
    });
  });

  it('is the root user', () => {
    const caller: Caller = {
      kind: 'root',
      account: member,
      arn: `arn:aws:iam::${member}:root`,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    };
    expect(one({ caller }).userIdentity).toEqual({
      type: 'Root',
      principalId: member,
      arn: `arn:aws:iam::${member}:root`,
      accountId: member,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    });
  });

  it('is a role session, issued by its role', () => {
    expect(one({ caller: role({ type: 'assume-role' }, { sourceIdentity: 'ana' }) }).userIdentity).toEqual({
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ana@example.com',
      arn: `arn:aws:sts::${member}:assumed-role/Deploy/ana@example.com`,
      accountId: member,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE',
          arn: `arn:aws:iam::${member}:role/Deploy`,
          accountId: member,
          userName: 'Deploy',
        },
        attributes: { creationDate: '2026-11-25T16:59:00Z', mfaAuthenticated: 'false' },
        sourceIdentity: 'ana',
      },
    });
  });

  it('is a role session on behalf of a person of Identity Center', () => {
    const identity = one({
      caller: role({
        type: 'identity-center',
        userId: 'u-1',
        userName: 'ana@example.com',
        identityStoreArn: 'arn:aws:identitystore::111111111111:identitystore/d-1',
        permissionSet: 'Deploy',
      }),
    }).userIdentity;
    expect(identity.onBehalfOf).toEqual({
      userId: 'u-1',
      identityStoreArn: 'arn:aws:identitystore::111111111111:identitystore/d-1',
    });
  });

  it('is a role session that a pipeline got for its token', () => {
    const provider = `arn:aws:iam::${member}:oidc-provider/token.actions.githubusercontent.com`;
    const origin = { type: 'web-identity', provider, issuer: 'i', audience: 'a', subject: 's' } as const;
    expect(one({ caller: role(origin) }).userIdentity.sessionContext).toMatchObject({
      webIdFederationData: { federatedProvider: provider, attributes: {} },
    });
  });

  it('is nobody known to S3 for a request without signature', () => {
    const identity = one({ service: 's3', operation: 'GetObject', caller: { kind: 'anonymous' } }).userIdentity;
    expect(identity).toEqual({ type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' });
  });

  it('is a service of AWS that acts by itself, with its name for an address', () => {
    const made = one({ caller: { kind: 'service', name: 'sso.amazonaws.com', account: member } });
    expect(made.userIdentity).toEqual({ type: 'AWSService', invokedBy: 'sso.amazonaws.com' });
    expect([made.sourceIPAddress, made.userAgent]).toEqual(['sso.amazonaws.com', 'sso.amazonaws.com']);
    expect(made).not.toHaveProperty('tlsDetails');
  });

  it('is the web identity whose token was offered, also when it was refused', () => {
    const claims = {
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'sts.amazonaws.com',
      sub: 'repo:o/r:ref:x',
    };
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
    const refused = one({
      operation: 'AssumeRoleWithWebIdentity',
      caller: { kind: 'anonymous' },
      input: { RoleArn: `arn:aws:iam::${member}:role/ci`, RoleSessionName: 'run', WebIdentityToken: token },
      error: new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403),
    });
    const provider = `arn:aws:iam::${member}:oidc-provider/token.actions.githubusercontent.com`;
    expect(refused.userIdentity).toEqual({
      type: 'WebIdentityUser',
      principalId: `${provider}:sts.amazonaws.com:repo:o/r:ref:x`,
      userName: 'repo:o/r:ref:x',
      identityProvider: provider,
    });
    expect([refused.errorCode, refused.errorMessage]).toEqual(['AccessDenied', 'An unknown error occurred']);
    expect(refused.requestParameters).toEqual({ roleArn: `arn:aws:iam::${member}:role/ci`, roleSessionName: 'run' });
    expect(refused.recipientAccountId).toBe(member);
  });

  it('is unknown where nobody has signed in, in the account of Identity Center', () => {
    const made = one({ service: 'sso-oidc', operation: 'RegisterClient', caller: { kind: 'anonymous' } });
    expect(made).toMatchObject({
      eventSource: 'sso.amazonaws.com',
      userIdentity: { type: 'Unknown', accountId: management },
      recipientAccountId: management,
    });
  });
});

describe('a record', () => {
  it('has the members of AWS', () => {
    const made = one({
      operation: 'AssumeRole',
      input: { RoleArn: `arn:aws:iam::${member}:role/Deploy`, RoleSessionName: 'ana', DurationSeconds: '900' },
      output: {
        Credentials: {
          AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
          SecretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
          SessionToken: 'session-token-of-ana',
          Expiration: new Date('2026-11-25T00:15:00Z'),
        },
        AssumedRoleUser: { AssumedRoleId: 'AROAEXAMPLE:ana', Arn: 'arn' },
      },
      headers: { host: 'sts.eu-west-1.amazonaws.com', 'user-agent': 'aws-cli/2' },
    });
    expect(made).toEqual({
      eventVersion: '1.11',
      userIdentity: expect.objectContaining({ type: 'IAMUser' }),
      eventTime: '2026-11-25T17:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: 'aws-cli/2',
      requestParameters: {
        roleArn: `arn:aws:iam::${member}:role/Deploy`,
        roleSessionName: 'ana',
        durationSeconds: 900,
      },
      responseElements: {
        credentials: {
          accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
          sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
          expiration: 'Nov 25, 2026, 12:15:00 AM',
        },
        assumedRoleUser: { assumedRoleId: 'AROAEXAMPLE:ana', arn: 'arn' },
      },
      additionalEventData: { RequestDetails: { awsServingRegion: 'eu-west-1', endpointType: 'regional' } },
      requestID: 'request-1',
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      readOnly: true,
      resources: [{ accountId: member, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${member}:role/Deploy` }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: member,
      eventCategory: 'Management',
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader: 'sts.eu-west-1.amazonaws.com',
      },
    });
  });

  it('of IAM is in the region that serves IAM', () => {
    expect(one({ service: 'iam', operation: 'CreateUser', readOnly: false }).awsRegion).toBe('us-east-1');
  });

  it('of a write shows its answer, of a read none, of a failure neither', () => {
    const output = { User: { UserName: 'x' } };
    const given = { service: 'iam', operation: 'CreateUser', output } as const;
    expect(one({ ...given, readOnly: false }).responseElements).toEqual({ user: { userName: 'x' } });
    expect(one({ ...given, readOnly: true }).responseElements).toBeNull();
    const error = new AwsError('AccessDeniedException', 'no', 400);
    expect(one({ ...given, readOnly: false, error })).toMatchObject({
      errorCode: 'AccessDenied',
      responseElements: null,
    });
  });

  it('is not made where AWS makes none', () => {
    expect(record({ event: { unrecorded: true } })).toEqual([]);
  });

  it('of an object says which, whose bucket, and how many bytes', () => {
    const made = one({
      service: 's3',
      operation: 'PutObject',
      readOnly: false,
      category: 'data',
      input: { Bucket: 'states', Key: 'env:/dev/a.tfstate' },
      output: { status: 200, headers: { 'x-amz-version-id': 'v1', etag: '"e"' }, body: '' },
      headers: { host: 's3.localhost', 'user-agent': 'APN/1.0' },
      target: '/states/env%3A/dev/a.tfstate?x-id=PutObject',
    });
    expect(made).toMatchObject({
      userAgent: '[APN/1.0]',
      managementEvent: false,
      eventCategory: 'Data',
      requestParameters: { bucketName: 'states', Host: 's3.localhost', key: 'env:/dev/a.tfstate' },
      responseElements: { 'x-amz-version-id': 'v1' },
      additionalEventData: { SignatureVersion: 'SigV4', AuthenticationMethod: 'AuthHeader', bytesTransferredIn: 4 },
      resources: [
        { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::states/env:/dev/a.tfstate' },
        { accountId: management, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::states' },
      ],
    });
  });

  it('of a lock row shows its key and not the row', () => {
    const made = one({
      service: 'dynamodb',
      operation: 'DeleteItem',
      readOnly: false,
      category: 'data',
      input: { TableName: 'locks', Key: { LockID: { S: 'b/k' } } },
    });
    expect(made.requestParameters).toEqual({ tableName: 'locks', key: { LockID: 'b/k' } });
    for (const Key of [null, 'x', 5, { LockID: null }]) {
      expect(record({ service: 'dynamodb', operation: 'GetItem', input: { TableName: 'locks', Key } })).toHaveLength(1);
    }
  });
});

describe('a call across accounts', () => {
  it('is recorded in both, joined by an id, and the owner of the resource learns no name', () => {
    const [own, foreign] = record({
      service: 's3',
      operation: 'GetObject',
      category: 'data',
      caller: role({ type: 'assume-role' }),
      input: { Bucket: 'states', Key: 'a' },
    });
    expect([own?.recipientAccountId, own?.userIdentity.type]).toEqual([member, 'AssumedRole']);
    expect(foreign?.recipientAccountId).toBe(management);
    expect(foreign?.userIdentity).toEqual({
      type: 'AWSAccount',
      principalId: 'AROAEXAMPLE:ana@example.com',
      accountId: member,
    });
    expect(foreign?.sharedEventID).toBe(own?.sharedEventID);
    expect(foreign?.eventID).not.toBe(own?.eventID);
  });

  it('that was a refused AssumeRole stays with the one who tried', () => {
    const error = new AwsError('AccessDenied', 'no', 403);
    const made = record({ operation: 'AssumeRole', input: { RoleArn: `arn:aws:iam::${management}:role/x` }, error });
    expect(made.map(({ recipientAccountId }) => recipientAccountId)).toEqual([member]);
  });
});

it('no secret that comes or goes under one of its names is in a record', () => {
  const names = [
    'SecretAccessKey',
    'clientSecret',
    'accessToken',
    'refreshToken',
    'WebIdentityToken',
    'codeVerifier',
    'Plaintext',
  ];
  const value = fc.stringMatching(/^[A-Za-z0-9]{24,40}$/);
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      value,
      fc.array(fc.constantFrom('A', 'b', 'List'), { maxLength: 3 }),
      (name, secret, path) => {
        const members = path.reduceRight<unknown>((inner, step) => ({ [step]: step === 'List' ? [inner] : inner }), {
          [name]: secret,
          Other: new Secret(secret),
        });
        expect(JSON.stringify(elementsOf(members as Input))).not.toContain(secret);
      },
    ),
  );
});

it('a request that is nested to exhaust the stack is cut', () => {
  let nested: Input = {};
  for (let depth = 0; depth < 20_000; depth += 1) nested = { a: nested };
  expect(JSON.stringify(elementsOf(nested)).length).toBeLessThan(1000);
});
