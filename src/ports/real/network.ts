/** HTTP in and out; what most commands never need is loaded by those that do. */
import type { Network } from '../index.ts';

export const realNetwork: Network = {
  send: async (request) => await (await import('./http-client.ts')).send(request),
  listen: async (options) => await (await import('./http-server.ts')).listen(options),
};
