/**
 * What the issuers answer over HTTP: discovery, keys, and GitHub's token endpoint. By host as in the world outside; at
 * the sandbox's own endpoint under `/issuers/<host>`.
 */
import { Secret } from '../../kernel/secret.ts';
import type { WireRequest, WireResponse } from '../core/service.ts';
import type { SandboxTime } from '../core/time.ts';
import type { World } from '../core/world.ts';
import type { GithubJob } from './github-job.ts';
import { discoveryDocument, githubIssuerUrl, keySet } from './issuer.ts';
import { allowsIdToken, mintGithubToken } from './mint.ts';
import type { Issuer } from './state.ts';

/** Below the issuer's own host, as on GitHub Enterprise Server; github.com uses a host of its own for it. */
const tokenPath = '/idtoken';
const pathPrefix = '/issuers/';

/** `undefined` for a message that is for none of the issuers. One that was switched off answers 503. */
export async function answerIssuerRequest(
  world: World,
  time: SandboxTime,
  request: WireRequest,
): Promise<WireResponse | undefined> {
  const { host, path } = addressOf(request);
  const issuer = [...world.issuers.issuers.values()].find(
    ({ url }) => new URL(url).hostname === host && path.startsWith(new URL(url).pathname.replace(/\/$/, '')),
  );
  if (issuer === undefined) return undefined;
  if (!issuer.reachable) return json(503, { message: `${issuer.url} was made unreachable.` });
  const own = path.slice(new URL(issuer.url).pathname.replace(/\/$/, '').length);
  if (issuer.kind === 'github' && own === tokenPath) return await answerTokenRequest(world, time, request);
  return await answerDocument(issuer, own);
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
  const base = endpoint === undefined ? githubIssuerUrl : githubIssuerUrl.replace('https:/', `${endpoint}/issuers`);
  return { url: `${base}${tokenPath}?api-version=2.0`, token: new Secret(token) };
}

function json(status: number, body: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
