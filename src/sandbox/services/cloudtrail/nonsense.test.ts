import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeCall, makeTestWorld, management } from '../../../../test/support/cloudtrail-call.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller } from '../../core/caller.ts';
import type { Input } from '../../core/service.ts';
import { createTrail } from './build.ts';
import { recordCall } from './record.ts';
import { cloudTrailService } from './service.ts';

const caller: Caller = {
  kind: 'root',
  account: management,
  arn: `arn:aws:iam::${management}:root`,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
};

it('nonsense is answered with a refusal of AWS, and leaves a record', async () => {
  const names = ['Name', 'TrailName', 'S3BucketName', 'EventSelectors', 'AdvancedEventSelectors', 'FieldSelectors'];
  const more = ['LookupAttributes', 'StartTime', 'MaxResults', 'NextToken', 'ResourceId', 'TagsList', 'trailNameList'];
  const leaf = fc.oneof(
    fc.string(),
    fc.constantFrom('all', 'states', `arn:aws:cloudtrail:eu-west-1:${management}:trail/all`),
  );
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, ...more, 'Field', 'Equals', 'Type', 'Values'), tie('value'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  })).value;
  const input = fc.dictionary(fc.constantFrom(...names, ...more), value, { maxKeys: 5, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cloudTrailService.operations.keys()), input, async (operation, given) => {
      const world = makeTestWorld();
      createTrail(world, { name: 'all', account: management, bucket: 'states' });
      const call = makeCall(world, { service: cloudTrailService, operation, caller });
      let error: unknown;
      try {
        await cloudTrailService.operations.get(operation)?.handle(call, given as Input);
      } catch (thrown) {
        error = thrown;
      }
      expect(error === undefined || error instanceof AwsError).toBe(true);
      recordCall(world, {
        call,
        input: given as Input,
        startedAt: 0,
        ...(error === undefined ? {} : { error: error as AwsError }),
      });
      expect(world.cloudtrail.records).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
