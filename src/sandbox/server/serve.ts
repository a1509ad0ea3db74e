/** Puts a sandbox on a port of this machine: as an endpoint for all services, and as the CONNECT proxy to their hosts. */
import type { IncomingRequest, LoopbackServer, Network } from '../../ports/index.ts';
import type { Sandbox } from '../core/dispatch.ts';
import { isLoopbackHost } from '../core/route.ts';
import type { CertificateAuthority } from './certificate.ts';
import type { RefusedHosts } from './refused-hosts.ts';

/** Bytes of the longest body that is taken; states are far below it. */
export const bodyLimit: number = 256 * 2 ** 20;

export interface ServeOptions {
  readonly network: Network;
  /** 0 takes a free one. */
  readonly port: number;
  readonly sandbox: Sandbox;
  readonly authority: CertificateAuthority;
  readonly refused: RefusedHosts;
}

export async function serve(options: ServeOptions): Promise<LoopbackServer> {
  const { network, port, sandbox, authority, refused } = options;
  return await network.listen({
    port,
    handle: async (request) => await answer(sandbox, refused, request),
    tunnel: async (host, hostPort) => {
      // This machine has an endpoint of its own; a tunnel to it would lead to any port.
      if (sandbox.knows(host) && !isLoopbackHost(host)) return authority.identityFor(host);
      refused.add(host, hostPort);
      return undefined;
    },
    tls: async (name) => authority.identityFor(isLoopbackHost(name) ? 'localhost' : name),
  });
}

async function answer(sandbox: Sandbox, refused: RefusedHosts, request: IncomingRequest): Promise<void> {
  if (!sandbox.knows(request.host)) refused.add(request.host, 80);
  let body: Uint8Array;
  try {
    body = await request.body(bodyLimit);
  } catch {
    request.respond(413, { connection: 'close', 'content-type': 'text/plain' }, `at most ${bodyLimit} bytes\n`);
    return;
  }
  const { method, target, headers, host } = request;
  // The endpoint stands in for hosts that are reached over TLS, whichever way the client came to it.
  const secure = request.secure || isLoopbackHost(host);
  const result = await sandbox.handle({ method, target, headers, host, secure, body });
  if (result.kind === 'respond') request.respond(result.status, result.headers, result.body);
  else if (result.kind === 'reset') request.reset();
  else request.ignore();
}
