import type { Drill } from '../drill.ts';
import { containerEndpoint } from '../sources/container-endpoint.ts';

export const keysExpireContainerEndpoint: Drill = {
  id: 'keys-expire-container-endpoint',
  title: 'Role keys expire in mid apply: container endpoint',
  why: 'The same, with an endpoint on loopback. It is the one source that SDKs renew early, five minutes before the end, so an hour here is longer than that.',
  slow: true,
  source: containerEndpoint,
  hourSeconds: 320,
  steps: 2,
  stepSeconds: 15,
  expected: { outcome: 'finished', lock: 'free', says: [] },
  remedy: 'Nothing: the SDK asks the endpoint again.',
};
