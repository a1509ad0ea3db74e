/**
 * What the issuers answer over HTTP: discovery, keys, and GitHub's token endpoint. By host as in the world outside; at
 * the sandbox's own endpoint under `/issuers/<host>`.
 */
import { Secret } from '../../kernel/secret.ts';
import type { WireRequest, WireResponse } from '../core/service.ts';
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import type { GithubJob } from './github-job.ts';
import { discoveryDocument, keySet } from './issuer.ts';
import { allowsIdToken, mintGithubToken } from './mint.ts';
import type { Issuer } from './state.ts';

/** Where GitHub's runners ask for tokens. */
export const githubTokenHost = 'pipelines.actions.githubusercontent.com';
const pathPrefix = '/issuers/';

export type IssuerAnswer = WireResponse | 'unreachable';

/** True for a message that is for an issuer, by its host or by its path. */
export function isIssuerRequest(world: World, request: Pick<WireRequest, 'host' | 'path'>): boolean {
  return request.path.startsWith(pathPrefix) || hostsOf(world).has(request.host.toLowerCase());
}

/** Hosts that the proxy has to answer for. */
export function hostsOf(world: World): ReadonlySet<string> {
  return new Set([githubTokenHost, ...[...world.issuers.issuers.keys()].map((url) => new URL(url).hostname)]);
}

/** `unreachable` when the issuer was switched off: the connection is to be reset. */
export async function answerIssuerRequest(
  world: World,
  time: SandboxTime,
  request: WireRequest,
): Promise<IssuerAnswer> {
  const { host, path } = addressOf(request);
  if (host === githubTokenHost) return await answerTokenRequest(world, time, request);
  const issuer = [...world.issuers.issuers.values()].find(
    ({ url }) => new URL(url).hostname === host && path.startsWith(new URL(url).pathname.replace(/\/$/, '')),
  );
  if (issuer === undefined) return json(404, { message: `No issuer at https://${host}${path} in the sandbox.` });
  if (!issuer.reachable) return 'unreachable';
  return await answerDocument(issuer, path.slice(new URL(issuer.url).pathname.replace(/\/$/, '').length));
}

async function answerDocument(issuer: Issuer, path: string): Promise<WireResponse> {
  if (path === '/.well-known/openid-configuration') return json(200, discoveryDocument(issuer));
  if (path === '/.well-known/jwks') return json(200, await keySet(issuer));
  return json(404, { message: `The issuer publishes /.well-known/openid-configuration and /.well-known/jwks only.` });
}

/** `GET <url>&audience=…` with `Authorization: bearer <request token>`; the answer is `{"value": "<jwt>"}`. */
async function answerTokenRequest(world: World, time: SandboxTime, request: WireRequest): Promise<WireResponse> {
  if (request.method !== 'GET') return json(405, { message: 'Ask for a token with GET.' });
  const [, requestToken = ''] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const job = world.issuers.githubJobs.get(requestToken);
  if (job === undefined) return json(401, { message: 'The request token belongs to no job.' });
  if (!allowsIdToken(job)) return json(403, { message: 'The job does not have the permission id-token: write.' });
  if (world.issuers.issuers.size === 0) return json(503, { message: 'The sandbox has no issuer.' });
  const audience = request.query.get('audience') ?? '';
  const value = await mintGithubToken(world, time, { job, ...(audience === '' ? {} : { audience }) });
  return json(200, { count: 1, value });
}

function addressOf(request: WireRequest): { readonly host: string; readonly path: string } {
  if (!request.path.startsWith(pathPrefix)) return { host: request.host.toLowerCase(), path: request.path };
  const rest = request.path.slice(pathPrefix.length);
  const slash = rest.indexOf('/');
  return slash === -1
    ? { host: rest, path: '/' }
    : { host: rest.slice(0, slash).toLowerCase(), path: rest.slice(slash) };
}

/**
 * Registers a job and gives what its runner sets as ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. A
 * real runner sets neither for a job without the permission; here the endpoint refuses such a job, so that a rehearsal
 * sees it. `endpoint` is the sandbox's own URL, for clients that don't come through the proxy.
 */
export function startGithubJob(
  world: World,
  job: GithubJob,
  endpoint?: string,
): { readonly url: string; readonly token: Secret } {
  const token = world.ids.alphanumeric(40);
  world.issuers.githubJobs.set(token, job);
  const base = endpoint === undefined ? `https://${githubTokenHost}` : `${endpoint}${pathPrefix}${githubTokenHost}`;
  return { url: `${base}/idtoken?api-version=2.0`, token: new Secret(token) };
}

function json(status: number, body: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
