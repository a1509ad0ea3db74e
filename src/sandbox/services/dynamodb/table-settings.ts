/** What hangs on a table: tags, time to live, backups, its resource policy. */
import { AwsError } from '../../core/aws-error.ts';
import type { Input, Operation } from '../../core/service.ts';
import { parseTablePolicy } from './build.ts';
import { validation } from './errors.ts';
import { integerMember, textMember } from './item-request.ts';
import type { Table } from './state.ts';
import { authorizeTable, requireTable, tableRef } from './table-access.ts';
import { readTags, tableOfArn, tagContext } from './tables.ts';

export const listTagsOfResource: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const table = tableOfArn(call, input, 'ListTagsOfResource');
    return { Tags: table.tags.map(({ key: Key, value: Value }) => ({ Key, Value })) };
  },
};

export const tagResource: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const tags = readTags(input);
    const table = tableOfArn(call, input, 'TagResource', tagContext(tags));
    const added = new Set(tags.map(({ key }) => key));
    table.tags = [...table.tags.filter(({ key }) => !added.has(key)), ...tags];
    return undefined;
  },
};

export const untagResource: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const names = input.TagKeys;
    if (!Array.isArray(names)) throw validation('TagKeys must be a list');
    const table = tableOfArn(call, input, 'UntagResource', new Map([['aws:tagkeys', names.map(String)]]));
    table.tags = table.tags.filter(({ key }) => !names.includes(key));
    return undefined;
  },
};

export const describeTimeToLive: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'DescribeTimeToLive');
    const { timeToLive } = requireTable(ref);
    return {
      TimeToLiveDescription:
        timeToLive === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
    };
  },
};

export const updateTimeToLive: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'UpdateTimeToLive');
    const table = requireTable(ref);
    const given = (input.TimeToLiveSpecification ?? {}) as Input;
    const attribute = textMember(given, 'AttributeName');
    if (attribute === undefined || typeof given.Enabled !== 'boolean') {
      throw validation('TimeToLiveSpecification needs AttributeName and Enabled');
    }
    if (given.Enabled === (table.timeToLive !== undefined)) {
      throw validation(`TimeToLive is already ${given.Enabled ? 'enabled' : 'disabled'}`);
    }
    table.timeToLive = given.Enabled ? attribute : undefined;
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: given.Enabled } };
  },
};

function backups(table: Table, now: number): Readonly<Record<string, unknown>> {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: table.pointInTimeRecovery
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: table.recoveryPeriodDays,
            EarliestRestorableDateTime: new Date(table.createdAt),
            LatestRestorableDateTime: new Date(now),
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}

export const describeContinuousBackups: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'DescribeContinuousBackups');
    if (ref.table === undefined) throw new AwsError('TableNotFoundException', `Table not found: ${ref.name}`);
    return backups(ref.table, call.time.now());
  },
};

export const updateContinuousBackups: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'UpdateContinuousBackups');
    if (ref.table === undefined) throw new AwsError('TableNotFoundException', `Table not found: ${ref.name}`);
    const given = (input.PointInTimeRecoverySpecification ?? {}) as Input;
    if (typeof given.PointInTimeRecoveryEnabled !== 'boolean') {
      throw validation('PointInTimeRecoverySpecification needs PointInTimeRecoveryEnabled');
    }
    ref.table.pointInTimeRecovery = given.PointInTimeRecoveryEnabled;
    ref.table.recoveryPeriodDays = integerMember(given, 'RecoveryPeriodInDays', 1, 35) ?? ref.table.recoveryPeriodDays;
    return backups(ref.table, call.time.now());
  },
};

function policyNotFound(arn: string): AwsError {
  return new AwsError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${arn}`,
  );
}

function checkRevision(table: Table, input: Input): void {
  const expected = textMember(input, 'ExpectedRevisionId');
  if (expected === undefined) return;
  const actual = table.policy?.revisionId ?? 'NO_POLICY';
  if (expected === actual) return;
  if (table.policy === undefined) throw policyNotFound(table.arn);
  throw new AwsError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: revision ${expected} is not the current one`,
  );
}

export const getResourcePolicy: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const table = tableOfArn(call, input, 'GetResourcePolicy');
    if (table.policy === undefined) throw policyNotFound(table.arn);
    return { Policy: table.policy.text, RevisionId: table.policy.revisionId };
  },
};

export const putResourcePolicy: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const table = tableOfArn(call, input, 'PutResourcePolicy');
    checkRevision(table, input);
    const text = textMember(input, 'Policy');
    if (text === undefined)
      throw validation("Value null at 'policy' failed to satisfy constraint: Member must not be null");
    table.policy = parseTablePolicy(call.world, table.arn, text);
    return { RevisionId: table.policy.revisionId };
  },
};

/** Nothing is wrong with deleting a policy that is not there. */
export const deleteResourcePolicy: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const table = tableOfArn(call, input, 'DeleteResourcePolicy');
    checkRevision(table, input);
    const revisionId = table.policy?.revisionId;
    table.policy = undefined;
    return revisionId === undefined ? {} : { RevisionId: revisionId };
  },
};
