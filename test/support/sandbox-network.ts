/**
 * The embedded AWS as a `Network` without a socket, for what keyless itself sends; and listeners whose visitors are sent by
 * the test.
 */
import { KeylessError } from '../../src/kernel/error.ts';
import type { IncomingRequest, Network } from '../../src/ports/index.ts';
import type { Sandbox } from '../../src/sandbox/core/dispatch.ts';

export interface SandboxNetwork extends Network {
  /** What a browser would get from a listener of the code under test. */
  visit(
    url: string,
    more?: { readonly method?: string; readonly host?: string },
  ): Promise<{ status: number; body: string }>;
  /** Ports that are open. */
  readonly open: ReadonlySet<number>;
}

export function sandboxNetwork(sandbox: Sandbox): SandboxNetwork {
  const listeners = new Map<number, (request: IncomingRequest) => void | Promise<void>>();
  let nextPort = 40_000;
  return {
    open: {
      has: (port: number) => listeners.has(port),
      get size() {
        return listeners.size;
      },
    } as ReadonlySet<number>,
    send: async (request) => {
      const url = new URL(request.url);
      const answer = await sandbox.handle({
        method: request.method,
        target: `${url.pathname}${url.search}`,
        headers: { host: url.host, ...request.headers },
        host: url.hostname,
        secure: url.protocol === 'https:',
        body: Buffer.from(request.body ?? ''),
      });
      if (answer.kind !== 'respond') {
        throw new KeylessError({ code: 'NETWORK_FAILED', message: `${url.origin} gave no answer` });
      }
      return { status: answer.status, headers: answer.headers, body: Buffer.from(answer.body) };
    },
    listen: async ({ port, handle }) => {
      const taken = port === 0 ? nextPort++ : port;
      listeners.set(taken, handle);
      return {
        port: taken,
        close: async () => {
          listeners.delete(taken);
        },
      };
    },
    visit: async (address, more = {}) => {
      const url = new URL(address);
      const handle = listeners.get(Number(url.port));
      if (handle === undefined) throw new RangeError(`nobody listens at ${url.host}`);
      return await new Promise((resolve) => {
        const request: IncomingRequest = {
          method: more.method ?? 'GET',
          target: `${url.pathname}${url.search}`,
          headers: { host: url.host },
          host: more.host ?? url.hostname,
          secure: false,
          body: async () => new Uint8Array(),
          respond: (status, _, body) => resolve({ status, body: Buffer.from(body).toString() }),
          reset: () => resolve({ status: 0, body: '' }),
          ignore: () => undefined,
        };
        void handle(request);
      });
    },
  };
}
