/** Tables themselves: made, described, listed, changed, deleted. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import type { Tag } from '../iam/state.ts';
import { type KeyAttribute, createTable as makeTable, parseTablePolicy } from './build.ts';
import { validation } from './errors.ts';
import { integerMember, textMember } from './item-request.ts';
import type { Table } from './state.ts';
import { authorizeTable, requireTable, tableRef } from './table-access.ts';

/** TableDescription as it is now. */
export function describe(table: Table, status: string = 'ACTIVE'): Readonly<Record<string, unknown>> {
  const { description } = table;
  const indexes = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((index: Input) => ({
          ...index,
          IndexArn: `${table.arn}/index/${String(index.IndexName)}`,
          IndexStatus: 'ACTIVE',
          IndexSizeBytes: 0,
          ItemCount: 0,
          WarmThroughput: warmThroughput(index.ProvisionedThroughput as Input | undefined),
        }))
      : undefined;
  return {
    ...description,
    WarmThroughput: warmThroughput(description.ProvisionedThroughput as Input | undefined),
    ...(description.GlobalSecondaryIndexes === undefined
      ? {}
      : { GlobalSecondaryIndexes: indexes(description.GlobalSecondaryIndexes) }),
    ...(description.LocalSecondaryIndexes === undefined
      ? {}
      : { LocalSecondaryIndexes: indexes(description.LocalSecondaryIndexes) }),
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.id,
    TableStatus: status,
    CreationDateTime: new Date(table.createdAt),
    ItemCount: table.items.size,
    TableSizeBytes: 0,
  };
}

/** What a table can take at once: new on-demand tables 12,000 reads and 4,000 writes, others what was provisioned. */
function warmThroughput(provisioned: Input | undefined): Readonly<Record<string, unknown>> {
  return {
    ReadUnitsPerSecond: provisioned?.ReadCapacityUnits || 12_000,
    WriteUnitsPerSecond: provisioned?.WriteCapacityUnits || 4_000,
    Status: 'ACTIVE',
  };
}

export const createTable: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    const tags = readTags(input);
    authorizeTable(call, ref, 'CreateTable', tagContext(tags));
    if (ref.account !== call.account) throw validation('CreateTable does not work across accounts.');
    const keys = readKeys(input);
    const policy = textMember(input, 'ResourcePolicy');
    if (policy !== undefined) parseTablePolicy(call.world, ref.arn, policy);
    const table = makeTable(call.world, {
      name: ref.name,
      account: call.account,
      region: call.region,
      createdAt: call.time.now(),
      ...keys,
      tags,
      ...(policy === undefined ? {} : { policy }),
      description: {
        ...kept(input),
        ...keptIndexes(input),
        ...throughput(input, call),
        ...encryption(input, call),
        ...stream(input, call, ref.arn),
      },
    });
    return { TableDescription: describe(table, 'CREATING') };
  },
};

function readKeys(input: Input): { hashKey: KeyAttribute; rangeKey?: KeyAttribute } {
  const schema = records(input, 'KeySchema', ['AttributeName', 'KeyType']);
  const definitions = records(input, 'AttributeDefinitions', ['AttributeName', 'AttributeType']);
  const [first, second] = schema;
  if (first === undefined || schema.length > 2) {
    throw validation(
      "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member must have length between 1 and 2",
    );
  }
  const indexed = Object.values(keptIndexes(input))
    .flatMap((indexes) => indexes as readonly Input[])
    .flatMap((index) => index.KeySchema as readonly Input[]);
  const used = new Set([...schema, ...indexed].map(({ AttributeName }) => AttributeName));
  if (definitions.some(({ AttributeName }) => !used.has(AttributeName))) {
    throw validation(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  const hashKey = keyAttribute(first, 'HASH', definitions);
  return second === undefined ? { hashKey } : { hashKey, rangeKey: keyAttribute(second, 'RANGE', definitions) };
}

function keyAttribute({ AttributeName, KeyType }: Input, keyType: string, definitions: readonly Input[]): KeyAttribute {
  if (KeyType !== keyType) {
    throw validation(
      `Invalid KeySchema: The ${keyType === 'HASH' ? 'first' : 'second'} KeySchemaElement is not a ${keyType} key type`,
    );
  }
  const name = AttributeName as string;
  const type = definitions.find((one) => one.AttributeName === name)?.AttributeType;
  if (type === undefined) {
    throw validation(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${definitions.map((one) => one.AttributeName).join(', ')}]`,
    );
  }
  if (type === 'S' || type === 'N' || type === 'B') return { name, type };
  throw validation(
    `1 validation error detected: Value '${String(type).slice(0, 100)}' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]`,
  );
}

/** Members that are described as they were sent. */
function kept(input: Input): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  if (has(input, 'AttributeDefinitions')) {
    members.AttributeDefinitions = records(input, 'AttributeDefinitions', ['AttributeName', 'AttributeType']);
  }
  if (typeof input.DeletionProtectionEnabled === 'boolean') {
    members.DeletionProtectionEnabled = input.DeletionProtectionEnabled;
  }
  if (typeof input.TableClass === 'string') members.TableClassSummary = { TableClass: input.TableClass };
  return members;
}

/** Secondary indexes, which only CreateTable takes. */
function keptIndexes(input: Input): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  for (const name of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']) {
    if (!has(input, name)) continue;
    const indexes = records(input, name, ['IndexName']);
    for (const index of indexes) records(index, 'KeySchema', ['AttributeName', 'KeyType']);
    members[name] = indexes;
  }
  return members;
}

function has(input: Input, member: string): boolean {
  return input[member] !== undefined && input[member] !== null;
}

/** A list of structures with these members of text. Throws AwsError. */
function records(input: Input, member: string, texts: readonly string[]): readonly Input[] {
  const list = input[member];
  const fits =
    Array.isArray(list) &&
    list.every((one: unknown) => {
      const record = typeof one === 'object' && one !== null ? (one as Input) : {};
      return texts.every((name) => typeof record[name] === 'string');
    });
  if (fits) return list as Input[];
  const camel = member.charAt(0).toLowerCase() + member.slice(1);
  throw validation(
    `1 validation error detected: Value at '${camel}' failed to satisfy constraint: ${texts.join(' and ')} must not be null`,
  );
}

function throughput(input: Input, call: Call): Readonly<Record<string, unknown>> {
  const mode = textMember(input, 'BillingMode') ?? 'PROVISIONED';
  const given = input.ProvisionedThroughput as Input | undefined | null;
  if (mode !== 'PROVISIONED' && mode !== 'PAY_PER_REQUEST') {
    throw validation(
      `1 validation error detected: Value '${mode.slice(0, 100)}' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]`,
    );
  }
  if (mode === 'PAY_PER_REQUEST') {
    if (given !== undefined && given !== null) {
      throw validation(
        'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
    return {
      BillingModeSummary: { BillingMode: mode, LastUpdateToPayPerRequestDateTime: new Date(call.time.now()) },
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    };
  }
  if (given === undefined || given === null) {
    throw validation(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  return {
    BillingModeSummary: { BillingMode: mode },
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 0,
      ReadCapacityUnits: integerMember(given, 'ReadCapacityUnits', 1, 2 ** 53),
      WriteCapacityUnits: integerMember(given, 'WriteCapacityUnits', 1, 2 ** 53),
    },
  };
}

/** The key owned by DynamoDB is not described; AWS-managed and customer keys are. */
function encryption(input: Input, call: Call): Readonly<Record<string, unknown>> {
  const given = input.SSESpecification as Input | undefined | null;
  if (given === undefined || given === null || given.Enabled !== true) return {};
  const key = textMember(given, 'KMSMasterKeyId') ?? 'alias/aws/dynamodb';
  const arn = key.startsWith('arn:')
    ? key
    : `arn:${call.world.partition}:kms:${call.region}:${call.account}:${key.startsWith('alias/') ? key : `key/${key}`}`;
  return { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: arn } };
}

function stream(input: Input, call: Call, arn: string): Readonly<Record<string, unknown>> {
  const given = input.StreamSpecification as Input | undefined | null;
  if (given === undefined || given === null || given.StreamEnabled !== true) return {};
  const label = new Date(call.time.now()).toISOString().replace('Z', '');
  return { StreamSpecification: given, LatestStreamLabel: label, LatestStreamArn: `${arn}/stream/${label}` };
}

export function readTags(input: Input): readonly Tag[] {
  const list = input.Tags;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw validation('Tags must be a list');
  return list.map((tag: unknown) => {
    const { Key: key, Value: value } = (tag ?? {}) as Input;
    if (typeof key !== 'string' || key === '' || typeof value !== 'string') {
      throw validation('One or more parameter values were invalid: a tag needs a Key and a Value');
    }
    return { key, value };
  });
}

export function tagContext(tags: readonly Tag[]): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>();
  if (tags.length === 0) return context;
  context.set(
    'aws:tagkeys',
    tags.map(({ key }) => key),
  );
  for (const { key, value } of tags) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
  return context;
}

export const describeTable: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'DescribeTable');
    return { Table: describe(requireTable(ref)) };
  },
};

export const listTables: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    call.authorize({ action: 'dynamodb:ListTables', resource: '*' });
    const limit = integerMember(input, 'Limit', 1, 100) ?? 100;
    const after = textMember(input, 'ExclusiveStartTableName') ?? '';
    const names = [...call.world.dynamodb.tables.values()]
      .filter(({ account, region, name }) => account === call.account && region === call.region && name > after)
      .map(({ name }) => name)
      .sort();
    const page = names.slice(0, limit);
    return { TableNames: page, ...(page.length < names.length ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  },
};

export const updateTable: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'UpdateTable');
    const table = requireTable(ref);
    for (const member of ['GlobalSecondaryIndexUpdates', 'ReplicaUpdates']) {
      if (input[member] !== undefined && input[member] !== null) {
        throw validation(`${member} is not modelled by the sandbox.`);
      }
    }
    const billed = input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined;
    const mode = textMember(input, 'BillingMode') ?? (table.description.BillingModeSummary as Input).BillingMode;
    const { SSESpecification: sse } = input as { readonly SSESpecification?: Input };
    const { SSEDescription: _, ...withoutSse } = table.description;
    table.description = {
      ...(sse === undefined || sse === null ? table.description : withoutSse),
      ...kept(input),
      ...(billed ? throughput({ ...input, BillingMode: mode }, call) : {}),
      ...encryption(input, call),
      ...stream(input, call, table.arn),
    };
    return { TableDescription: describe(table, 'UPDATING') };
  },
};

export const deleteTable: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const ref = tableRef(call, input);
    authorizeTable(call, ref, 'DeleteTable');
    const table = requireTable(ref);
    if (table.description.DeletionProtectionEnabled === true) {
      throw validation(
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    }
    call.world.dynamodb.tables.delete(table.arn);
    return { TableDescription: describe(table, 'DELETING') };
  },
};

/** Throws AwsError ResourceNotFoundException. */
export function tableOfArn(
  call: Call,
  input: Input,
  action: string,
  context?: ReadonlyMap<string, readonly string[]>,
): Table {
  const ref = tableRef(call, input, 'ResourceArn');
  authorizeTable(call, ref, action, context);
  if (ref.table === undefined) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${ref.arn} not found`);
  }
  return ref.table;
}
