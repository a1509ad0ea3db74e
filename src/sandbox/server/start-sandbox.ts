/** A running sandbox: the world, the frame around it, and the port that clients reach it through. */
import { join } from 'node:path';
import { evaluate } from '../../aws/policy/evaluate.ts';
import type { NamedPolicy } from '../../aws/policy/request.ts';
import type { Intent } from '../../intent/index.ts';
import { Secret } from '../../kernel/secret.ts';
import type { Env, Ports, Random } from '../../ports/index.ts';
import type { IssuedKey } from '../core/caller.ts';
import { createSandbox, type InternalProblem } from '../core/dispatch.ts';
import { FaultRegistry } from '../core/faults.ts';
import type { Answer, HttpMessage } from '../core/http-message.ts';
import type { Ids } from '../core/ids.ts';
import { MovableTime } from '../core/sandbox-time.ts';
import { SeededIds } from '../core/seeded-ids.ts';
import type { World } from '../core/world.ts';
import { answerIssuerRequest } from '../issuers/index.ts';
import { createDigestKey } from '../services/cloudtrail/build.ts';
import { recordCall } from '../services/cloudtrail/record.ts';
import { managedPolicy } from '../services/iam/managed-policies.ts';
import type { BuiltWorld, WorldStage } from '../world/built-world.ts';
import type { GivenKey } from '../world/legacy-side.ts';
import type { Outsiders } from '../world/rehearsal-cast.ts';
import { createAuthority } from './certificate.ts';
import { endpointEnv, proxyEnv, renderConfig, renderCredentials } from './client-env.ts';
import { defaultWorld } from './default-world.ts';
import { type RefusedHost, RefusedHosts } from './refused-hosts.ts';
import { serve } from './serve.ts';
import { services } from './services.ts';

export interface SandboxStart {
  /** The organisation to serve; a small one of our own when left out. */
  readonly intent?: Intent;
  /** With `intent`: how far the move is. Default: `both`. */
  readonly stage?: WorldStage;
  /** With `intent`: a key of the old way's user that a repository holds, in place of a new one. */
  readonly legacyKey?: GivenKey;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** One seed, one world: the same identifiers and keys. Random when left out. */
  readonly seed?: string;
  /** Real seconds that an AWS hour takes; 3600 by default. */
  readonly hourSeconds?: number;
  /** Told of what broke inside an operation. */
  readonly report?: (problem: InternalProblem) => void;
}

export interface RunningSandbox {
  /** `http://127.0.0.1:<port>`: all services, for clients whose endpoint can be set. */
  readonly endpoint: string;
  /** The same port as a CONNECT proxy to AWS's own host names, for all other clients. */
  readonly proxy: string;
  /** PEM of the authority that signs the proxy's certificates; thrown away with the sandbox. */
  readonly caFile: string;
  /** Variables for the way by endpoint, and for the way by proxy. Neither holds a key. */
  readonly env: Env;
  readonly proxyEnv: Env;
  /** Of the IAM user `deployment`. */
  readonly legacyKey: IssuedKey;
  readonly control: { readonly url: string; readonly token: Secret };
  readonly world: World;
  /** What `intent` made, and how its world moves on; `undefined` without one. */
  readonly move: Move | undefined;
  readonly time: MovableTime;
  readonly faults: FaultRegistry;
  /** Hosts that clients wanted and did not get. */
  refusedHosts(): readonly RefusedHost[];
  /** A message without a socket. */
  handle(message: HttpMessage): Promise<Answer>;
  /** Ends all connections and removes the temporary folder. */
  stop(): Promise<void>;
}

/** The world between the old way and the new: both functions change it where it stands, and state survives them. */
export interface Move {
  /** Accounts, people and what was made up of them. Its `stage` follows the functions. */
  readonly built: BuiltWorld;
  /** `legacy` → `both`: people and pipelines get in by themselves. */
  openNewWay(): void;
  /** `both` → `new`: the key is inactive, the state bucket refuses whoever is not on its list. */
  closeOldWay(): void;
  /** Roles by ARN that trust the old user, as far as their accounts are of this world; those that were made. */
  addLegacyRoles(arns: readonly string[]): readonly string[];
  /** An IAM user and a person, administrators of the account of the state, whom keyless.yaml does not know. */
  addOutsiders(): Outsiders;
}

type NeededPorts = Pick<Ports, 'clock' | 'random' | 'network' | 'files' | 'env'>;

/** Throws PORT_TAKEN, and FILE_FAILED and its kin when there is no place for temporary files. */
export async function startSandbox(ports: NeededPorts, start: SandboxStart = {}): Promise<RunningSandbox> {
  const { clock, random, network, files, env } = ports;
  const time = new MovableTime(clock, start.hourSeconds);
  const ids = new SeededIds(start.seed ?? hex(random.bytes(16)));
  const { world, legacyKey, move, config } = await worldOf(start, { ids, time, random });
  world.cloudtrail.signingKey = createDigestKey(random, time.now());
  const authority = await createAuthority(random, clock.now().getTime());
  const refused = new RefusedHosts();
  const faults = new FaultRegistry();
  const token = new Secret(hex(random.bytes(24)));
  let endpoint = '';
  const sandbox = createSandbox({
    world,
    services,
    time,
    faults,
    policies: { evaluate, managedPolicy: defaultVersion },
    sleep: async (milliseconds) => await clock.sleep(milliseconds),
    issuers: async (request) => await answerIssuerRequest(world, time, request),
    control: async (request) => {
      // Its schemas are needed by those who use it only.
      const { answerControl } = await import('../control/control-api.ts');
      return await answerControl({ world, time, faults, refused, random, token, endpoint }, request);
    },
    record: recordCall,
    ...(start.report === undefined ? {} : { report: start.report }),
  });
  const server = await serve({ network, port: start.port ?? 0, sandbox, authority, refused });
  endpoint = `http://127.0.0.1:${server.port}`;
  let folder: string | undefined;
  const stop = async (): Promise<void> => {
    await server.close();
    if (folder !== undefined) await files.remove(folder);
  };
  try {
    const made = await files.makeTemporaryDirectory(join(temporaryFolder(env), 'keyless-sandbox-'));
    folder = made;
    const path = (name: string): string => join(made, name);
    const clientFiles = { config: path('config'), credentials: path('credentials') };
    await Promise.all([
      files.writeAtomic(path('ca.pem'), authority.certificate, { mode: 0o600 }),
      files.writeAtomic(clientFiles.config, config, { mode: 0o600 }),
      files.writeAtomic(clientFiles.credentials, renderCredentials(legacyKey), { mode: 0o600 }),
    ]);
    return {
      endpoint,
      proxy: endpoint,
      caFile: path('ca.pem'),
      env: endpointEnv(world, endpoint, clientFiles),
      proxyEnv: proxyEnv(world, endpoint, path('ca.pem'), clientFiles),
      legacyKey,
      control: { url: `${endpoint}/_keyless`, token },
      world,
      move,
      time,
      faults,
      refusedHosts: () => refused.list(),
      handle: async (message) => await sandbox.handle(message),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function worldOf(
  { intent, stage, legacyKey }: SandboxStart,
  parts: { readonly ids: Ids; readonly time: MovableTime; readonly random: Random },
): Promise<{
  readonly world: World;
  readonly legacyKey: IssuedKey;
  readonly move: Move | undefined;
  readonly config: string;
}> {
  const { ids, time, random } = parts;
  if (intent === undefined) {
    const small = defaultWorld(ids, time, random);
    return { ...small, move: undefined, config: renderConfig(small.world) };
  }
  const { addLegacyRoles, addOutsiders, buildWorld, closeOldWay, openNewWay, renderAwsConfig } = await import(
    '../world/index.ts'
  );
  const built = buildWorld({
    intent,
    ...parts,
    ...(stage !== undefined && { stage }),
    ...(legacyKey !== undefined && { legacyKey }),
  });
  const move: Move = {
    built,
    openNewWay: () => openNewWay(built, time),
    closeOldWay: () => closeOldWay(built),
    addLegacyRoles: (arns) => addLegacyRoles(built, arns, time),
    addOutsiders: () => addOutsiders(built, time),
  };
  return { world: built.world, legacyKey: built.legacyKey, move, config: renderAwsConfig(built) };
}

function defaultVersion(arn: string): NamedPolicy | undefined {
  const policy = managedPolicy(arn);
  return policy?.versions.find(({ versionId }) => versionId === policy.defaultVersionId)?.parsed;
}

/** As every platform's own tools find it. */
function temporaryFolder(env: Env): string {
  return env.TMPDIR || env.TEMP || env.TMP || '/tmp';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
