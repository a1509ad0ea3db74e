import * as sdk from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  makeStorageWorld,
  neighbourAccount,
  refusalOf,
  type StorageWorld,
} from '../../../../test/support/storage-world.ts';
import { createTable } from './build.ts';

const TableName = 'locks';
const arn = `arn:aws:dynamodb:eu-west-1:${account}:table/${TableName}`;
const LockID = 'acme-state/network/terraform.tfstate';
let world: StorageWorld;
let db: sdk.DynamoDBClient;

beforeEach(() => {
  world = makeStorageWorld();
  db = world.owner.dynamodb;
  createTable(world.sandbox.world, { name: TableName, account, createdAt: 0, hashKey: { name: 'LockID', type: 'S' } });
});

const lock = (client: sdk.DynamoDBClient, table: string = TableName): Promise<sdk.PutItemCommandOutput> =>
  client.send(
    new sdk.PutItemCommand({
      TableName: table,
      Item: { LockID: { S: LockID }, Info: { S: '{"ID":"1"}' } },
      ConditionExpression: 'attribute_not_exists(LockID)',
    }),
  );

describe("Terraform's lock", () => {
  it('is taken once, read, and given back', async () => {
    await lock(db);
    expect(await refusalOf(lock(db))).toMatchObject({
      code: 'ConditionalCheckFailedException',
      status: 400,
      message: 'The conditional request failed',
    });
    const Key = { LockID: { S: LockID } };
    const { Item } = await db.send(
      new sdk.GetItemCommand({ TableName, Key, ProjectionExpression: 'LockID, Info', ConsistentRead: true }),
    );
    expect(Item).toEqual({ LockID: { S: LockID }, Info: { S: '{"ID":"1"}' } });
    await db.send(new sdk.DeleteItemCommand({ TableName, Key }));
    expect((await db.send(new sdk.GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
    await lock(db);
  });

  it('needs the permission on the table, and says which is missing', async () => {
    const { dynamodb } = world.user('blind', [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arn }]);
    const refusal = await refusalOf(lock(dynamodb));
    expect(refusal).toMatchObject({ code: 'AccessDeniedException', status: 400 });
    expect(refusal.message).toContain(`is not authorized to perform: dynamodb:PutItem on resource: ${arn}`);
    expect(await refusalOf(lock(db, 'none'))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });

  it('works across accounts when the table is named by its ARN and both sides allow', async () => {
    const all = [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }];
    const { dynamodb: abroad } = world.user('abroad', all, neighbourAccount);
    expect(await refusalOf(lock(abroad, arn))).toMatchObject({ code: 'AccessDeniedException' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${neighbourAccount}:root` },
          Action: ['dynamodb:PutItem', 'dynamodb:GetItem'],
          Resource: arn,
        },
      ],
    });
    const { RevisionId } = await db.send(new sdk.PutResourcePolicyCommand({ ResourceArn: arn, Policy }));
    expect(await db.send(new sdk.GetResourcePolicyCommand({ ResourceArn: arn }))).toMatchObject({ Policy, RevisionId });
    await lock(abroad, arn);
    const Key = { LockID: { S: LockID } };
    expect(await refusalOf(abroad.send(new sdk.DeleteItemCommand({ TableName: arn, Key })))).toMatchObject({
      code: 'AccessDeniedException',
    });
    await db.send(new sdk.DeleteResourcePolicyCommand({ ResourceArn: arn }));
    expect(await refusalOf(db.send(new sdk.GetResourcePolicyCommand({ ResourceArn: arn })))).toMatchObject({
      code: 'PolicyNotFoundException',
    });
  });

  it('may be bound to leading keys', async () => {
    const { dynamodb } = world.user('own', [
      {
        Effect: 'Allow',
        Action: 'dynamodb:PutItem',
        Resource: arn,
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'acme-state/network/*' } },
      },
    ]);
    await lock(dynamodb);
    const other = new sdk.PutItemCommand({ TableName, Item: { LockID: { S: 'acme-state/dns/x' } } });
    expect(await refusalOf(dynamodb.send(other))).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('is recorded as a data event that tells the key and not the item', async () => {
    await lock(db);
    const { call } = world.outcomes.at(-1) ?? {};
    expect(call?.service.operations.get('PutItem')?.category).toBe('data');
    expect(call?.event.resources).toEqual([{ accountId: account, type: 'AWS::DynamoDB::Table', ARN: arn }]);
    expect(call?.event.requestParameters).toEqual({
      tableName: TableName,
      key: { LockID },
      conditionExpression: 'attribute_not_exists(LockID)',
    });
  });
});

describe('items', () => {
  it('must fit the key of the table', async () => {
    const put = async (Item: Record<string, sdk.AttributeValue>): Promise<string> =>
      (await refusalOf(db.send(new sdk.PutItemCommand({ TableName, Item })))).message;
    expect(await put({ other: { S: 'x' } })).toBe(
      'One or more parameter values were invalid: Missing the key LockID in the item',
    );
    expect(await put({ LockID: { N: '1' } })).toBe(
      'One or more parameter values were invalid: Type mismatch for key LockID expected: S actual: N',
    );
    expect(await put({ LockID: { S: '' } })).toContain('cannot contain an empty string value. Key: LockID');
    expect(await put({ LockID: { S: 'x' }, n: { N: 'x' } })).toContain('cannot be converted to a numeric value');
    const get = db.send(new sdk.GetItemCommand({ TableName, Key: { LockID: { S: 'x' }, more: { S: 'y' } } }));
    expect((await refusalOf(get)).message).toBe('The provided key element does not match the schema');
  });

  it('are updated, and told as they were or are', async () => {
    const update = async (more: Partial<sdk.UpdateItemCommandInput>): Promise<sdk.UpdateItemCommandOutput> =>
      await db.send(
        new sdk.UpdateItemCommand({
          TableName,
          Key: { LockID: { S: 'x' } },
          UpdateExpression: 'ADD serial :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ...more,
        }),
      );
    expect((await update({ ReturnValues: 'ALL_OLD' })).Attributes).toBeUndefined();
    expect((await update({ ReturnValues: 'UPDATED_OLD' })).Attributes).toEqual({ serial: { N: '1' } });
    expect((await update({ ReturnValues: 'ALL_NEW' })).Attributes).toEqual({ LockID: { S: 'x' }, serial: { N: '3' } });
    const failed = update({
      ConditionExpression: 'serial > :max',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':max': { N: '9' } },
    });
    expect(await refusalOf(failed)).toMatchObject({ code: 'ConditionalCheckFailedException' });
  });

  it('are found by query and scan, page by page', async () => {
    const table = 'runs';
    await db.send(
      new sdk.CreateTableCommand({
        TableName: table,
        KeySchema: [
          { AttributeName: 'stack', KeyType: 'HASH' },
          { AttributeName: 'serial', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'stack', AttributeType: 'S' },
          { AttributeName: 'serial', AttributeType: 'N' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    for (const serial of ['10', '9', '100']) {
      const Item = { stack: { S: 'a' }, serial: { N: serial }, odd: { BOOL: serial === '9' } };
      await db.send(new sdk.PutItemCommand({ TableName: table, Item }));
    }
    const input = {
      TableName: table,
      KeyConditionExpression: 'stack = :s AND serial BETWEEN :low AND :high',
      ExpressionAttributeValues: { ':s': { S: 'a' }, ':low': { N: '9' }, ':high': { N: '50' } },
    };
    const { Items } = await db.send(new sdk.QueryCommand(input));
    expect(Items?.map((item) => item.serial?.N)).toEqual(['9', '10']);
    const serials: unknown[] = [];
    for await (const page of sdk.paginateScan({ client: db, pageSize: 1 }, { TableName: table })) {
      serials.push(...(page.Items ?? []).map((item) => item.serial?.N));
    }
    expect(serials.sort()).toEqual(['10', '100', '9']);
    const wrong = db.send(
      new sdk.QueryCommand({
        ...input,
        KeyConditionExpression: 'serial = :low',
        ExpressionAttributeValues: { ':low': { N: '1' } },
      }),
    );
    expect((await refusalOf(wrong)).message).toBe('Query condition missed key schema element: stack');
  });
});

describe('tables', () => {
  it('are described as they were made, once under a name', async () => {
    const input: sdk.CreateTableCommandInput = {
      TableName: 'made',
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/state' },
      Tags: [{ Key: 'team', Value: 'net' }],
    };
    await db.send(new sdk.CreateTableCommand(input));
    const { Table } = await db.send(new sdk.DescribeTableCommand({ TableName: 'made' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
      SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: `arn:aws:kms:eu-west-1:${account}:alias/state` },
      CreationDateTime: new Date('2026-11-21T09:00:00Z'),
    });
    const ResourceArn = Table?.TableArn;
    expect((await db.send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual(input.Tags);
    expect(await refusalOf(db.send(new sdk.CreateTableCommand(input)))).toMatchObject({
      code: 'ResourceInUseException',
    });
    await db.send(new sdk.UpdateTableCommand({ TableName: 'made', DeletionProtectionEnabled: true }));
    expect(await refusalOf(db.send(new sdk.DeleteTableCommand({ TableName: 'made' })))).toMatchObject({
      code: 'ValidationException',
    });
    await db.send(new sdk.UpdateTableCommand({ TableName: 'made', DeletionProtectionEnabled: false }));
    await db.send(new sdk.DeleteTableCommand({ TableName: 'made' }));
    expect((await db.send(new sdk.ListTablesCommand())).TableNames).toEqual([TableName]);
    expect(await refusalOf(db.send(new sdk.DescribeTableCommand({ TableName: 'made' })))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: made not found',
    });
  });

  it('have backups and a time to live that can be switched', async () => {
    const backups = async (): Promise<unknown> => {
      const { ContinuousBackupsDescription } = await db.send(new sdk.DescribeContinuousBackupsCommand({ TableName }));
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    };
    expect(await backups()).toBe('DISABLED');
    await db.send(
      new sdk.UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await backups()).toBe('ENABLED');
    const TimeToLiveSpecification = { AttributeName: 'Expires', Enabled: true };
    await db.send(new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const { TimeToLiveDescription } = await db.send(new sdk.DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ AttributeName: 'Expires', TimeToLiveStatus: 'ENABLED' });
  });
});
