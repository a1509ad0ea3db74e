/**
 * What a person or a drill does to the sandbox from outside: move its time, order faults, answer sign-ins, mint pipeline
 * tokens, look at what was recorded. JSON in, JSON out, below `/_keyless/`; docs/sandbox.md is its reference.
 */
import { timingSafeEqual } from 'node:crypto';
import { ZodError, type ZodType } from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import type { Random } from '../../ports/index.ts';
import { AwsError } from '../core/aws-error.ts';
import type { FaultRegistry } from '../core/faults.ts';
import type { MovableTime } from '../core/sandbox-time.ts';
import type { WireRequest, WireResponse } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { decodeUtf8 } from '../protocols/text.ts';
import type { RefusedHosts } from '../server/refused-hosts.ts';
import { controlRoutes } from './routes.ts';

/** All that the control API may touch. */
export interface ControlDeps {
  readonly world: World;
  readonly time: MovableTime;
  readonly faults: FaultRegistry;
  readonly refused: RefusedHosts;
  readonly random: Random;
  readonly token: Secret;
  /** URL of the endpoint, for addresses that are handed out. */
  readonly endpoint: string;
}

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/_keyless`; a last part `*` stands for any one name. */
  readonly path: string;
  /** What the body must be; a route without one takes none. */
  readonly body?: ZodType;
  handle(deps: ControlDeps, request: ControlRequest): unknown;
}

export interface ControlRequest {
  readonly query: URLSearchParams;
  /** What stood for `*`. */
  readonly name: string;
  /** As the route's schema read it. */
  readonly body: unknown;
}

/** Never throws: what is wrong with a request is answered with 400, 401, 404 or 405 and `{"error": {"code", "message"}}`. */
export async function answerControl(deps: ControlDeps, request: WireRequest): Promise<WireResponse> {
  if (!isAuthorised(request, deps.token)) {
    return failure(401, 'Unauthorized', 'expected the header "authorization: Bearer <control token>"');
  }
  const path = request.path.slice('/_keyless'.length).replace(/\/$/, '');
  const atPath = controlRoutes.filter((route) => nameAt(route, path) !== undefined);
  const route = atPath.find(({ method }) => method === request.method);
  if (route === undefined) {
    return atPath.length === 0
      ? failure(404, 'NotFound', `the control API has no ${path}; docs/sandbox.md lists what it has`)
      : failure(405, 'MethodNotAllowed', `${path} takes ${atPath.map(({ method }) => method).join(', ')}`);
  }
  try {
    const body = route.body?.parse(parseBody(request));
    const result = await route.handle(deps, { query: request.query, name: nameAt(route, path) ?? '', body });
    return json(200, result ?? {});
  } catch (error) {
    if (error instanceof AwsError) return failure(error.status, error.code, error.message);
    if (error instanceof ZodError) {
      const problems = error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
      return failure(400, 'BadRequest', problems.join('; '));
    }
    throw error;
  }
}

function isAuthorised(request: WireRequest, token: Secret): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token.reveal()}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function nameAt(route: ControlRoute, path: string): string | undefined {
  if (!route.path.endsWith('/*')) return route.path === path ? '' : undefined;
  const prefix = route.path.slice(0, -1);
  const name = path.slice(prefix.length);
  return path.startsWith(prefix) && name !== '' && !name.includes('/') ? name : undefined;
}

function parseBody(request: WireRequest): unknown {
  if (request.body.length === 0) return {};
  const text = decodeUtf8(request.body);
  try {
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // Told below.
  }
  throw new AwsError('BadRequest', 'the body is not JSON in UTF-8', 400);
}

function json(status: number, value: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

function failure(status: number, code: string, message: string): WireResponse {
  return json(status, { error: { code, message } });
}
