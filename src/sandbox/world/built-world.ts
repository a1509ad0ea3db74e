/** A world made from an intent, and what whoever uses it has to know of it. */
import type { Intent } from '../../intent/index.ts';
import type { IssuedKey } from '../core/caller.ts';
import type { World } from '../core/world.ts';
import type { Trail } from '../services/cloudtrail/state.ts';

/**
 * How far the move is. `legacy`: the user's key does everything, nothing of the new way exists. `both`: people and
 * pipelines get in by themselves, the key still works. `new`: the key is inactive, and the state bucket refuses whoever is
 * not on its list.
 */
export type WorldStage = 'legacy' | 'both' | 'new';

export interface BuiltWorld {
  readonly world: World;
  /** With all that keyless.yaml leaves open filled in. */
  readonly intent: Intent;
  /** What was filled in, as sentences. */
  readonly madeUp: readonly string[];
  stage: WorldStage;
  /** Of the user who is left behind; inactive in stage `new`. */
  readonly legacyKey: IssuedKey;
  readonly people: readonly WorldPerson[];
  /** Records every management event and every object of the state buckets. */
  readonly trail: Trail;
}

export interface WorldPerson {
  readonly userName: string;
  readonly displayName: string;
  /** Id in the identity store. */
  readonly id: string;
}

/** The id of an account that the completed intent names. */
export function accountId({ intent }: Pick<BuiltWorld, 'intent'>, name: string | undefined): string {
  const id = name === undefined ? undefined : intent.accounts.get(name)?.id;
  if (id === undefined) throw new RangeError(`the completed intent has no account ${name}`);
  return id;
}
