import { describe, expect, it } from 'vitest';
import { type LogRecord, type StateVersion, traceStateChanges } from './state-changes.ts';

const accounts = new Map([
  ['111122223333', 'shared'],
  ['333344445555', 'live'],
]);

describe('traceStateChanges', () => {
  it('finds the person behind a permission set', () => {
    const write = record({
      userIdentity: role('AWSReservedSSO_TerraformDeployer_0123456789abcdef', 'ada', 'ASIAPERSON'),
    });
    expect(whoOf([write])).toEqual({ kind: 'person', name: 'ada', through: 'TerraformDeployer in live' });
  });

  it('finds the caller in the twin of the event, since the owner of the bucket is told the account only', () => {
    const seen = record({
      userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:ada', accountId: '333344445555' },
      sharedEventID: 's1',
    });
    const own = record({
      userIdentity: role('AWSReservedSSO_TerraformDeployer_0123456789abcdef', 'ada', 'ASIAPERSON'),
      sharedEventID: 's1',
    });
    expect(whoOf([seen, own]).kind).toBe('person');
    expect(whoOf([seen])).toEqual({ kind: 'unknown', name: 'AROAEXAMPLE:ada', through: 'live' });
  });

  it('finds the workflow run through the call that minted the session', () => {
    const mint = record({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRoleWithWebIdentity',
      userIdentity: { type: 'WebIdentityUser', userName: 'repo:o/r:environment:live' },
      responseElements: { credentials: { accessKeyId: 'ASIARUN' } },
    });
    const write = record({ userIdentity: role('terraform-apply', 'gha-42-1', 'ASIARUN') });
    expect(whoOf([write, mint])).toEqual({
      kind: 'workflow',
      name: 'run 42, attempt 1 (repo:o/r:environment:live)',
      through: 'terraform-apply in live',
    });
    expect(whoOf([write]).kind).toBe('unknown');
    expect(whoOf([write, { ...mint, errorCode: 'AccessDenied' }]).kind).toBe('unknown');
  });

  it('says of an IAM user that its key is shared, and shows no key', () => {
    const write = record({
      userIdentity: {
        type: 'IAMUser',
        userName: 'deployment',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        accountId: '111122223333',
      },
    });
    expect(whoOf([write])).toEqual({ kind: 'shared-key', name: 'deployment', through: 'key AKIA…MPLE in shared' });
  });

  it('goes back through a role that was assumed to who assumed it', () => {
    const mint = record({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: { type: 'IAMUser', userName: 'deployment', accessKeyId: 'AKIA', accountId: '111122223333' },
      responseElements: { credentials: { accessKeyId: 'ASIACHAIN' } },
    });
    expect(whoOf([record({ userIdentity: role('terraform-state', 'finance', 'ASIACHAIN') }), mint])).toEqual({
      kind: 'shared-key',
      name: 'deployment',
      through: 'key … in shared, then terraform-state in live',
    });
  });

  it.each<[string, Partial<LogRecord>]>([
    ['another version', { responseElements: { 'x-amz-version-id': 'v2' } }],
    ['another object', { requestParameters: { bucketName: 'state', key: 'dns/terraform.tfstate' } }],
    ['a refused write', { errorCode: 'AccessDenied' }],
    ['a read', { eventName: 'GetObject' }],
  ])('does not take %s for the write', (_, change) => {
    const write = record({ userIdentity: role('x', 'y', 'z'), ...change });
    expect(whoOf([write])).toEqual({ kind: 'unknown', name: 'nobody', through: 'no log file tells of this write' });
  });
});

const version: StateVersion = { bucket: 'state', key: 'network/terraform.tfstate', versionId: 'v1', step: 'engineer' };

function whoOf(records: readonly LogRecord[]) {
  const [change] = traceStateChanges(records, [version], accounts);
  if (change === undefined) throw new Error('no change');
  return change.who;
}

function record(partial: Partial<LogRecord>): LogRecord {
  return {
    eventTime: '2026-11-25T17:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'PutObject',
    userIdentity: {},
    requestParameters: { bucketName: 'state', key: 'network/terraform.tfstate' },
    responseElements: { 'x-amz-version-id': 'v1' },
    eventID: 'e1',
    ...partial,
  };
}

function role(name: string, session: string, accessKeyId: string) {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::333344445555:assumed-role/${name}/${session}`,
    accountId: '333344445555',
    accessKeyId,
    sessionContext: { sessionIssuer: { type: 'Role', userName: name } },
  };
}
