import { expect, it } from 'vitest';
import { loadServices, services } from './services.ts';

it('routing knows of each service what the service says of itself', async () => {
  const facts = (await loadServices()).map(({ id, protocol, targetPrefix, signingNames, hostPrefixes }) => ({
    id,
    protocol,
    targetPrefix,
    signingNames,
    hostPrefixes,
  }));
  expect(services.map(({ load: _, ...known }) => ({ targetPrefix: undefined, ...known }))).toEqual(facts);
  expect(facts.map(({ id }) => id)).toEqual(facts.map(({ id }) => id).sort());
});
