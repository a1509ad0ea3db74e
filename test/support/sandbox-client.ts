/**
 * The embedded AWS inside a test: a world, a clock that the test moves, and clients of the real AWS SDK whose requests are
 * handed to the sandbox without a socket. They sign with the test's clock.
 */
import { Readable } from 'node:stream';
import { evaluate } from '../../src/aws/policy/evaluate.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { RecordCall } from '../../src/sandbox/core/call-outcome.ts';
import type { IssuedKey, RootCaller, UserCaller } from '../../src/sandbox/core/caller.ts';
import { createWorld, type WorldOptions } from '../../src/sandbox/core/create-world.ts';
import {
  createSandbox,
  type InternalProblem,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/core/dispatch.ts';
import type { Answer, HttpMessage } from '../../src/sandbox/core/http-message.ts';
import { MovableTime } from '../../src/sandbox/core/sandbox-time.ts';
import { SeededIds } from '../../src/sandbox/core/seeded-ids.ts';
import type { World } from '../../src/sandbox/core/world.ts';
import { managedPolicy } from '../../src/sandbox/services/iam/managed-policies.ts';
import { FakeClock } from './make-world.ts';

export interface TestSandboxInit {
  readonly services: SandboxOptions['services'];
  /** Default: accounts 111111111111 (management), 222222222222 (production), 333333333333 (staging), in eu-west-1. */
  readonly accounts?: WorldOptions['accounts'];
  readonly world?: (ids: SeededIds, now: number) => World;
  /** ISO instant; default 2026-11-21T09:00:00Z. */
  readonly now?: string;
  readonly seed?: string;
  readonly issuers?: SandboxOptions['issuers'];
  readonly control?: SandboxOptions['control'];
  readonly record?: RecordCall;
}

export interface TestSandbox extends Sandbox {
  readonly clock: FakeClock;
  readonly time: MovableTime;
  /** What broke inside operations; a test should find it empty. */
  readonly problems: readonly InternalProblem[];
  /** Long-term keys of a user (who must be in the world to have policies) or of the root of an account. */
  issueKey(caller: { readonly account: string; readonly userName?: string }): IssuedKey;
  /** A client of the AWS SDK with the keys of `key`, or none. It makes one try unless `more` says otherwise. */
  connect<C extends SdkClient>(
    // biome-ignore lint/suspicious/noExplicitAny: the configurations of the SDK's clients have no common type
    Client: new (config: any) => C,
    key?: IssuedKey,
    more?: Readonly<Record<string, unknown>>,
  ): C;
}

/** What all clients of the SDK have. */
interface SdkClient {
  // biome-ignore lint/suspicious/noExplicitAny: each client has a stack of its own type
  readonly middlewareStack: { add(middleware: any, options: any): void };
  readonly config: object;
}

export function makeSandbox(init: TestSandboxInit): TestSandbox {
  const clock = new FakeClock(init.now ?? '2026-11-21T09:00:00Z');
  const time = new MovableTime(clock);
  const ids = new SeededIds(init.seed ?? 'test');
  const problems: InternalProblem[] = [];
  const world =
    init.world?.(ids, time.now()) ??
    createWorld({
      partition: 'aws',
      region: 'eu-west-1',
      ids,
      createdAt: time.now(),
      accounts: init.accounts ?? [
        { id: '111111111111', name: 'management' },
        { id: '222222222222', name: 'production' },
        { id: '333333333333', name: 'staging' },
      ],
      identityCenter: { region: 'eu-west-1', startUrl: 'https://acme.awsapps.com/start' },
    });
  const sandbox = createSandbox({
    world,
    services: init.services,
    time,
    policies: { evaluate, managedPolicy: (arn) => defaultVersion(arn) },
    sleep: async (milliseconds) => await clock.sleep(milliseconds),
    report: (problem) => problems.push(problem),
    ...(init.issuers === undefined ? {} : { issuers: init.issuers }),
    ...(init.control === undefined ? {} : { control: init.control }),
    ...(init.record === undefined ? {} : { record: init.record }),
  });
  return {
    world,
    faults: sandbox.faults,
    clock,
    time,
    problems,
    handle: async (message) => await sandbox.handle(message),
    knows: (host) => sandbox.knows(host),
    issueKey: ({ account, userName }) => issueKey(world, account, userName),
    connect: (Client, key, more) => connect(sandbox, clock, Client, key, more),
  };
}

function defaultVersion(arn: string): ReturnType<SandboxOptions['policies']['managedPolicy']> {
  const policy = managedPolicy(arn);
  return policy?.versions.find(({ versionId }) => versionId === policy.defaultVersionId)?.parsed;
}

function issueKey(world: World, account: string, userName: string | undefined): IssuedKey {
  const accessKeyId = world.ids.iam('AKIA');
  const user = userName === undefined ? undefined : world.iam.accounts.get(account)?.users.get(userName);
  const root: RootCaller = { kind: 'root', account, arn: `arn:${world.partition}:iam::${account}:root`, accessKeyId };
  const caller: RootCaller | UserCaller =
    userName === undefined
      ? root
      : {
          kind: 'user',
          account,
          arn: user?.arn ?? `arn:${world.partition}:iam::${account}:user/${userName}`,
          userName,
          userId: user?.id ?? world.ids.iam('AIDA'),
          accessKeyId,
          session: undefined,
        };
  const key: IssuedKey = {
    accessKeyId,
    secretAccessKey: new Secret(world.ids.secret(40)),
    sessionToken: undefined,
    expiresAt: undefined,
    status: 'Active',
    caller,
  };
  world.keys.put(key);
  user?.accessKeys.push({ accessKeyId, createdAt: 0, status: 'Active', lastUsed: undefined });
  return key;
}

function connect<C extends SdkClient>(
  sandbox: Sandbox,
  clock: FakeClock,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  Client: new (config: any) => C,
  key: IssuedKey | undefined,
  more: Readonly<Record<string, unknown>> = {},
): C {
  const credentials = key && {
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey.reveal(),
    ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken.reveal() }),
  };
  const client = new Client({
    region: sandbox.world.region,
    // Never the machine's own keys.
    credentials: credentials ?? { accessKeyId: '', secretAccessKey: '' },
    ...(credentials === undefined ? { signer: { sign: async (request: unknown) => request } } : {}),
    requestHandler: sandboxRequestHandler(sandbox),
    maxAttempts: 1,
    ...more,
  });
  const setClock = (next: (args: unknown) => unknown) => (args: unknown) => {
    (client.config as { systemClockOffset: number }).systemClockOffset = clock.now().getTime() - Date.now();
    return next(args);
  };
  client.middlewareStack.add(setClock, { step: 'build', name: 'testClock' });
  return client;
}

/** The SDK's view of an HTTP request. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly response: { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: Readable };
}

/** A `requestHandler` for any client of the AWS SDK. A reset is ECONNRESET; silence lasts until the client gives up. */
export function sandboxRequestHandler(sandbox: Sandbox): {
  handle(request: SdkRequest, options?: { readonly abortSignal?: AbortSignal }): Promise<SdkResponse>;
  destroy(): void;
} {
  return {
    handle: async (request, options) => {
      const answer = await sandbox.handle(await messageOf(request));
      return await responseOf(answer, options?.abortSignal);
    },
    destroy: () => undefined,
  };
}

async function messageOf(request: SdkRequest): Promise<HttpMessage> {
  const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    [value]
      .flat()
      .map((one) => `${escapeUri(name)}${one === null || one === undefined ? '' : `=${escapeUri(String(one))}`}`),
  );
  return {
    method: request.method,
    target: `${request.path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    host: request.hostname,
    secure: request.protocol === 'https:',
    body: await bytesOf(request.body),
  };
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function responseOf(answer: Answer, signal: AbortSignal | undefined): Promise<SdkResponse> {
  if (answer.kind === 'reset') throw Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
  if (answer.kind === 'ignore') {
    await new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(Object.assign(new TypeError('aborted'), { name: 'AbortError' })));
    });
  }
  const { status, headers, body } = answer as Extract<Answer, { kind: 'respond' }>;
  return {
    response: {
      statusCode: status,
      headers: { ...headers },
      body: Readable.from([Buffer.from(body)], { objectMode: false }),
    },
  };
}
