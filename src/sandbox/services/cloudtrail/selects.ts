/**
 * Whether a trail takes a record: its account and region, and its event selectors.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
import type { CloudTrailRecord, Trail } from './state.ts';

type Selector = Readonly<Record<string, unknown>>;

export function trailTakes(trail: Trail, record: CloudTrailRecord): boolean {
  if (!trail.organization && record.recipientAccountId !== trail.account) return false;
  if (!trail.multiRegion && record.awsRegion !== trail.homeRegion && !isGlobal(trail, record)) return false;
  if (trail.advancedEventSelectors.length > 0) {
    return trail.advancedEventSelectors.some((selector) => advancedTakes(selector, record));
  }
  // A new trail records every management event and no data events.
  if (trail.eventSelectors.length === 0) return record.managementEvent;
  return trail.eventSelectors.some((selector) => classicTakes(selector, record));
}

const globalSources: ReadonlySet<string> = new Set(['iam.amazonaws.com', 'organizations.amazonaws.com']);

function isGlobal(trail: Trail, record: CloudTrailRecord): boolean {
  return trail.includeGlobalServiceEvents && globalSources.has(record.eventSource);
}

function classicTakes(selector: Selector, record: CloudTrailRecord): boolean {
  const direction = selector.ReadWriteType ?? 'All';
  if (direction === 'ReadOnly' && !record.readOnly) return false;
  if (direction === 'WriteOnly' && record.readOnly) return false;
  if (record.managementEvent) {
    return (
      selector.IncludeManagementEvents !== false &&
      !texts(selector.ExcludeManagementEventSources).includes(record.eventSource)
    );
  }
  const resources = (Array.isArray(selector.DataResources) ? selector.DataResources : []) as Selector[];
  return resources.some(({ Type: type, Values: values }) =>
    resourcesOf(record).some(
      (resource) =>
        resource.type === type && texts(values).some((value) => `${resource.arn}`.startsWith(prefixOf(value))),
    ),
  );
}

/** `arn:aws:s3` and `arn:aws:s3:::` stand for all buckets, `arn:aws:dynamodb` for all tables. */
function prefixOf(value: string): string {
  return value.replace(/:+$/, ':').replace(/^(arn:[\w-]+:s3):$/, '$1:::');
}

function advancedTakes(selector: Selector, record: CloudTrailRecord): boolean {
  const fields = (Array.isArray(selector.FieldSelectors) ? selector.FieldSelectors : []) as Selector[];
  return fields.every((field) => fieldTakes(field, valuesOf(String(field.Field), record)));
}

/** The positive operators are alternatives, and so are the values of one; every negative one must hold. */
function fieldTakes(field: Selector, values: readonly string[]): boolean {
  const some = (operator: string, test: (value: string, wanted: string) => boolean): boolean =>
    texts(field[operator]).some((wanted) => values.some((value) => test(value, wanted)));
  const positive = ['Equals', 'StartsWith', 'EndsWith'].some((operator) => texts(field[operator]).length > 0);
  const taken =
    some('Equals', (value, wanted) => value === wanted) ||
    some('StartsWith', (value, wanted) => value.startsWith(wanted)) ||
    some('EndsWith', (value, wanted) => value.endsWith(wanted));
  const refused =
    some('NotEquals', (value, wanted) => value === wanted) ||
    some('NotStartsWith', (value, wanted) => value.startsWith(wanted)) ||
    some('NotEndsWith', (value, wanted) => value.endsWith(wanted));
  return (!positive || taken) && !refused;
}

function valuesOf(field: string, record: CloudTrailRecord): readonly string[] {
  switch (field) {
    case 'eventCategory':
      return [record.eventCategory];
    case 'readOnly':
      return [String(record.readOnly)];
    case 'eventName':
      return [record.eventName];
    case 'eventSource':
      return [record.eventSource];
    case 'eventType':
      return [record.eventType];
    case 'userIdentity.arn':
      return [String(record.userIdentity.arn ?? '')];
    case 'resources.type':
      return resourcesOf(record).map(({ type }) => type);
    case 'resources.ARN':
      return resourcesOf(record).map(({ arn }) => arn);
    default:
      return [];
  }
}

/** A call on a bucket's contents as a whole counts as one on objects: its ARN ends in `/`. */
function resourcesOf(record: CloudTrailRecord): readonly { readonly type: string; readonly arn: string }[] {
  const resources = (record.resources ?? []).map((resource) => ({
    type: String(resource.type ?? ''),
    arn: String(resource.ARN ?? ''),
  }));
  const bucket = resources.find(({ type }) => type === 'AWS::S3::Bucket');
  const isListing = !record.managementEvent && bucket !== undefined && resources.length === 1;
  return isListing ? [{ type: 'AWS::S3::Object', arn: `${bucket.arn}/` }] : resources;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
