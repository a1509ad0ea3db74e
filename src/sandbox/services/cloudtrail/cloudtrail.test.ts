import { createHash, createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListPublicKeysCommand,
  ListTagsCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { realRandom } from '../../../ports/real/random.ts';
import { parseBucketPolicy } from '../s3/bucket-policy-text.ts';
import { createBucket } from '../s3/build.ts';
import { createDigestKey, createTrail, selectorsForBuckets } from './build.ts';
import { deliverTrails } from './deliver.ts';
import { append, keptRecords, recordCall } from './record.ts';
import { cloudTrailService } from './service.ts';
import type { CloudTrailRecord, CloudTrailState } from './state.ts';

const management = '111111111111';
const production = '222222222222';

function policyFor(folder: string): string {
  const principal = { Service: 'cloudtrail.amazonaws.com' };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: principal, Action: 's3:GetBucketAcl', Resource: 'arn:aws:s3:::logs' },
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::logs/${folder}/*`,
        Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
    ],
  });
}

function sandboxWithLogs(policy: string = policyFor('AWSLogs')): TestSandbox {
  const sandbox = makeSandbox({ services: [cloudTrailService], record: recordCall });
  createBucket(sandbox.world, { name: 'logs', account: management, createdAt: 0, policy });
  createBucket(sandbox.world, { name: 'bare', account: management, createdAt: 0 });
  createBucket(sandbox.world, { name: 'states', account: management, createdAt: 0 });
  return sandbox;
}

function filesIn(sandbox: TestSandbox, bucket: string): readonly string[] {
  return [...(sandbox.world.s3.buckets.get(bucket)?.objects.keys() ?? [])];
}

function readFile(sandbox: TestSandbox, key: string): { text: string; metadata: Readonly<Record<string, string>> } {
  const version = sandbox.world.s3.buckets.get('logs')?.objects.get(key)[0];
  return { text: gunzipSync(version?.body ?? new Uint8Array()).toString(), metadata: version?.metadata ?? {} };
}

const recordsIn = (sandbox: TestSandbox, key: string): readonly CloudTrailRecord[] =>
  (JSON.parse(readFile(sandbox, key).text) as { Records: CloudTrailRecord[] }).Records;

function dataRecord(bucket: string, key: string | undefined, more: Partial<CloudTrailRecord> = {}): CloudTrailRecord {
  const arn = `arn:aws:s3:::${bucket}`;
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'Root' },
    eventTime: '2026-11-21T09:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: key === undefined ? 'ListObjects' : 'GetObject',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '127.0.0.1',
    userAgent: '',
    requestParameters: null,
    responseElements: null,
    requestID: 'r',
    eventID: `${bucket}/${key}`,
    readOnly: true,
    resources: [
      ...(key === undefined ? [] : [{ type: 'AWS::S3::Object', ARN: `${arn}/${key}` }]),
      { type: 'AWS::S3::Bucket', ARN: arn, accountId: management },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: management,
    eventCategory: 'Data',
    ...more,
  };
}

describe('trails', () => {
  it('are made, described, changed and deleted', async () => {
    const sandbox = sandboxWithLogs();
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    const made = await client.send(
      new CreateTrailCommand({ Name: 'all', S3BucketName: 'logs', TagsList: [{ Key: 'team', Value: 'platform' }] }),
    );
    const arn = `arn:aws:cloudtrail:eu-west-1:${management}:trail/all`;
    expect(made).toMatchObject({ TrailARN: arn, IsMultiRegionTrail: false, IncludeGlobalServiceEvents: true });
    await client.send(new UpdateTrailCommand({ Name: 'all', IsMultiRegionTrail: true, EnableLogFileValidation: true }));
    const { trailList } = await client.send(new DescribeTrailsCommand({}));
    expect(trailList).toEqual([
      expect.objectContaining({ Name: 'all', HomeRegion: 'eu-west-1', LogFileValidationEnabled: true }),
    ]);
    const tags = await client.send(new ListTagsCommand({ ResourceIdList: [arn] }));
    expect(tags.ResourceTagList?.[0]?.TagsList).toEqual([{ Key: 'team', Value: 'platform' }]);
    await client.send(new DeleteTrailCommand({ Name: arn }));
    expect((await client.send(new DescribeTrailsCommand({}))).trailList).toEqual([]);
    expect(sandbox.problems).toEqual([]);
  });

  it('log only while they are told to', async () => {
    const sandbox = sandboxWithLogs();
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    await client.send(new CreateTrailCommand({ Name: 'all', S3BucketName: 'logs' }));
    await deliverTrails(sandbox.world, sandbox.time);
    expect(filesIn(sandbox, 'logs')).toEqual([]);
    await client.send(new StartLoggingCommand({ Name: 'all' }));
    await deliverTrails(sandbox.world, sandbox.time);
    const status = await client.send(new GetTrailStatusCommand({ Name: 'all' }));
    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryTime: new Date('2026-11-21T09:00:00Z') });
    await client.send(new StopLoggingCommand({ Name: 'all' }));
    await client.send(new DescribeTrailsCommand({}));
    const before = filesIn(sandbox, 'logs').length;
    await deliverTrails(sandbox.world, sandbox.time);
    expect(filesIn(sandbox, 'logs')).toHaveLength(before);
  });

  const refusals: readonly (readonly [string, () => object, string])[] = [
    ['a name with two dots', () => ({ Name: 'a..b', S3BucketName: 'logs' }), 'InvalidTrailNameException'],
    ['a bucket that is not there', () => ({ Name: 'all', S3BucketName: 'none' }), 'S3BucketDoesNotExistException'],
    [
      'a bucket that does not let it write',
      () => ({ Name: 'all', S3BucketName: 'bare' }),
      'InsufficientS3BucketPolicyException',
    ],
    [
      'a prefix that the policy does not have',
      () => ({ Name: 'all', S3BucketName: 'logs', S3KeyPrefix: 'x' }),
      'InsufficientS3BucketPolicyException',
    ],
  ];
  for (const [what, input, code] of refusals) {
    it(`are refused for ${what}`, async () => {
      const sandbox = sandboxWithLogs();
      const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
      const sent = client.send(new CreateTrailCommand(input() as { Name: string; S3BucketName: string }));
      await expect(sent).rejects.toMatchObject({ name: code });
    });
  }

  it('of the organisation belong to its management account', async () => {
    const sandbox = sandboxWithLogs();
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: production }));
    const sent = client.send(new CreateTrailCommand({ Name: 'all', S3BucketName: 'logs', IsOrganizationTrail: true }));
    await expect(sent).rejects.toMatchObject({ name: 'NotOrganizationMasterAccountException' });
    createTrail(sandbox.world, { name: 'all', account: management, bucket: 'logs', organization: true });
    const { trailList } = await client.send(new DescribeTrailsCommand({}));
    const arn = trailList?.[0]?.TrailARN as string;
    await expect(client.send(new DeleteTrailCommand({ Name: arn }))).rejects.toMatchObject({
      name: 'NotOrganizationMasterAccountException',
    });
  });

  it('are not changed from another region', async () => {
    const sandbox = sandboxWithLogs();
    createTrail(sandbox.world, { name: 'all', account: management, bucket: 'logs' });
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }), {
      region: 'eu-west-3',
    });
    await expect(client.send(new StopLoggingCommand({ Name: 'all' }))).rejects.toMatchObject({
      name: 'InvalidHomeRegionException',
    });
  });
});

describe('event selectors', () => {
  const delivered = async (selectors: object, records: readonly CloudTrailRecord[]): Promise<readonly string[]> => {
    const sandbox = sandboxWithLogs();
    const trail = createTrail(sandbox.world, { name: 'all', account: management, bucket: 'logs', loggingFrom: 0 });
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    await client.send(new PutEventSelectorsCommand({ TrailName: 'all', ...selectors }));
    trail.deliveredTo = sandbox.world.cloudtrail.records.length;
    sandbox.world.cloudtrail.records.push(...records);
    await deliverTrails(sandbox.world, sandbox.time);
    return filesIn(sandbox, 'logs').flatMap((key) => recordsIn(sandbox, key).map(({ eventID }) => eventID));
  };
  const reads = [dataRecord('states', 'a'), dataRecord('states', undefined), dataRecord('bare', 'a')];
  const managementWrite = dataRecord('x', 'y', { managementEvent: true, eventCategory: 'Management', readOnly: false });

  it('take data events of the prefixes they name, and listings of the bucket', async () => {
    const DataResources = [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::states/'] }];
    expect(await delivered({ EventSelectors: [{ ReadWriteType: 'All', DataResources }] }, reads)).toEqual([
      'states/a',
      'states/undefined',
    ]);
  });

  it('take all buckets for arn:aws:s3', async () => {
    const DataResources = [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }];
    expect(await delivered({ EventSelectors: [{ DataResources }] }, reads)).toHaveLength(3);
  });

  it('leave out what is of the other direction', async () => {
    const selectors = { EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }] };
    expect(await delivered(selectors, [...reads, managementWrite])).toEqual([]);
  });

  it('take by fields when they are advanced', async () => {
    const AdvancedEventSelectors = [
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'resources.ARN', NotStartsWith: ['arn:aws:s3:::bare/'] },
          { Field: 'eventName', NotEquals: ['ListObjects'] },
        ],
      },
    ];
    expect(await delivered({ AdvancedEventSelectors }, [...reads, managementWrite])).toEqual(['states/a']);
  });

  it('are refused when they say nothing that can be selected', async () => {
    const sandbox = sandboxWithLogs();
    createTrail(sandbox.world, { name: 'all', account: management, bucket: 'logs' });
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    const wrong = {
      TrailName: 'all',
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'color', Equals: ['x'] }] }],
    };
    await expect(client.send(new PutEventSelectorsCommand(wrong))).rejects.toMatchObject({
      name: 'InvalidEventSelectorsException',
    });
    const { EventSelectors } = await client.send(new GetEventSelectorsCommand({ TrailName: 'all' }));
    expect(EventSelectors).toEqual([expect.objectContaining({ ReadWriteType: 'All', IncludeManagementEvents: true })]);
  });
});

describe('log files', () => {
  it('lie where AWS puts them, one for each account and region', async () => {
    const sandbox = sandboxWithLogs();
    const { world } = sandbox;
    createTrail(world, { name: 'all', account: management, bucket: 'logs', organization: true, loggingFrom: 0 });
    const mine = { managementEvent: true } as const;
    world.cloudtrail.records.push(
      dataRecord('states', 'a', mine),
      dataRecord('states', 'b', { ...mine, recipientAccountId: production }),
      dataRecord('states', 'c', { ...mine, recipientAccountId: production, awsRegion: 'us-east-1' }),
    );
    const [delivery] = await deliverTrails(world, sandbox.time);
    const folder = `AWSLogs/${world.organizations.id}`;
    expect(delivery?.files.map((file) => file.replace(/_[A-Za-z0-9]{16}\./, '_*.'))).toEqual([
      `${folder}/${management}/CloudTrail/eu-west-1/2026/11/21/${management}_CloudTrail_eu-west-1_20261121T0900Z_*.json.gz`,
      `${folder}/${production}/CloudTrail/eu-west-1/2026/11/21/${production}_CloudTrail_eu-west-1_20261121T0900Z_*.json.gz`,
      `${folder}/${production}/CloudTrail/us-east-1/2026/11/21/${production}_CloudTrail_us-east-1_20261121T0900Z_*.json.gz`,
    ]);
    expect(recordsIn(sandbox, delivery?.files[1] as string).map(({ eventID }) => eventID)).toEqual(['states/b']);
  });

  it('leave a record of their own, made by a service of AWS, and no delivery for that alone', async () => {
    const sandbox = sandboxWithLogs();
    const { world } = sandbox;
    createTrail(world, {
      name: 'all',
      account: management,
      bucket: 'logs',
      loggingFrom: 0,
      advancedEventSelectors: selectorsForBuckets('aws', ['logs']),
    });
    world.cloudtrail.records.push(dataRecord('logs', 'x'));
    await deliverTrails(world, sandbox.time);
    expect(world.cloudtrail.records.at(-1)).toMatchObject({
      eventName: 'PutObject',
      userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
      requestParameters: { bucketName: 'logs' },
    });
    expect((await deliverTrails(world, sandbox.time))[0]?.files).toEqual([]);
  });

  it('wait while the bucket refuses them', async () => {
    const sandbox = sandboxWithLogs();
    const { world } = sandbox;
    const trail = createTrail(world, { name: 'all', account: management, bucket: 'logs', loggingFrom: 0 });
    world.cloudtrail.records.push(dataRecord('x', 'a', { managementEvent: true }));
    const bucket = world.s3.buckets.get('logs');
    if (bucket !== undefined) bucket.policy = undefined;
    expect((await deliverTrails(world, sandbox.time))[0]?.error).toBe('AccessDenied');
    expect(trail.deliveryError).toBe('AccessDenied');
    if (bucket !== undefined) bucket.policy = parseBucketPolicy('aws', 'logs', policyFor('AWSLogs'));
    expect((await deliverTrails(world, sandbox.time))[0]).toMatchObject({
      error: undefined,
      files: [expect.anything()],
    });
  });

  it('are vouched for by a signed chain of digests', async () => {
    const sandbox = sandboxWithLogs();
    const { world, clock } = sandbox;
    world.cloudtrail.signingKey = createDigestKey(realRandom, 0);
    createTrail(world, { name: 'all', account: management, bucket: 'logs', loggingFrom: 0, logFileValidation: true });
    const digests: string[] = [];
    for (const key of ['a', 'b']) {
      world.cloudtrail.records.push(dataRecord('states', key, { managementEvent: true }));
      digests.push(...((await deliverTrails(world, sandbox.time))[0]?.digests ?? []));
      clock.advance(3600);
    }
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    const { PublicKeyList } = await client.send(new ListPublicKeysCommand({}));
    const key = createPublicKey({ key: Buffer.from(PublicKeyList?.[0]?.Value ?? []), format: 'der', type: 'pkcs1' });
    let previous = 'null';
    for (const name of digests) {
      const { text, metadata } = readFile(sandbox, name);
      const digest = JSON.parse(text) as Record<string, unknown> & {
        logFiles: { s3Object: string; hashValue: string }[];
      };
      expect(digest.previousDigestSignature ?? 'null').toBe(previous);
      expect(digest.digestPublicKeyFingerprint).toBe(PublicKeyList?.[0]?.Fingerprint);
      const hash = createHash('sha256').update(text).digest('hex');
      const signed = `${String(digest.digestEndTime)}\nlogs/${name}\n${hash}\n${previous}`;
      const signature = metadata.signature as string;
      expect(verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'hex'))).toBe(true);
      for (const { s3Object, hashValue } of digest.logFiles) {
        expect(createHash('sha256').update(readFile(sandbox, s3Object).text).digest('hex')).toBe(hashValue);
      }
      previous = signature;
    }
    expect(digests).toHaveLength(2);
  });
});

describe('LookupEvents', () => {
  it('gives the management events of the account and region, newest first, fifty a page', async () => {
    const sandbox = sandboxWithLogs();
    const { world, clock } = sandbox;
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    for (let index = 0; index < 60; index += 1) {
      await client.send(new DescribeTrailsCommand({}));
      clock.advance(1);
    }
    world.cloudtrail.records.push(
      dataRecord('states', 'data'),
      dataRecord('states', 'elsewhere', { managementEvent: true, recipientAccountId: production }),
      dataRecord('states', 'far', { managementEvent: true, awsRegion: 'us-east-1' }),
    );
    const first = await client.send(new LookupEventsCommand({}));
    const second = await client.send(new LookupEventsCommand({ NextToken: first.NextToken }));
    const times = [...(first.Events ?? []), ...(second.Events ?? [])].map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([50, 10, undefined]);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const record = JSON.parse(first.Events?.[0]?.CloudTrailEvent ?? '{}') as CloudTrailRecord;
    expect(record).toMatchObject({ eventName: 'DescribeTrails', userIdentity: { type: 'Root' } });
  });

  it('finds by attribute and time', async () => {
    const sandbox = sandboxWithLogs();
    const key = sandbox.issueKey({ account: management });
    const client = sandbox.connect(CloudTrailClient, key);
    await client.send(new DescribeTrailsCommand({}));
    sandbox.clock.advance(60);
    await client.send(new GetTrailStatusCommand({ Name: 'none' })).catch(() => undefined);
    const names = async (input: object): Promise<readonly unknown[]> =>
      ((await client.send(new LookupEventsCommand(input))).Events ?? []).map(({ EventName }) => EventName);
    const by = (AttributeKey: string, AttributeValue: string) => ({
      LookupAttributes: [{ AttributeKey, AttributeValue }],
    });
    expect(await names(by('EventName', 'DescribeTrails'))).toEqual(['DescribeTrails']);
    expect(await names(by('EventName', 'StartLogging'))).toEqual([]);
    expect(await names({ ...by('AccessKeyId', key.accessKeyId), StartTime: new Date('2026-11-21T09:00:30Z') })).toEqual(
      ['LookupEvents', 'LookupEvents', 'GetTrailStatus'],
    );
    expect(await names({ EndTime: new Date('2026-11-21T09:00:30Z') })).toEqual(['DescribeTrails']);
  });

  it('refuses what AWS refuses', async () => {
    const sandbox = sandboxWithLogs();
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    const wrong: readonly (readonly [object, string])[] = [
      [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
      [{ NextToken: 'bm9uZQ==' }, 'InvalidNextTokenException'],
      [{ StartTime: new Date(2000), EndTime: new Date(1000) }, 'InvalidTimeRangeException'],
      [{ LookupAttributes: [{ AttributeKey: 'Color', AttributeValue: 'x' }] }, 'InvalidLookupAttributesException'],
    ];
    for (const [input, name] of wrong) {
      await expect(client.send(new LookupEventsCommand(input as object))).rejects.toMatchObject({ name });
    }
  });

  it('can be limited to two calls a second, as AWS limits it', async () => {
    const sandbox = sandboxWithLogs();
    sandbox.world.cloudtrail.lookupLimit = true;
    const client = sandbox.connect(CloudTrailClient, sandbox.issueKey({ account: management }));
    await client.send(new LookupEventsCommand({}));
    await client.send(new LookupEventsCommand({}));
    await expect(client.send(new LookupEventsCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
    sandbox.clock.advance(1);
    await client.send(new LookupEventsCommand({}));
  });
});

it('forgets the oldest records when there are too many, and trails keep their place', () => {
  const state: CloudTrailState = { trails: new Map(), records: [] };
  const record = dataRecord('b', 'k');
  for (let index = 0; index < keptRecords; index += 1) state.records.push(record);
  const trail = { deliveredTo: keptRecords } as never;
  state.trails.set('t', trail);
  append(state, record);
  expect(state.records).toHaveLength(keptRecords * 0.9 + 1);
  expect(state.records.slice((trail as { deliveredTo: number }).deliveredTo)).toEqual([record]);
});
