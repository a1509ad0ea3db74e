/** A sandbox with S3, KMS and DynamoDB, a team `ci` of account 222222222222 with given permissions, and a neighbour in 333333333333. */
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kms from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { CallOutcome } from '../../src/sandbox/core/call-outcome.ts';
import { dynamoDbService } from '../../src/sandbox/services/dynamodb/service.ts';
import { createUser } from '../../src/sandbox/services/iam/build.ts';
import { kmsService } from '../../src/sandbox/services/kms/service.ts';
import { s3Service } from '../../src/sandbox/services/s3/service.ts';
import { withCheckedShapes } from './response-shapes.ts';
import { makeSandbox, type TestSandbox } from './sandbox-client.ts';

export interface Clients {
  readonly s3: S3Client;
  readonly kms: kms.KMSClient;
  readonly dynamodb: dynamodb.DynamoDBClient;
}

export interface StorageWorld {
  readonly sandbox: TestSandbox;
  readonly outcomes: readonly CallOutcome[];
  /** Root of 222222222222. */
  readonly owner: Clients;
  /** Root of 333333333333. */
  readonly neighbour: Clients;
  readonly anonymous: Clients;
  /** A user of an account (222222222222) with these statements. */
  user(name: string, statements: readonly object[], account?: string): Clients;
}

export const account = '222222222222';
export const neighbourAccount = '333333333333';

export function makeStorageWorld(): StorageWorld {
  const outcomes: CallOutcome[] = [];
  const sandbox = makeSandbox({
    services: [
      s3Service,
      withCheckedShapes(kmsService, kms, ['AccessDeniedException', 'ValidationException']),
      withCheckedShapes(dynamoDbService, dynamodb, ['AccessDeniedException', 'ValidationException']),
    ],
    record: (_, outcome) => outcomes.push(outcome),
  });
  const clients = (key?: ReturnType<TestSandbox['issueKey']>): Clients => ({
    s3: sandbox.connect(S3Client, key),
    kms: sandbox.connect(kms.KMSClient, key),
    dynamodb: sandbox.connect(dynamodb.DynamoDBClient, key),
  });
  return {
    sandbox,
    outcomes,
    owner: clients(sandbox.issueKey({ account })),
    neighbour: clients(sandbox.issueKey({ account: neighbourAccount })),
    anonymous: clients(),
    user: (userName, statements, own = account) => {
      createUser(sandbox.world, own, {
        name: userName,
        createdAt: sandbox.time.now(),
        inline:
          statements.length === 0 ? {} : { all: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
      });
      return clients(sandbox.issueKey({ account: own, userName }));
    },
  };
}

/** Code, HTTP status and message of a refusal; throws when the call worked. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ code: string; status: number | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode, message };
  }
  throw new TypeError('the call was not refused');
}
