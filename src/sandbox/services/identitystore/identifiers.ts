/** Finding people and groups by what is unique about them besides their id. */
import type { ModelInput } from '../../core/model-input.ts';
import type { World } from '../../core/world.ts';
import type { DirectoryGroup, DirectoryUser } from '../identity-center/state.ts';
import type { StoreCall } from './store-call.ts';

export type AlternateIdentifier =
  | { readonly kind: 'external'; readonly issuer: string; readonly id: string }
  | { readonly kind: 'attribute'; readonly path: string; readonly value: string };

/** Exactly one member of the union. */
export function alternateIdentifier(store: StoreCall, input: ModelInput): AlternateIdentifier {
  const external = input.optionalStruct('ExternalId');
  const unique = input.optionalStruct('UniqueAttribute');
  if ((external === undefined) === (unique === undefined)) {
    throw store.refusal('ValidationException', 'AlternateIdentifier takes either ExternalId or UniqueAttribute.');
  }
  if (external !== undefined) {
    return { kind: 'external', issuer: external.string('Issuer'), id: external.string('Id') };
  }
  return {
    kind: 'attribute',
    path: (unique as ModelInput).string('AttributePath', { min: 1, max: 255 }),
    value: (unique as ModelInput).string('AttributeValue'),
  };
}

/**
 * Users with this value. `userName` and `emails.value` are different attributes and neither stands for the other; both are
 * compared whole, and without regard to case. An unknown path matches nobody.
 */
export function matching(world: World, path: string, value: string): readonly DirectoryUser[] {
  const wanted = value.toLowerCase();
  const read = userAttributes[path.toLowerCase()];
  if (read === undefined) return [];
  return [...world.identityCenter.users.values()].filter((user) => read(user)?.toLowerCase() === wanted);
}

/** Groups with this display name. */
export function matchingGroups(world: World, path: string, value: string): readonly DirectoryGroup[] {
  if (path.toLowerCase() !== 'displayname') return [];
  const wanted = value.toLowerCase();
  return [...world.identityCenter.groups.values()].filter(({ displayName }) => displayName.toLowerCase() === wanted);
}

const userAttributes: Readonly<Record<string, (user: DirectoryUser) => string | undefined>> = {
  username: ({ userName }) => userName,
  'emails.value': ({ email }) => email,
};
