/**
 * Whose each new version of a state object is, from CloudTrail's log files alone, joined as an investigator would: the data
 * event of the write, its twin in the account of the caller (`sharedEventID`), and for pipelines the call that minted the
 * session. Pure.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { maskKeyId } from '../kernel/secret.ts';
import type { StateAuthor, StateChange, StepId } from './rehearsal.ts';

/** The parts of a record that the join reads; whatever else stands in it is passed over. */
export interface LogRecord {
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly errorCode?: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
  readonly eventID: string;
  readonly sharedEventID?: string;
}

/** A version that the bucket holds, and in which step it appeared. */
export interface StateVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly step: StepId;
}

/** The names that keyless.yaml has for account ids. */
export type AccountNames = ReadonlyMap<string, string>;

/** One change for each version; one that no record tells of has an unknown author. */
export function traceStateChanges(
  records: readonly LogRecord[],
  versions: readonly StateVersion[],
  accounts: AccountNames,
): readonly StateChange[] {
  const writes = records.filter(
    ({ eventSource, eventName, errorCode }) =>
      eventSource === 's3.amazonaws.com' && eventName === 'PutObject' && errorCode === undefined,
  );
  const byVersion = Map.groupBy(writes, (record) => {
    const parameters = record.requestParameters ?? {};
    return `${parameters.bucketName}\0${parameters.key}\0${record.responseElements?.['x-amz-version-id']}`;
  });
  const twins = Map.groupBy(records, ({ sharedEventID }) => sharedEventID);
  const mints = mintsByKey(records);
  return versions.map(({ bucket, key, versionId, step }) => {
    const found = byVersion.get(`${bucket}\0${key}\0${versionId}`) ?? [];
    const same = found.flatMap((record) => [
      record,
      ...(record.sharedEventID === undefined ? [] : (twins.get(record.sharedEventID) ?? [])),
    ]);
    // The account of the resource is told no more of the caller than account and unique id.
    const telling = same.find(({ userIdentity }) => userIdentity.type !== 'AWSAccount') ?? same[0];
    return {
      at: telling?.eventTime ?? '',
      object: key,
      versionId,
      step,
      who:
        telling === undefined
          ? { kind: 'unknown', name: 'nobody', through: 'no log file tells of this write' }
          : authorOf(telling, mints, accounts),
    };
  });
}

/** The calls that STS answered with a session, by its access key id. */
function mintsByKey(records: readonly LogRecord[]): ReadonlyMap<string, LogRecord> {
  return new Map(
    records.flatMap((record) => {
      const minted = record.eventName === 'AssumeRoleWithWebIdentity' || record.eventName === 'AssumeRole';
      if (!minted || record.errorCode !== undefined || record.userIdentity.type === 'AWSAccount') return [];
      const keyId = textAt(record.responseElements, 'credentials', 'accessKeyId');
      return keyId === undefined ? [] : [[keyId, record] as const];
    }),
  );
}

function authorOf(
  { userIdentity }: LogRecord,
  mints: ReadonlyMap<string, LogRecord>,
  accounts: AccountNames,
): StateAuthor {
  const account = textAt(userIdentity, 'accountId') ?? '';
  const where = accounts.get(account) ?? account;
  const keyId = textAt(userIdentity, 'accessKeyId') ?? '';
  switch (userIdentity.type) {
    case 'IAMUser':
      return {
        kind: 'shared-key',
        name: textAt(userIdentity, 'userName') ?? '',
        through: `key ${maskKeyId(keyId)} in ${where}`,
      };
    case 'AssumedRole': {
      const role = textAt(userIdentity, 'sessionContext', 'sessionIssuer', 'userName') ?? '';
      const session = sessionName(userIdentity);
      const set = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role)?.[1];
      if (set !== undefined) return { kind: 'person', name: session, through: `${set} in ${where}` };
      const mint = mints.get(keyId);
      if (mint?.eventName === 'AssumeRole') {
        const caller = authorOf(mint, mints, accounts);
        return { ...caller, through: `${caller.through}, then ${role} in ${where}` };
      }
      if (mint !== undefined) {
        const subject = textAt(mint.userIdentity, 'userName') ?? '';
        const run = /^gha-(\d+)-(\d+)$/.exec(session);
        const name = run === null ? session : `run ${run[1]}, attempt ${run[2]}`;
        return { kind: 'workflow', name: `${name} (${subject})`, through: `${role} in ${where}` };
      }
      const through = `${role} in ${where}, session ${session}`;
      return { kind: 'unknown', name: session, through };
    }
    default:
      return {
        kind: 'unknown',
        name: textAt(userIdentity, 'principalId') ?? String(userIdentity.type),
        through: where,
      };
  }
}

/** What stands after the last `/` of the session's ARN. */
function sessionName(identity: Readonly<Record<string, unknown>>): string {
  const arn = textAt(identity, 'arn') ?? '';
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const name of path)
    at = at === null || typeof at !== 'object' ? undefined : (at as Record<string, unknown>)[name];
  return typeof at === 'string' ? at : undefined;
}
