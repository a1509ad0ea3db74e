/** One request out, directly or through a CONNECT proxy. Connections are kept and used again. */
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import { KeylessError } from '../../kernel/error.ts';
import type { HttpRequest, HttpResponse } from '../index.ts';
import { headersOf, readBody } from './http-body.ts';
import { http } from './node-http.ts';

export async function send(request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const proxy = request.proxy === undefined ? undefined : new URL(request.proxy);
  const failed = (cause: Error): KeylessError =>
    new KeylessError({ code: 'NETWORK_FAILED', message: `${url.origin} gave no answer: ${cause.message}`, cause });
  return await new Promise((resolve, reject) => {
    const common = {
      method: request.method,
      headers: { ...request.headers },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    const take = (incoming: IncomingMessage): void => {
      readBody(incoming, Number.POSITIVE_INFINITY).then(
        (body) => {
          clearTimeout(timer);
          resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming), body });
        },
        (cause: Error) => give(cause),
      );
    };
    const give = (cause: Error): void => {
      clearTimeout(timer);
      reject(failed(cause));
    };
    const outgoing = secure
      ? httpsRequest(url, { ...common, agent: secureAgent(proxy, request.trust) }, take)
      : proxy === undefined
        ? http.request(url, { ...common, agent: plainAgent }, take)
        : // A proxy is told the whole URL of what is not encrypted.
          http.request(
            proxy,
            { ...common, agent: plainAgent, path: request.url, headers: { host: url.host, ...common.headers } },
            take,
          );
    const seconds = request.timeoutSeconds ?? 30;
    const timer = setTimeout(() => outgoing.destroy(new TypeError(`no answer within ${seconds} s`)), seconds * 1000);
    outgoing.on('error', give);
    outgoing.end(request.body);
  });
}

const plainAgent = new http.Agent({ keepAlive: true });
const secureAgents = new Map<string, HttpsAgent>();

/** One for each proxy and set of trusted certificates, so that the latter are read once. */
function secureAgent(proxy: URL | undefined, trust: string | undefined): HttpsAgent {
  const key = `${proxy?.href ?? ''}\n${trust ?? ''}`;
  const known = secureAgents.get(key);
  if (known !== undefined) return known;
  const options = { keepAlive: true, ...(trust === undefined ? {} : { ca: [...rootCertificates, trust] }) };
  const agent = proxy === undefined ? new HttpsAgent(options) : new TunnelAgent(proxy, options);
  // Proxies of the sandbox come and go with it.
  if (secureAgents.size >= 32) secureAgents.clear();
  secureAgents.set(key, agent);
  return agent;
}

type Connected = (error: Error | null, stream: Duplex) => void;

/** Reaches its hosts through CONNECT. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: ConstructorParameters<typeof HttpsAgent>[0]) {
    super(options);
    this.#proxy = proxy;
  }

  // Node hands the connection back through the callback when nothing is returned.
  override createConnection(options: RequestOptions, callback?: Connected): null {
    this.#connect(options as ConnectionOptions).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return null;
  }

  async #connect(options: ConnectionOptions): Promise<TLSSocket> {
    const target = `${options.host}:${options.port ?? 443}`;
    const socket = await new Promise<Socket>((resolve, reject) => {
      const { hostname, port, username, password } = this.#proxy;
      const authorization =
        username === ''
          ? undefined
          : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
      http
        .request({
          host: hostname,
          port: port === '' ? 80 : Number(port),
          method: 'CONNECT',
          path: target,
          agent: false,
          headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
        })
        .once('connect', (response, tunnel) => {
          if (response.statusCode === 200) return resolve(tunnel as Socket);
          tunnel.destroy();
          reject(new TypeError(`the proxy ${this.#proxy.host} refused ${target} with ${response.statusCode}`));
        })
        .once('error', reject)
        .end();
    });
    return await new Promise((resolve, reject) => {
      const secured = connectTls({ ...options, socket, servername: options.servername ?? options.host ?? '' }, () =>
        resolve(secured),
      );
      secured.once('error', reject);
    });
  }
}
