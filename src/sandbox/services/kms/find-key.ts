/** Which key a call means: key id, key ARN, alias name or alias ARN. */
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import { awsManagedKey, isAwsManagedAlias } from './aws-managed-key.ts';
import type { KmsKey } from './state.ts';

export interface KeyPlace {
  readonly world: World;
  readonly account: string;
  readonly region: string;
}

/** `undefined` when there is no such key. Ids and names without an ARN are those of the place. */
export function findKey(place: KeyPlace, id: string): KmsKey | undefined {
  const { world, account, region } = place;
  const prefix = `arn:${world.partition}:kms:${region}:${account}:`;
  const arn = id.startsWith('arn:') ? id : `${prefix}${id.startsWith('alias/') ? id : `key/${id}`}`;
  // A key of another region is not found, whatever its ARN says.
  if (arn.split(':')[3] !== region) return undefined;
  const target = world.kms.aliases.get(arn);
  return world.kms.keys.get(target ?? arn);
}

/** Throws AwsError NotFoundException in KMS's words. */
export function requireKey(place: KeyPlace, id: string): KmsKey {
  const key = findKey(place, id);
  if (key !== undefined) return key;
  const alias = id.includes('alias/');
  const arn = id.startsWith('arn:')
    ? id
    : `arn:${place.world.partition}:kms:${place.region}:${place.account}:${alias ? id : `key/${id}`}`;
  throw new AwsError(
    'NotFoundException',
    alias
      ? `Alias ${arn} is not found.`
      : /^[0-9a-f-]{36}$/.test(arn.split('/')[1] ?? '')
        ? `Key '${arn}' does not exist`
        : `Invalid keyId '${id}'`,
  );
}

/** As `findKey`; a key that AWS manages comes into being when a service first uses it. */
export function findKeyForService(place: KeyPlace, id: string, now: number): KmsKey | undefined {
  const found = findKey(place, id);
  if (found !== undefined) return found;
  const alias = /(?:^|:)(alias\/aws\/[\w-]+)$/.exec(id)?.[1];
  const account = id.startsWith('arn:') ? id.split(':')[4] : place.account;
  if (alias === undefined || account !== place.account || !isAwsManagedAlias(alias)) return undefined;
  return awsManagedKey(place, alias, now);
}
