/** A small world and calls on it, for the tests of CloudTrail's records. */
import { AwsError } from '../../src/sandbox/core/aws-error.ts';
import type { Caller } from '../../src/sandbox/core/caller.ts';
import { createWorld } from '../../src/sandbox/core/create-world.ts';
import { SeededIds } from '../../src/sandbox/core/seeded-ids.ts';
import type { Call, Service } from '../../src/sandbox/core/service.ts';
import type { World } from '../../src/sandbox/core/world.ts';
import { createBucket } from '../../src/sandbox/services/s3/build.ts';

export const management = '111111111111';
export const member = '222222222222';
/** 2026-11-25T17:00:00Z. */
export const startedAt: number = Date.UTC(2026, 10, 25, 17);

/** Two accounts; the first owns the bucket `states`. */
export function makeTestWorld(): World {
  const world = createWorld({
    partition: 'aws',
    region: 'eu-west-1',
    ids: new SeededIds('cloudtrail'),
    createdAt: startedAt,
    accounts: [
      { id: management, name: 'management' },
      { id: member, name: 'member' },
    ],
    identityCenter: { region: 'eu-west-1', startUrl: 'https://acme.awsapps.com/start' },
  });
  createBucket(world, { name: 'states', account: management, createdAt: startedAt });
  return world;
}

export interface CallInit {
  readonly service: Service;
  readonly operation: string;
  readonly caller: Caller;
  readonly headers?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** Default: everything is allowed. */
  readonly denied?: boolean;
  readonly region?: string;
}

export function makeCall(world: World, init: CallInit): Call {
  const target = init.target ?? '/';
  const headers = init.headers ?? { host: 'localhost' };
  return {
    service: init.service,
    operation: init.operation,
    request: {
      method: 'POST',
      secure: true,
      host: headers.host ?? 'localhost',
      path: decodeURIComponent(target.split('?')[0] as string),
      target,
      query: new URLSearchParams(target.split('?')[1] ?? ''),
      headers,
      body: Buffer.from('body'),
      sourceIp: '127.0.0.1',
    },
    requestId: 'request-1',
    caller: init.caller,
    account: init.caller.kind === 'anonymous' ? member : init.caller.account,
    region: init.region ?? 'eu-west-1',
    world,
    time: { now: () => startedAt, lifetime: (seconds) => seconds * 1000, offset: 0 },
    event: {},
    authorize: () => {
      if (init.denied === true) throw new AwsError('AccessDeniedException', 'no', 400);
    },
    isAllowed: () => init.denied !== true,
  };
}
