/** The control API's routes, one object each. */
import { z } from 'zod';
import { AwsError } from '../core/aws-error.ts';
import type { Fault } from '../core/fault.ts';
import {
  type GithubJob,
  type HcpRun,
  mintGithubToken,
  mintHcpToken,
  rotateKeys,
  startGithubJob,
} from '../issuers/index.ts';
import { deliverTrails } from '../services/cloudtrail/deliver.ts';
import { approveSignIn, denySignIn, pendingSignIns } from '../services/identity-center/approve.ts';
import { claimsBody, faultBody, githubJobBody, hcpRunBody } from './bodies.ts';
import type { ControlDeps, ControlRoute } from './control-api.ts';

/** Fits the body's type to the handler, which `ControlRoute` alone cannot say. */
function route<Schema extends z.ZodType>(
  method: ControlRoute['method'],
  path: string,
  body: Schema,
  handle: (deps: ControlDeps, body: z.infer<Schema>) => unknown,
): ControlRoute {
  return { method, path, body, handle: (deps, request) => handle(deps, request.body as z.infer<Schema>) };
}

const clockBody = z
  .strictObject({
    advanceSeconds: z.number().optional(),
    now: z.iso.datetime({ offset: true }).optional(),
    hourSeconds: z.number().positive().optional(),
  })
  .refine(({ advanceSeconds, now }) => advanceSeconds === undefined || now === undefined, {
    message: 'expected "advanceSeconds" or "now", not both',
  });

const signInBody = z
  .strictObject({
    userCode: z.string().optional(),
    authorizationId: z.string().optional(),
    userName: z.string().optional(),
    deny: z.literal(true).optional(),
  })
  .refine(({ userCode, authorizationId }) => (userCode === undefined) !== (authorizationId === undefined), {
    message: 'expected "userCode" or "authorizationId"',
  })
  .refine(({ userName, deny }) => (userName === undefined) !== (deny === undefined), {
    message: 'expected "userName" of who signs in, or "deny": true',
  });

export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/health',
    handle: ({ world, time }) => ({ status: 'ok', ...clockOf(time), accounts: [...world.iam.accounts.keys()] }),
  },
  { method: 'GET', path: '/clock', handle: ({ time }) => clockOf(time) },
  route('POST', '/clock', clockBody, ({ time }, { advanceSeconds, now, hourSeconds }) => {
    if (advanceSeconds !== undefined) time.advance(advanceSeconds * 1000);
    if (now !== undefined) time.moveTo(Date.parse(now));
    if (hourSeconds !== undefined) time.setHourSeconds(hourSeconds);
    return clockOf(time);
  }),
  { method: 'GET', path: '/faults', handle: ({ faults }) => ({ faults: faults.list() }) },
  route('POST', '/faults', faultBody, ({ world, faults }, body) => {
    const fault = { ...body, id: body.id ?? world.ids.hex(8) } as Fault;
    faults.add(fault);
    return { fault };
  }),
  { method: 'DELETE', path: '/faults', handle: ({ faults }) => faults.clear() },
  {
    method: 'DELETE',
    path: '/faults/*',
    handle: ({ faults }, { name }) => {
      if (!faults.remove(name)) throw new AwsError('NotFound', `there is no fault "${name}"`, 404);
    },
  },
  {
    method: 'GET',
    path: '/sign-ins',
    handle: ({ world, time }) => ({
      signIns: pendingSignIns(world, time.now()).map((waiting) => ({
        ...waiting,
        expiresAt: new Date(waiting.expiresAt).toISOString(),
      })),
    }),
  },
  route('POST', '/sign-ins', signInBody, ({ world }, { userCode, authorizationId = '', userName, deny }) => {
    const choice = userCode === undefined ? { authorizationId } : { userCode };
    return deny === true ? denySignIn(world, choice) : approveSignIn(world, { ...choice, userName: userName ?? '' });
  }),
  route(
    'POST',
    '/tokens/github',
    z.strictObject({ job: githubJobBody, audience: z.string().optional(), claims: claimsBody.optional() }),
    async ({ world, time }, { job, audience, claims }) => ({
      token: await mintGithubToken(world, time, {
        job: job as GithubJob,
        ...(audience === undefined ? {} : { audience }),
        ...(claims === undefined ? {} : { claims }),
      }),
    }),
  ),
  route(
    'POST',
    '/tokens/hcp-terraform',
    z.strictObject({ run: hcpRunBody, audience: z.string().optional(), claims: claimsBody.optional() }),
    async ({ world, time }, { run, audience, claims }) => ({
      token: await mintHcpToken(world, time, {
        run: run as HcpRun,
        ...(audience === undefined ? {} : { audience }),
        ...(claims === undefined ? {} : { claims }),
      }),
    }),
  ),
  route('POST', '/jobs/github', z.strictObject({ job: githubJobBody }), ({ world, endpoint }, { job }) => {
    const { url, token } = startGithubJob(world, job as GithubJob, endpoint);
    return { env: { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token.reveal() } };
  }),
  {
    method: 'GET',
    path: '/events',
    handle: ({ world }, { query }) => {
      const since = query.get('since') ?? '0';
      if (!/^\d{1,9}$/.test(since)) throw new AwsError('BadRequest', `since: expected a number, got "${since}"`, 400);
      const { records } = world.cloudtrail;
      return { records: records.slice(Number(since)), next: records.length };
    },
  },
  { method: 'GET', path: '/refused-hosts', handle: ({ refused }) => ({ hosts: refused.list() }) },
  {
    method: 'POST',
    path: '/trails/deliver',
    handle: async ({ world, time }) => ({ deliveries: await deliverTrails(world, time) }),
  },
  route(
    'POST',
    '/issuers',
    z.strictObject({
      url: z.string(),
      reachable: z.boolean().optional(),
      rotate: z.enum(['keep-old', 'withdraw-old']).optional(),
    }),
    ({ world, random }, { url, reachable, rotate }) => {
      const issuer = world.issuers.issuers.get(url);
      if (issuer === undefined) {
        const known = [...world.issuers.issuers.keys()].join(', ');
        throw new AwsError('NotFound', `there is no issuer ${url}; expected one of ${known}`, 404);
      }
      if (reachable !== undefined) issuer.reachable = reachable;
      if (rotate !== undefined) rotateKeys(world, random, issuer, rotate === 'withdraw-old');
      return { url, reachable: issuer.reachable, keyIds: issuer.keys.map(({ kid }) => kid) };
    },
  ),
];

function clockOf(time: ControlDeps['time']): Readonly<Record<string, unknown>> {
  return {
    now: new Date(time.now()).toISOString(),
    offsetSeconds: time.offset / 1000,
    hourSeconds: time.hourSeconds,
  };
}
