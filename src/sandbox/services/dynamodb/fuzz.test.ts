/** Nonsense as input of every operation of DynamoDB and KMS: answered or refused, never a bug. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCall } from '../../../../test/support/open-call.ts';
import { account, makeStorageWorld } from '../../../../test/support/storage-world.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';
import { createKey } from '../kms/build.ts';
import { kmsService } from '../kms/service.ts';
import { createTable } from './build.ts';
import { dynamoDbService } from './service.ts';

const keyId = '00000000-0000-4000-8000-000000000000';
const arn = `arn:aws:dynamodb:eu-west-1:${account}:table/locks`;
const members = {
  dynamodb: [
    'TableName ResourceArn Key Item Limit IndexName Select ReturnValues ReturnConsumedCapacity ExclusiveStartKey KeySchema',
    'AttributeDefinitions BillingMode ProvisionedThroughput GlobalSecondaryIndexes LocalSecondaryIndexes SSESpecification',
    'StreamSpecification Tags TagKeys Policy ExpectedRevisionId TimeToLiveSpecification PointInTimeRecoverySpecification',
    'ConditionExpression UpdateExpression KeyConditionExpression FilterExpression ProjectionExpression',
    'ExpressionAttributeNames ExpressionAttributeValues ReturnValuesOnConditionCheckFailure Expected',
  ],
  kms: [
    'KeyId Plaintext CiphertextBlob EncryptionContext EncryptionAlgorithm KeySpec NumberOfBytes Policy PolicyName Tags TagKeys',
    'AliasName TargetKeyId Operations GranteePrincipal Constraints GrantId Limit Marker PendingWindowInDays Description',
    'RotationPeriodInDays DestinationKeyId SourceEncryptionContext',
  ],
};
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    'locks',
    arn,
    keyId,
    'alias/x',
    'LockID',
    'a = :a',
    'SET a = :a',
    'AQEB',
    '',
    '__proto__',
    'ALL_OLD',
    'HASH',
    'S',
    1,
    -1,
    1.5,
    true,
    null,
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    { LockID: { S: 'x' } },
    { ':a': { N: '1' } },
    [{ AttributeName: 'LockID', KeyType: 'HASH', AttributeType: 'S' }],
    [{ IndexName: 'i', KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }] }],
    [null],
    [{ Key: 'a', Value: 'b', TagKey: 'a', TagValue: 'b' }],
    { Enabled: true, AttributeName: 'a', StreamEnabled: true, PointInTimeRecoveryEnabled: true },
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
);

describe.each([dynamoDbService, kmsService])('operations of $id', (service) => {
  const names = members[service.id as 'dynamodb' | 'kms'].join(' ').split(' ');
  it.each([...service.operations.keys()])('%s is refused or answered, whatever comes in', (operation) => {
    const handle = service.operations.get(operation)?.handle;
    const inputs = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 8 });
    const fixed = fc.constantFrom<Input>({}, { TableName: 'locks', ResourceArn: arn, KeyId: keyId });
    fc.assert(
      fc.property(fixed, inputs, (base, more) => {
        const world = shared();
        try {
          handle?.(openCall(world, service, operation), { ...more, ...base });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          expect(error.status).toBeLessThan(500);
        }
      }),
      { numRuns: 80 },
    );
  });
});

let made: ReturnType<typeof makeStorageWorld> | undefined;

/** One world for all: what an input left behind is part of the nonsense. The table and the key are there each time. */
function shared(): ReturnType<typeof makeStorageWorld> {
  made ??= makeStorageWorld();
  const { world } = made.sandbox;
  if (!world.dynamodb.tables.has(arn)) {
    createTable(world, { name: 'locks', account, createdAt: 0, hashKey: { name: 'LockID', type: 'S' } });
  }
  if (!world.kms.keys.has(`arn:aws:kms:eu-west-1:${account}:key/${keyId}`)) {
    createKey(world, { account, keyId, createdAt: 0 });
  }
  return made;
}
