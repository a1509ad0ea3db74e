/** Where Terraform's credentials come from in a drill. */
import type { Env } from '../../ports/index.ts';
import type { Stage } from '../stage.ts';

export interface CredentialSource {
  /** For people: `an SSO profile`. */
  readonly name: string;
  /** Signs in and puts everything in its place, with lifetimes as the sandbox has them now. */
  start(stage: Stage): Promise<RunningSource>;
}

export interface RunningSource {
  /** What the person's shell would export. */
  readonly env: Env;
  stop(): Promise<void>;
}

export const nothingToStop = async (): Promise<void> => undefined;
