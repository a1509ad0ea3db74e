/** Trails put into a world without a call: for worlds that are made from an intent. */
import type { webcrypto } from 'node:crypto';
import { formatArn } from '../../../aws/arn.ts';
import type { Random } from '../../../ports/index.ts';
import type { World } from '../../core/world.ts';
import type { DigestKey, Trail } from './state.ts';

export interface NewTrail {
  readonly name: string;
  /** Account that owns the trail; for a trail of the organisation the management account. */
  readonly account: string;
  /** Bucket for the log files; its policy must let CloudTrail write. */
  readonly bucket: string;
  readonly prefix?: string;
  /** That of the world when left out. */
  readonly homeRegion?: string;
  readonly multiRegion?: boolean;
  readonly organization?: boolean;
  readonly logFileValidation?: boolean;
  readonly advancedEventSelectors?: Trail['advancedEventSelectors'];
  /** Epoch milliseconds at which it begins to log; it does not log when left out. */
  readonly loggingFrom?: number;
}

export function createTrail(world: World, trail: NewTrail): Trail {
  const homeRegion = trail.homeRegion ?? world.region;
  const created: Trail = {
    arn: trailArn(world, trail.account, homeRegion, trail.name),
    name: trail.name,
    account: trail.account,
    homeRegion,
    bucket: trail.bucket,
    prefix: trail.prefix,
    kmsKeyArn: undefined,
    multiRegion: trail.multiRegion ?? true,
    organization: trail.organization ?? false,
    logFileValidation: trail.logFileValidation ?? false,
    includeGlobalServiceEvents: true,
    logging: trail.loggingFrom !== undefined,
    eventSelectors: [],
    advancedEventSelectors: trail.advancedEventSelectors ?? [],
    deliveredTo: world.cloudtrail.records.length,
    ...(trail.loggingFrom === undefined ? {} : { loggingStartedAt: trail.loggingFrom }),
    tags: [],
    digests: new Map(),
  };
  world.cloudtrail.trails.set(created.arn, created);
  return created;
}

/** Selectors that record every management event and every object of the named buckets. */
export function selectorsForBuckets(partition: string, buckets: readonly string[]): Trail['advancedEventSelectors'] {
  return [
    { Name: 'Management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    {
      Name: 'State objects',
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
        { Field: 'resources.ARN', StartsWith: buckets.map((bucket) => `arn:${partition}:s3:::${bucket}/`) },
      ],
    },
  ];
}

export function trailArn(world: World, account: string, region: string, name: string): string {
  return formatArn({ partition: world.partition, service: 'cloudtrail', region, account, resource: `trail/${name}` });
}

const validMilliseconds = 365 * 24 * 3_600_000;

/** The key that signs digest files, made when the first is signed. */
export function createDigestKey(random: Random, validFrom: number): DigestKey {
  let made: Promise<webcrypto.CryptoKeyPair> | undefined;
  return {
    pair: () => {
      made ??= random.keyPair('rsa-2048');
      return made;
    },
    validFrom,
    validUntil: validFrom + validMilliseconds,
  };
}
