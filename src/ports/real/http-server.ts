/**
 * A server on 127.0.0.1. One port takes plain HTTP, TLS and CONNECT: the first byte of a connection tells TLS from the
 * rest, and what comes out of TLS goes into the same HTTP parser.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { KeylessError } from '../../kernel/error.ts';
import type { IncomingRequest, ListenOptions, LoopbackServer, TlsIdentity } from '../index.ts';
import { headersOf, readBody } from './http-body.ts';
import { http } from './node-http.ts';

/** First byte of a TLS handshake record. */
const tlsHandshake = 0x16;

export async function listen(options: ListenOptions): Promise<LoopbackServer> {
  const connections = new Set<Duplex>();
  /** What is known of a connection beyond its bytes: the TCP socket under it, and the host its tunnel leads to. */
  const facts = new WeakMap<Duplex, { readonly tcp: Socket; readonly tunnelHost?: string }>();
  const track = (socket: Duplex): void => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    // Clients leave when they like.
    socket.on('error', () => socket.destroy());
  };

  const server = http.createServer((incoming, outgoing) => {
    const known = facts.get(incoming.socket);
    void answer(
      options,
      incomingRequest(incoming, outgoing, known?.tcp ?? incoming.socket, known?.tunnelHost),
      outgoing,
    );
  });
  // A client that finds its kept connection closed just as it writes sees a reset that nobody ordered.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;

  const secure = async (socket: Socket, identity: TlsIdentity, tunnelHost: string | undefined): Promise<void> => {
    // Whoever never comes by TLS does not wait for its code.
    const { TLSSocket } = await import('node:tls');
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext: await contextOf(identity),
      ALPNProtocols: ['http/1.1'],
      ...(tunnelHost === undefined ? { SNICallback: serverName(options) } : {}),
    });
    track(tls);
    facts.set(tls, tunnelHost === undefined ? { tcp: socket } : { tcp: socket, tunnelHost });
    server.emit('connection', tls);
  };

  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [, host = '', port = '443'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(request.url ?? '') ?? [];
    const tunnel = options.tunnel?.(host, Number(port)) ?? Promise.resolve(undefined);
    tunnel
      .then(async (identity) => {
        if (identity === undefined || socket.destroyed) {
          socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
          return;
        }
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) socket.unshift(head);
        await secure(socket as Socket, identity, host);
      })
      .catch(() => socket.destroy());
  });

  const listener = createTcpServer((socket) => {
    track(socket);
    socket.setNoDelay(true);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] !== tlsHandshake) {
        server.emit('connection', socket);
        socket.resume();
        return;
      }
      const identity = options.tls?.('localhost') ?? Promise.resolve(undefined);
      identity
        .then(async (found) => {
          if (found === undefined) socket.destroy();
          else await secure(socket, found, undefined);
        })
        .catch(() => socket.destroy());
    });
  });
  await startListening(listener, options.port);
  return {
    port: (listener.address() as AddressInfo).port,
    close: async () => {
      for (const connection of connections) connection.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

async function startListening(server: TcpServer, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new KeylessError(
          cause.code === 'EADDRINUSE'
            ? {
                code: 'PORT_TAKEN',
                message: `another process listens on 127.0.0.1:${port}`,
                hint: 'leave out --port to take a free one',
                cause,
              }
            : { code: 'NETWORK_FAILED', message: `cannot listen on 127.0.0.1:${port}: ${cause.message}`, cause },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

const contexts = new WeakMap<TlsIdentity, SecureContext>();

async function contextOf(identity: TlsIdentity): Promise<SecureContext> {
  const known = contexts.get(identity);
  if (known !== undefined) return known;
  const { createSecureContext } = await import('node:tls');
  const context = createSecureContext({ cert: identity.certificate, key: identity.privateKey });
  contexts.set(identity, context);
  return context;
}

function serverName(
  options: ListenOptions,
): (name: string, done: (error: Error | null, context?: SecureContext) => void) => void {
  return (name, done) => {
    (options.tls?.(name) ?? Promise.resolve(undefined))
      .then(async (identity) => identity && (await contextOf(identity)))
      .then(
        (context) => done(null, context),
        (error: Error) => done(error),
      );
  };
}

/** A handler that fails must not take the server with it. */
async function answer(options: ListenOptions, request: IncomingRequest, outgoing: ServerResponse): Promise<void> {
  try {
    await options.handle(request);
  } catch {
    if (outgoing.headersSent) outgoing.destroy();
    else request.respond(500, { connection: 'close' }, '');
  }
}

function incomingRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  tcp: Socket,
  tunnelHost: string | undefined,
): IncomingRequest {
  const headers = headersOf(incoming);
  const url = incoming.url ?? '/';
  // A client that uses a proxy for plain HTTP sends the whole URL.
  const absolute = /^http:\/\/([^/?#]*)(.*)$/i.exec(url);
  const named = absolute?.[1] ?? headers.host ?? '';
  const path = absolute === null ? url : (absolute[2] as string);
  return {
    method: incoming.method ?? 'GET',
    target: path.startsWith('/') ? path : `/${path}`,
    headers,
    host: tunnelHost ?? withoutPort(named),
    secure: 'encrypted' in incoming.socket,
    body: async (limit) => await readBody(incoming, limit),
    respond: (status, answered, body) => {
      if (outgoing.destroyed) return;
      const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
      const bodyless = status === 204 || status === 304;
      outgoing.writeHead(status, {
        ...(bodyless || answered['content-length'] !== undefined ? {} : { 'content-length': String(length) }),
        ...answered,
        // What was not read of this request would be taken for the next one.
        ...(incoming.complete ? {} : { connection: 'close' }),
      });
      outgoing.end(body);
    },
    reset: () => tcp.resetAndDestroy(),
    ignore: () => undefined,
  };
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
