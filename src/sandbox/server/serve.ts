/** Puts a sandbox on a port of this machine: as an endpoint for all services, and as the CONNECT proxy to their hosts. */
import { partitionOfHost } from '../../aws/partition.ts';
import type { IncomingRequest, LoopbackServer, Network } from '../../ports/index.ts';
import type { Sandbox } from '../core/dispatch.ts';
import { isLoopbackHost, isSignInHost } from '../core/route.ts';
import type { CertificateAuthority } from './certificate.ts';
import type { RefusedHosts } from './refused-hosts.ts';

/** Bytes of the longest body that is taken; states are far below it. */
export const bodyLimit: number = 256 * 2 ** 20;

/** The only port of AWS's hosts that is stood in for. */
const httpsPort = 443;

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
      const served = hostPort === httpsPort || (partitionOfHost(host) === undefined && !isSignInHost(host));
      if (sandbox.knows(host) && !isLoopbackHost(host) && served) return authority.identityFor(host);
      refused.add(host, hostPort);
      return undefined;
    },
    tls: async (name) => authority.identityFor(isLoopbackHost(name) ? 'localhost' : name),
  });
}

async function answer(sandbox: Sandbox, refused: RefusedHosts, request: IncomingRequest): Promise<void> {
  if (isMisdirected(request)) {
    const text = `the connection leads to ${request.host}, the request is for ${request.headers.host}\n`;
    request.respond(421, { connection: 'close', 'content-type': 'text/plain' }, text);
    return;
  }
  if (isOfAnotherPage(request)) {
    request.respond(403, { connection: 'close', 'content-type': 'text/plain' }, 'web pages have no business here\n');
    return;
  }
  // HTTP/1.0 need not name one.
  if (request.host !== '' && !sandbox.knows(request.host)) refused.add(request.host, 80);
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

/** What a signature covers is the Host header, what is asked is the host of the tunnel: both must be one. */
function isMisdirected({ host, headers }: IncomingRequest): boolean {
  const named = headers.host?.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return named !== undefined && named.toLowerCase() !== host.toLowerCase();
}

/**
 * A page in the person's browser that is none of the sandbox's own and sends more than a link does. Without an answer to
 * its preflight it could read nothing; it must not do anything either. `Origin: null` is what the sign-in form sends.
 */
function isOfAnotherPage({ method, headers }: IncomingRequest): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== 'null' && origin.replace(/^https?:\/\//, '') !== host) return true;
  return method !== 'GET' && method !== 'HEAD' && (site === 'cross-site' || site === 'same-site');
}
