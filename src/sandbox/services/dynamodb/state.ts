/** Tables, enough for Terraform's lock and for the provider's `aws_dynamodb_table`. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { Tag } from '../iam/state.ts';

export interface DynamoDbState {
  /** By ARN. */
  readonly tables: Map<string, Table>;
}

/** DynamoDB's wire form: `{"S": "text"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

export interface Table {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  /** Members of TableDescription that are given back as they were sent. */
  description: Readonly<Record<string, unknown>>;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  policy: { readonly text: string; readonly parsed: NamedPolicy; readonly revisionId: string } | undefined;
  pointInTimeRecovery: boolean;
  /** 1 to 35. */
  recoveryPeriodDays: number;
  /** Attribute that holds the time to live, when that is on. Items are not deleted by it. */
  timeToLive: string | undefined;
  tags: readonly Tag[];
  /** By the JSON text of the key attributes. */
  readonly items: Map<string, Item>;
}
