/** DynamoDB as far as Terraform's lock and `aws_dynamodb_table` need it; `dynamodb.md` says what it promises. */
import type { Operation, Service } from '../../core/service.ts';
import * as items from './items.ts';
import { query, scan } from './query.ts';
import * as settings from './table-settings.ts';
import * as tables from './tables.ts';

export const dynamoDbService: Service = {
  id: 'dynamodb',
  eventSource: 'dynamodb.amazonaws.com',
  protocol: 'json-1.0',
  targetPrefix: 'DynamoDB_20120810',
  signingNames: ['dynamodb'],
  hostPrefixes: ['dynamodb', 'ddb'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([
    ['CreateTable', tables.createTable],
    ['DescribeTable', tables.describeTable],
    ['ListTables', tables.listTables],
    ['UpdateTable', tables.updateTable],
    ['DeleteTable', tables.deleteTable],
    ['GetItem', items.getItem],
    ['PutItem', items.putItem],
    ['UpdateItem', items.updateItem],
    ['DeleteItem', items.deleteItem],
    ['Query', query],
    ['Scan', scan],
    ['ListTagsOfResource', settings.listTagsOfResource],
    ['TagResource', settings.tagResource],
    ['UntagResource', settings.untagResource],
    ['DescribeTimeToLive', settings.describeTimeToLive],
    ['UpdateTimeToLive', settings.updateTimeToLive],
    ['DescribeContinuousBackups', settings.describeContinuousBackups],
    ['UpdateContinuousBackups', settings.updateContinuousBackups],
    ['GetResourcePolicy', settings.getResourcePolicy],
    ['PutResourcePolicy', settings.putResourcePolicy],
    ['DeleteResourcePolicy', settings.deleteResourcePolicy],
  ]),
};
