/**
 * LookupEvents: the management events of the last 90 days in one account and region, newest first.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { numberOf, structuresOf, textOf } from './input.ts';
import type { CloudTrailRecord } from './state.ts';

const pageLength = 50;
const keptMilliseconds = 90 * 24 * 3_600_000;
/** Calls a second, of one account in one region. */
const lookupsPerSecond = 2;

export const lookupEventsOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    call.authorize({ action: 'cloudtrail:LookupEvents', resource: '*' });
    limitRate(call);
    const length = numberOf(input, 'MaxResults') ?? pageLength;
    if (!Number.isInteger(length) || length < 1 || length > pageLength) {
      throw new AwsError(
        'InvalidMaxResultsException',
        `A maximum results value of ${length} is invalid. Specify 1 to 50.`,
      );
    }
    const matches = matcherOf(call, input);
    const { records } = call.world.cloudtrail;
    const before = startOf(input, records);
    const found: CloudTrailRecord[] = [];
    let index = before;
    while (index > 0 && found.length < length) {
      index -= 1;
      const record = records[index] as CloudTrailRecord;
      if (matches(record)) found.push(record);
    }
    const more = index > 0 && records.slice(0, index).some(matches);
    return {
      Events: found.map(eventOf),
      // The record that was last, not its index: the oldest records may be forgotten between two pages.
      ...(more ? { NextToken: tokenFor(found.at(-1) as CloudTrailRecord) } : {}),
    };
  },
};

function matcherOf(call: Call, input: Input): (record: CloudTrailRecord) => boolean {
  const attributes = structuresOf(input, 'LookupAttributes').map((attribute) => ({
    key: textOf(attribute, 'AttributeKey') ?? '',
    value: textOf(attribute, 'AttributeValue') ?? '',
  }));
  if (attributes.length > 1) {
    throw new AwsError('InvalidLookupAttributesException', 'You can only specify one lookup attribute.');
  }
  const [attribute] = attributes;
  const read = attribute === undefined ? undefined : attributeReaders[attribute.key];
  if (attribute !== undefined && (read === undefined || attribute.value === '')) {
    throw new AwsError(
      'InvalidLookupAttributesException',
      `${attribute.key} is not a valid lookup attribute with that value.`,
    );
  }
  const now = call.time.now();
  const from = Math.max(momentOf(input, 'StartTime') ?? 0, now - keptMilliseconds);
  const to = momentOf(input, 'EndTime') ?? Number.POSITIVE_INFINITY;
  if (from > to) {
    throw new AwsError('InvalidTimeRangeException', 'Start time cannot be later than end time.');
  }
  return (record) => {
    if (!record.managementEvent || record.recipientAccountId !== call.account) return false;
    if (record.awsRegion !== call.region) return false;
    const at = Date.parse(record.eventTime);
    // Records have whole seconds, so the second of StartTime counts.
    if (at < Math.floor(from / 1000) * 1000 || at > to) return false;
    return attribute === undefined || (read as Reader)(record).includes(attribute.value);
  };
}

type Reader = (record: CloudTrailRecord) => readonly string[];

const attributeReaders: Readonly<Record<string, Reader>> = {
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  EventSource: ({ eventSource }) => [eventSource],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  Username: (record) => textList(userNameOf(record)),
  AccessKeyId: (record) => textList(keyOf(record)),
  ResourceType: (record) => resourcesOf(record).map(({ ResourceType: type }) => type),
  ResourceName: (record) => resourcesOf(record).map(({ ResourceName: name }) => name),
};

function eventOf(record: CloudTrailRecord): Input {
  const userName = userNameOf(record);
  const key = keyOf(record);
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(key === undefined ? {} : { AccessKeyId: key }),
    EventTime: new Date(record.eventTime),
    EventSource: record.eventSource,
    ...(userName === undefined ? {} : { Username: userName }),
    Resources: resourcesOf(record),
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** `Username` of a role session is the session's name. */
function userNameOf({ userIdentity }: CloudTrailRecord): string | undefined {
  if (userIdentity.type === 'Root') return 'root';
  if (typeof userIdentity.userName === 'string') return userIdentity.userName;
  return userIdentity.type === 'AssumedRole' ? String(userIdentity.principalId).split(':')[1] : undefined;
}

function keyOf({ userIdentity }: CloudTrailRecord): string | undefined {
  return typeof userIdentity.accessKeyId === 'string' && userIdentity.accessKeyId !== ''
    ? userIdentity.accessKeyId
    : undefined;
}

function resourcesOf(record: CloudTrailRecord): readonly { ResourceType: string; ResourceName: string }[] {
  return (record.resources ?? []).flatMap(({ type, ARN: arn }) =>
    typeof type === 'string' && typeof arn === 'string' ? [{ ResourceType: type, ResourceName: arn }] : [],
  );
}

function textList(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/** Seconds since the epoch, as JSON 1.1 has them. */
function momentOf(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const at = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (Number.isNaN(at)) throw new AwsError('SerializationException', `The member ${member} is not a timestamp.`);
  return at;
}

function tokenFor(record: CloudTrailRecord): string {
  return Buffer.from(record.eventID).toString('base64');
}

function startOf(input: Input, records: readonly CloudTrailRecord[]): number {
  const token = textOf(input, 'NextToken');
  if (token === undefined) return records.length;
  const id = Buffer.from(token, 'base64').toString();
  const index = records.findLastIndex(({ eventID }) => eventID === id);
  if (index === -1)
    throw new AwsError('InvalidNextTokenException', 'The token is invalid, or it was used with other parameters.');
  return index;
}

const recentLookups = new WeakMap<World, Map<string, readonly number[]>>();

function limitRate(call: Call): void {
  if (call.world.cloudtrail.lookupLimit !== true) return;
  const byAccount = recentLookups.get(call.world) ?? new Map<string, readonly number[]>();
  recentLookups.set(call.world, byAccount);
  const now = call.time.now();
  const name = `${call.account}|${call.region}`;
  const recent = (byAccount.get(name) ?? []).filter((at) => now - at < 1000);
  if (recent.length >= lookupsPerSecond) throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
  byAccount.set(name, [...recent, now]);
}
