/** The trail of the organisation, with every object of the state buckets, and the bucket of its log files. */
import { buildTrailBucketPolicy, printPolicy } from '../../intent/index.ts';
import { createTrail, selectorsForBuckets, trailArn } from '../services/cloudtrail/build.ts';
import type { Trail } from '../services/cloudtrail/state.ts';
import { createBucket } from '../services/s3/build.ts';
import type { BuiltWorld } from './built-world.ts';

const trailName = 'keyless-audit';

/** `at`: epoch milliseconds from which it logs. */
export function makeTrail({ world, intent }: Pick<BuiltWorld, 'world' | 'intent'>, at: number): Trail {
  const { managementAccount, id: organizationId } = world.organizations;
  const bucket = `${intent.organization.name.toLowerCase().replace(/[^a-z0-9-]/g, '-')}-cloudtrail-${managementAccount}`;
  const policy = buildTrailBucketPolicy({
    partition: world.partition,
    bucket,
    trailArn: trailArn(world, managementAccount, world.region, trailName),
    managementAccount,
    organizationId,
  });
  createBucket(world, { name: bucket, account: managementAccount, createdAt: at, policy: printPolicy(policy) });
  return createTrail(world, {
    name: trailName,
    account: managementAccount,
    bucket,
    organization: true,
    logFileValidation: true,
    advancedEventSelectors: selectorsForBuckets(
      world.partition,
      intent.stateBackends.map((backend) => backend.bucket),
    ),
    loggingFrom: at,
  });
}
