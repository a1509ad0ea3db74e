/** A call that is allowed everything and never went over a wire: for throwing nonsense at operations. */
import type { Call, Service, WireRequest } from '../../src/sandbox/core/service.ts';
import { account, type StorageWorld } from './storage-world.ts';

export function openCall(
  world: StorageWorld,
  service: Service,
  operation: string,
  request: Partial<WireRequest> = {},
): Call {
  return {
    service,
    operation,
    request: {
      method: 'POST',
      secure: true,
      host: 'localhost',
      path: '/',
      target: '/',
      query: new URLSearchParams(),
      headers: {},
      body: new Uint8Array(),
      ...request,
    },
    requestId: 'fuzz',
    caller: { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    account,
    region: world.sandbox.world.region,
    world: world.sandbox.world,
    time: world.sandbox.time,
    event: {},
    authorize: () => undefined,
    isAllowed: () => true,
  };
}
