/** Where a drill takes place: the embedded AWS, a home folder, a stack, and a person who can sign in. */
import { join } from 'node:path';
import {
  defaultScopes,
  getRoleCredentials,
  pollForToken,
  type RoleCredentials,
  registerClient,
  type SsoEndpoints,
  type SsoSession,
  type SsoToken,
  ssoEndpoints,
  startDeviceAuthorization,
} from '../broker/index.ts';
import type { Env, Ports } from '../ports/index.ts';
import { approveSignIn, type RunningSandbox } from '../sandbox/index.ts';

export type DrillPorts = Pick<Ports, 'clock' | 'random' | 'network' | 'files' | 'processes' | 'env' | 'signal'>;

/** Names in the sandbox's own small organisation. */
export const account = '222222222222';
export const permissionSet = 'Administrator';
export const person = 'dev';
export const bucket = 'keyless-sandbox-state';
export const stateKey = 'drill.tfstate';
export const lockKey: string = `${stateKey}.tflock`;

export class Stage {
  readonly ports: DrillPorts;
  readonly sandbox: RunningSandbox;
  /** Path of the executable. */
  readonly terraform: string;
  /** Of the stack. */
  readonly folder: string;
  readonly home: string;
  readonly session: SsoSession;
  readonly endpoints: SsoEndpoints;
  /** Done when the drill is over, however it ends. */
  readonly cleanUps: (() => Promise<void>)[] = [];

  constructor(ports: DrillPorts, sandbox: RunningSandbox, base: string, terraform: string) {
    this.ports = ports;
    this.terraform = terraform;
    this.sandbox = sandbox;
    this.folder = join(base, 'stack');
    this.home = join(base, 'home');
    const { region, startUrl } = sandbox.world.identityCenter;
    this.session = { name: 'drill', startUrl, region, scopes: defaultScopes };
    this.endpoints = ssoEndpoints(sandbox.env, region);
  }

  get configFile(): string {
    return join(this.home, '.aws', 'config');
  }

  get credentialsFile(): string {
    return join(this.home, '.aws', 'credentials');
  }

  /** The way into the sandbox and nothing else: no key and no setting of the person's own shell. */
  get environment(): Env {
    return {
      ...this.sandbox.env,
      PATH: this.ports.env.PATH,
      HOME: this.home,
      AWS_CONFIG_FILE: this.configFile,
      AWS_SHARED_CREDENTIALS_FILE: this.credentialsFile,
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
    };
  }

  /** The person signs in by device code, and allows it in the browser. */
  async signIn(): Promise<SsoToken> {
    const { ports, endpoints, session } = this;
    const registration = await registerClient(ports, endpoints, session, 'device-code');
    const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
    approveSignIn(this.sandbox.world, { userCode: authorization.userCode, userName: person });
    return await pollForToken(ports, endpoints, session, registration, authorization, ports.signal);
  }

  /** Keys of the role, for sources that hand out keys themselves. */
  async roleCredentials(token: SsoToken): Promise<RoleCredentials> {
    const role = { accountId: account, roleName: permissionSet };
    return await getRoleCredentials(this.ports, this.endpoints, token.accessToken, role);
  }

  /** Writes the two AWS files; what is left out is empty. */
  async writeAwsFiles(config: string, credentials: string = ''): Promise<void> {
    await this.ports.files.makeDirectory(join(this.home, '.aws'), { mode: 0o700 });
    await this.ports.files.writeAtomic(this.configFile, config, { mode: 0o600 });
    await this.ports.files.writeAtomic(this.credentialsFile, credentials, { mode: 0o600 });
  }
}
