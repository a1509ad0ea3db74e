/**
 * A world from keyless.yaml, and the same world moved forward: what was written before a step survives it, so that a
 * rehearsal runs the old way, opens the new one beside it, and closes the old one, on one and the same state.
 */
import type { Intent } from '../../intent/index.ts';
import type { Random } from '../../ports/index.ts';
import { createWorld } from '../core/create-world.ts';
import type { Ids } from '../core/ids.ts';
import type { SandboxTime } from '../core/time.ts';
import { createIssuers } from '../issuers/index.ts';
import { accountId, type BuiltWorld, type WorldStage } from './built-world.ts';
import { completeIntent, freeId } from './complete-intent.ts';
import { deactivateLegacyKey, type GivenKey, makeLegacySide } from './legacy-side.ts';
import { makeAssignments, makeDirectory } from './people-side.ts';
import { makePipelineRoles } from './pipeline-side.ts';
import { applyStatePolicies, letOldUserIn, makeStateSide } from './state-side.ts';
import { makeTrail } from './trail-side.ts';

export interface WorldFromIntent {
  readonly intent: Intent;
  readonly ids: Ids;
  readonly time: SandboxTime;
  /** For the issuers' signing keys, which are made when first needed. */
  readonly random: Random;
  /** How far the move is; `both` when left out: everything gets in that ever will. */
  readonly stage?: WorldStage;
  /** A key that the repository holds, in place of a new one. */
  readonly legacyKey?: GivenKey;
}

/**
 * Throws CONFIG_INVALID where a policy of the intent is larger than AWS takes, and AwsError where AWS would refuse a part
 * of it.
 */
export function buildWorld({
  intent: given,
  ids,
  time,
  random,
  stage = 'both',
  legacyKey,
}: WorldFromIntent): BuiltWorld {
  const { intent, madeUp } = completeIntent(given);
  const createdAt = time.now();
  const { accounts, managementAccount } = accountsOf(intent);
  const region = intent.stateBackends[0]?.region ?? intent.identityCenter.region ?? '';
  const world = createWorld({
    partition: intent.partition,
    region,
    ids,
    createdAt,
    accounts,
    managementAccount,
    identityCenter: {
      region: intent.identityCenter.region ?? region,
      startUrl: intent.identityCenter.startUrl ?? '',
    },
    ...(intent.organization.id !== undefined && { organizationId: intent.organization.id }),
  });
  createIssuers(world, random);
  const made = { world, intent };
  makeStateSide(made, createdAt);
  const built: BuiltWorld = {
    ...made,
    madeUp,
    stage: 'legacy',
    people: makeDirectory(made),
    legacyKey: makeLegacySide(made, time, legacyKey),
    trail: makeTrail(made, createdAt),
  };
  letOldUserIn(made);
  if (stage !== 'legacy') openNewWay(built, time);
  if (stage === 'new') closeOldWay(built);
  return built;
}

/** From `legacy` to `both`: permission sets, assignments, OIDC providers, roles of pipelines, policies of state. */
export function openNewWay(built: BuiltWorld, time: SandboxTime): void {
  if (built.stage !== 'legacy') throw new RangeError(`the new way is open already: stage ${built.stage}`);
  makeAssignments(built, time.now());
  makePipelineRoles(built, time.now());
  applyStatePolicies(built, 'both');
  built.stage = 'both';
}

/** From `both` to `new`: the key is inactive, and whoever is not on the list is refused, by name. */
export function closeOldWay(built: BuiltWorld): void {
  if (built.stage !== 'both') throw new RangeError(`the old way can't be closed in stage ${built.stage}`);
  deactivateLegacyKey(built);
  applyStatePolicies(built, 'new');
  built.stage = 'new';
}

/** Every account of the file, and one that manages the organisation where the file names none. */
function accountsOf(intent: Intent): {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly managementAccount: string;
} {
  const named = [...intent.accounts.keys()].map((name) => ({ name, id: accountId({ intent }, name) }));
  const taken = new Set(named.map(({ id }) => id));
  const { managementAccount } = intent.organization;
  if (managementAccount !== undefined) {
    return { accounts: named, managementAccount: accountId({ intent }, managementAccount) };
  }
  const id = freeId(taken);
  return { accounts: [{ name: 'management', id }, ...named], managementAccount: id };
}
