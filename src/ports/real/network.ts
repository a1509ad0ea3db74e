/** HTTP in and out. Servers listen on 127.0.0.1 only. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KeylessError } from '../../kernel/error.ts';
import type {
  Headers,
  HttpRequest,
  HttpResponse,
  IncomingRequest,
  ListenOptions,
  LoopbackServer,
  Network,
} from '../index.ts';

export const realNetwork: Network = { send, listen };

async function send(request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.url);
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const failed = (cause: Error): void =>
      reject(
        new KeylessError({ code: 'NETWORK_FAILED', message: `${url.origin} gave no answer: ${cause.message}`, cause }),
      );
    const outgoing = open(
      url,
      {
        method: request.method,
        headers: request.headers ?? {},
        timeout: (request.timeoutSeconds ?? 30) * 1000,
        ...(request.trust === undefined ? {} : { ca: request.trust }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
      (incoming) => {
        collect(incoming).then(
          (body) => resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming), body }),
          failed,
        );
      },
    );
    outgoing.on('error', failed);
    outgoing.on('timeout', () => outgoing.destroy(new TypeError('no answer in time')));
    outgoing.end(request.body);
  });
}

async function listen(options: ListenOptions): Promise<LoopbackServer> {
  const server = createServer((incoming, outgoing) => void options.handle(incomingRequest(incoming, outgoing)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new KeylessError({
          code: cause.code === 'EADDRINUSE' ? 'PORT_TAKEN' : 'NETWORK_FAILED',
          message: `cannot listen on 127.0.0.1:${options.port}: ${cause.message}`,
          cause,
        }),
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function incomingRequest(incoming: IncomingMessage, outgoing: ServerResponse): IncomingRequest {
  const headers = headersOf(incoming);
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers,
    host: (headers.host ?? '').replace(/:\d+$/, ''),
    secure: false,
    body: async (limit) => await collect(incoming, limit),
    respond: (status, answer, body) => {
      outgoing.writeHead(status, { ...answer });
      outgoing.end(body);
    },
    reset: () => incoming.socket.resetAndDestroy(),
    ignore: () => undefined,
  };
}

async function collect(incoming: IncomingMessage, limit: number = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) {
      throw new KeylessError({ code: 'NETWORK_FAILED', message: `the body is longer than ${limit} bytes` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(incoming: IncomingMessage): Headers {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
