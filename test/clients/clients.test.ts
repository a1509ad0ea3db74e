/**
 * The embedded AWS is held to the real clients. They run at once, because the AWS provider spends most of its time waiting for
 * what AWS takes seconds for.
 */
import { describe, test } from 'vitest';
import { awsCli } from './aws-cli.ts';
import { awsProvider } from './aws-provider.ts';
import { boto3 } from './boto3.ts';
import { responseShapes } from './response-shapes.ts';

describe.concurrent('unmodified clients', { timeout: 300_000 }, () => {
  test(
    'the AWS provider makes 27 resources, finds nothing to change by the other way in, changes and destroys them',
    awsProvider,
  );
  test('the AWS CLI signs in by device flow, works, and is refused as AWS refuses', awsCli);
  test(
    'boto3 is the person whose token keyless cached, renews it, keeps state and locks, and is refused as by AWS',
    boto3,
  );
  test("every operation answers in the shape of botocore's model", responseShapes);
});
