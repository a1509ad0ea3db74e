/** Tables put into a world without a call. */
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { Tag } from '../iam/state.ts';
import type { Table } from './state.ts';

export interface NewTable {
  readonly name: string;
  readonly account: string;
  /** That of the world when left out. */
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly hashKey: KeyAttribute;
  readonly rangeKey?: KeyAttribute;
  /** JSON text of the resource policy. */
  readonly policy?: string;
  readonly tags?: readonly Tag[];
  /** Further members of TableDescription; `BillingModeSummary` says PAY_PER_REQUEST when left out. */
  readonly description?: Readonly<Record<string, unknown>>;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** Terraform's lock table has the hash key `LockID` of type `S`. Throws AwsError ResourceInUseException. */
export function createTable(world: World, table: NewTable): Table {
  const region = table.region ?? world.region;
  const arn = `arn:${world.partition}:dynamodb:${region}:${table.account}:table/${table.name}`;
  if (world.dynamodb.tables.has(arn)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${table.name}`);
  }
  const keys = [table.hashKey, ...(table.rangeKey === undefined ? [] : [table.rangeKey])];
  const created: Table = {
    arn,
    name: table.name,
    id: world.ids.uuid(),
    account: table.account,
    region,
    createdAt: table.createdAt,
    description: {
      AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keys.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      DeletionProtectionEnabled: false,
      ...table.description,
    },
    hashKey: table.hashKey.name,
    rangeKey: table.rangeKey?.name,
    policy: table.policy === undefined ? undefined : parseTablePolicy(world, arn, table.policy),
    pointInTimeRecovery: false,
    recoveryPeriodDays: 35,
    timeToLive: undefined,
    tags: table.tags ?? [],
    items: new Map(),
  };
  world.dynamodb.tables.set(arn, created);
  return created;
}

/** Throws AwsError ValidationException, and LimitExceededException over 20 KB. */
export function parseTablePolicy(world: World, arn: string, text: string): NonNullable<Table['policy']> {
  if (Buffer.byteLength(text) > 20 * 1024) {
    throw new AwsError('LimitExceededException', 'Resource-based policy exceeds the maximum of 20480 bytes.');
  }
  const result = parsePolicy(text, 'table');
  if (!result.ok) {
    throw new AwsError(
      'ValidationException',
      `Invalid policy document: ${result.problems[0]?.message ?? 'it cannot be read'}`,
    );
  }
  return {
    text,
    parsed: { name: `resource policy of ${arn}`, policy: result.policy },
    revisionId: String(Number.parseInt(world.ids.hex(12), 16)),
  };
}
