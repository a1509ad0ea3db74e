import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../test/support/sandbox-client.ts';
import { AwsError } from './aws-error.ts';
import type { CallOutcome } from './call-outcome.ts';
import type { Operation, Service } from './service.ts';

const whoAmI: Operation = {
  readOnly: true,
  category: 'management',
  handle: ({ caller, account }) => ({
    Account: account,
    Arn: 'arn' in caller ? caller.arn : 'nobody',
    UserId: 'me & <you>',
  }),
};
const toySts: Service = {
  id: 'sts',
  eventSource: 'sts.amazonaws.com',
  protocol: 'query',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  signingNames: ['sts'],
  hostPrefixes: ['sts'],
  accessDenied: { code: 'AccessDenied', status: 403 },
  operations: new Map([['GetCallerIdentity', whoAmI]]),
};
const toyDynamoDb: Service = {
  id: 'dynamodb',
  eventSource: 'dynamodb.amazonaws.com',
  protocol: 'json-1.0',
  targetPrefix: 'DynamoDB_20120810',
  signingNames: ['dynamodb'],
  hostPrefixes: ['dynamodb'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([
    [
      'ListTables',
      {
        readOnly: true,
        category: 'management',
        handle: (call, input) => {
          call.authorize({ action: 'dynamodb:ListTables', resource: '*' });
          if (input.Limit === 7) throw new AwsError('ResourceNotFoundException', 'Requested resource not found', 400);
          if (input.Limit === 8) throw new RangeError('a bug');
          return { TableNames: [call.region] };
        },
      },
    ],
  ]),
};

function makeToy(record?: (outcome: CallOutcome) => void): TestSandbox {
  return makeSandbox({
    services: [toySts, toyDynamoDb],
    ...(record === undefined ? {} : { record: (_world, outcome) => record(outcome) }),
  });
}
const root = { account: '222222222222' };

describe('a call', () => {
  it('comes from a client of the SDK, is carried out for the holder of the key, and goes back', async () => {
    const sandbox = makeToy();
    const sts = sandbox.connect(STSClient, sandbox.issueKey(root));
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({
      Account: '222222222222',
      Arn: 'arn:aws:iam::222222222222:root',
      UserId: 'me & <you>',
    });
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root), { region: 'eu-central-1' });
    expect(await tables.send(new ListTablesCommand())).toMatchObject({ TableNames: ['eu-central-1'] });
  });

  it('finds its service behind one endpoint for all', async () => {
    const sandbox = makeToy();
    const endpoint = { endpoint: 'http://127.0.0.1:4566' };
    const key = sandbox.issueKey(root);
    const identity = await sandbox.connect(STSClient, key, endpoint).send(new GetCallerIdentityCommand());
    expect(identity.Account).toBe('222222222222');
    const { TableNames } = await sandbox.connect(DynamoDBClient, key, endpoint).send(new ListTablesCommand());
    expect(TableNames).toEqual(['eu-west-1']);
  });

  it('is recorded once, with what came of it', async () => {
    const outcomes: CallOutcome[] = [];
    const sandbox = makeToy((outcome) => outcomes.push(outcome));
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root));
    await tables.send(new ListTablesCommand({ Limit: 3 }));
    await expect(tables.send(new ListTablesCommand({ Limit: 7 }))).rejects.toThrow('Requested resource not found');
    expect(outcomes.map(({ call, input, error }) => [call.operation, input, error?.code])).toEqual([
      ['ListTables', { Limit: 3 }, undefined],
      ['ListTables', { Limit: 7 }, 'ResourceNotFoundException'],
    ]);
  });

  it('marks the key as used', async () => {
    const sandbox = makeToy();
    const { users } = sandbox.world.iam.accounts.get('222222222222') ?? { users: new Map() };
    users.set('deployment', {
      name: 'deployment',
      path: '/',
      arn: 'arn:aws:iam::222222222222:user/deployment',
      id: 'AIDAQ',
      createdAt: 0,
      tags: [],
      inline: new Map(),
      attached: [],
      boundary: undefined,
      accessKeys: [],
    });
    const key = sandbox.issueKey({ account: '222222222222', userName: 'deployment' });
    await sandbox.connect(STSClient, key).send(new GetCallerIdentityCommand());
    expect(users.get('deployment')?.accessKeys[0]?.lastUsed).toEqual({
      at: sandbox.time.now(),
      region: 'eu-west-1',
      service: 'sts',
    });
  });

  it('of an operation that is not there says so without a 500', async () => {
    const sandbox = makeToy();
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root));
    const create = new CreateTableCommand({ TableName: 't', AttributeDefinitions: [], KeySchema: [] });
    await expect(tables.send(create)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
      message: expect.stringContaining('DynamoDB_20120810.CreateTable is not modelled by the sandbox'),
    });
  });

  it('that runs into a bug of the sandbox is answered as such and reported', async () => {
    const sandbox = makeToy();
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root));
    await expect(tables.send(new ListTablesCommand({ Limit: 8 }))).rejects.toMatchObject({ name: 'InternalFailure' });
    expect(sandbox.problems).toMatchObject([
      { service: 'dynamodb', operation: 'ListTables', error: { message: 'a bug' } },
    ]);
  });

  it('to a host that is none of these is turned away', async () => {
    const sandbox = makeToy();
    const message = { method: 'GET', target: '/', headers: {}, secure: true, body: new Uint8Array() };
    expect(await sandbox.handle({ ...message, host: 'registry.terraform.io' })).toMatchObject({ status: 421 });
  });
});

describe('a fault', () => {
  it('of each kind strikes the calls it names, as often as it says', async () => {
    const sandbox = makeToy();
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root));
    const list = async () => await tables.send(new ListTablesCommand());
    sandbox.faults.add({
      id: 'busy',
      on: { operation: 'ListTables' },
      after: 1,
      times: 1,
      effect: { kind: 'error', status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
    });
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    await list();
    sandbox.faults.add({ id: 'cut', on: { service: 'dynamodb' }, times: 1, effect: { kind: 'reset' } });
    await expect(list()).rejects.toMatchObject({ code: 'ECONNRESET' });
    sandbox.faults.add({ id: 'slow', on: {}, times: 1, effect: { kind: 'delay', milliseconds: 2000 } });
    let answered = false;
    const slow = list().then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    sandbox.clock.advance(2);
    await slow;
    expect(sandbox.faults.list().map(({ matched, struck }) => [matched, struck])).toEqual([
      [5, 1],
      [2, 1],
      [1, 1],
    ]);
  });

  it('that loses the answer lets the call be carried out', async () => {
    const outcomes: CallOutcome[] = [];
    const sandbox = makeToy((outcome) => outcomes.push(outcome));
    sandbox.faults.add({ id: 'lost', on: {}, effect: { kind: 'drop-answer' } });
    const tables = sandbox.connect(DynamoDBClient, sandbox.issueKey(root));
    await expect(tables.send(new ListTablesCommand())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(outcomes).toHaveLength(1);
  });
});
