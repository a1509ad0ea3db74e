/**
 * The people of a rehearsal: which of them stand for all who have the same rights, what each should reach and should not,
 * and how they sign in: with the sign-in client that keyless has for real people, and an approval in the browser's place.
 */
import { join } from 'node:path';
import { planAwsConfig } from '../aws/config-profiles.ts';
import { ssoOidcHost, ssoPortalHost } from '../aws/partition.ts';
import {
  defaultScopes,
  pollForToken,
  registerClient,
  type SsoEndpoints,
  type SsoSession,
  type SsoToken,
  startAuthorizationCode,
  startDeviceAuthorization,
  writeTokenCache,
} from '../broker/index.ts';
import { applyEdits } from '../formats/edit.ts';
import { parseIni } from '../formats/ini/index.ts';
import { awsProfiles, type Intent, type Phase, phases, profileName } from '../intent/index.ts';
import type { Env, Ports } from '../ports/index.ts';
import { approveSignIn, pendingSignIns, type RunningSandbox } from '../sandbox/index.ts';

/** What a person may do in an account. */
export interface Reach {
  /** Account name. */
  readonly account: string;
  readonly phase: Phase;
  readonly profile: string;
}

export interface Representative {
  readonly userName: string;
  /** Others with the same rights, for whom this one stands. */
  readonly others: readonly string[];
  readonly reaches: readonly Reach[];
  readonly refused: readonly Reach[];
}

/**
 * One person for each set of rights, those who reach most first.
 *
 * @param now epoch milliseconds; assignments outside their window give nothing
 */
export function representatives(intent: Intent, now: number): readonly Representative[] {
  const all = [...intent.accounts.keys()].flatMap((account) =>
    phases.map((phase): Reach => ({ account, phase, profile: profileName(intent, account, phase) })),
  );
  const groups = new Map<string, { userNames: string[]; reaches: readonly Reach[] }>();
  for (const person of intent.people.values()) {
    const reaches = all.filter(({ account, phase }) =>
      intent.assignments.some(
        ({ principal, permissionSet, account: assigned, window }) =>
          assigned === account &&
          permissionSet === intent.permissionSets[phase] &&
          (principal.kind === 'group' ? person.groups.includes(principal.name) : principal.name === person.userName) &&
          (window?.from === undefined || window.from <= now) &&
          (window?.until === undefined || now < window.until),
      ),
    );
    const key = reaches.map(({ profile }) => profile).join(' ');
    const group = groups.get(key) ?? { userNames: [], reaches };
    group.userNames.push(person.userName);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ userNames: [userName = '', ...others], reaches }) => ({
      userName,
      others,
      reaches,
      refused: all.filter((reach) => !reaches.includes(reach)),
    }))
    .sort((a, b) => b.reaches.length - a.reaches.length);
}

export type SignInFlow = 'device code' | 'authorization code with PKCE';

export interface Engineer extends Representative {
  readonly flow: SignInFlow;
  readonly token: SsoToken;
  readonly endpoints: SsoEndpoints;
  /** Home folder with `.aws/config` and the token cache, and nothing else. */
  readonly home: string;
}

/** Exactly what the person's shell has: no key. */
export function engineerIdentity(engineer: Engineer, profile: string): Env {
  return { AWS_PROFILE: profile, HOME: engineer.home };
}

/** Throws what the sign-in client throws: SIGN_IN_REFUSED, SIGN_IN_EXPIRED, NETWORK_FAILED. */
export async function signIn(
  ports: Pick<Ports, 'network' | 'clock' | 'random' | 'files' | 'signal'>,
  sandbox: RunningSandbox,
  certificates: string,
  intent: Intent,
  person: Representative,
  flow: SignInFlow,
  home: string,
): Promise<Engineer> {
  const { startUrl = '', region = '', session: name } = intent.identityCenter;
  const session: SsoSession = { name, startUrl, region, scopes: defaultScopes };
  const endpoints: SsoEndpoints = {
    oidc: `https://${ssoOidcHost(intent.partition, region)}`,
    portal: `https://${ssoPortalHost(intent.partition, region)}`,
    proxy: sandbox.proxy,
    trust: certificates,
  };
  const token =
    flow === 'device code'
      ? await byDeviceCode(ports, sandbox, endpoints, session, person.userName)
      : await byAuthorizationCode(ports, sandbox, endpoints, session, person.userName);
  await writeHome(ports, intent, session, token, home);
  return { ...person, flow, token, endpoints, home };
}

type SignInPorts = Parameters<typeof signIn>[0];

async function byDeviceCode(
  ports: SignInPorts,
  sandbox: RunningSandbox,
  endpoints: SsoEndpoints,
  session: SsoSession,
  userName: string,
): Promise<SsoToken> {
  const registration = await registerClient(ports, endpoints, session, 'device-code');
  const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
  approveSignIn(sandbox.world, { userCode: authorization.userCode, userName });
  return await pollForToken(ports, endpoints, session, registration, authorization, ports.signal);
}

async function byAuthorizationCode(
  ports: SignInPorts,
  sandbox: RunningSandbox,
  endpoints: SsoEndpoints,
  session: SsoSession,
  userName: string,
): Promise<SsoToken> {
  const registration = await registerClient(ports, endpoints, session, 'authorization-code');
  const started = await startAuthorizationCode(ports, endpoints, session, registration);
  const { proxy = '', trust = '' } = endpoints;
  await ports.network.send({ method: 'GET', url: started.authorizeUrl, proxy, trust });
  const [waiting] = pendingSignIns(sandbox.world, sandbox.time.now());
  const finished = started.finish(ports.signal);
  const { redirectTo } = approveSignIn(sandbox.world, {
    authorizationId: waiting?.authorizationId ?? '',
    userName,
  });
  // The browser comes back to the port of the client; its page is for the person.
  const visit = ports.network.send({ method: 'GET', url: redirectTo ?? '' });
  const token = await finished;
  await visit;
  return token;
}

async function writeHome(
  { files }: SignInPorts,
  intent: Intent,
  session: SsoSession,
  token: SsoToken,
  home: string,
): Promise<void> {
  const wanted = awsProfiles(intent);
  await files.makeDirectory(join(home, '.aws'), { mode: 0o700 });
  if (wanted !== undefined) {
    const { edits } = planAwsConfig(parseIni(''), wanted);
    await files.writeAtomic(join(home, '.aws', 'config'), applyEdits('', edits), { mode: 0o600 });
  }
  await writeTokenCache(files, home, session, token);
}
