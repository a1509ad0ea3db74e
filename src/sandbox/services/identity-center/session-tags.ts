/** Attributes for access control: what of a person becomes a session tag (`aws:PrincipalTag/…`) of their role sessions. */
import type { World } from '../../core/world.ts';
import type { DirectoryUser } from './state.ts';

/** Empty unless the instance has attributes for access control; a source that the person has no value for gives no tag. */
export function sessionTags(world: World, user: DirectoryUser): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const [key, sources] of world.identityCenter.accessControlAttributes ?? []) {
    const value = tagValue(user, sources[0] ?? '');
    if (value !== undefined && value !== '') tags.set(key, value);
  }
  return tags;
}

/** https://docs.aws.amazon.com/singlesignon/latest/userguide/attributemappingsconcept.html; a source that is no path is the value itself. */
function tagValue(user: DirectoryUser, source: string): string | undefined {
  const path = /^\$\{path:(.+)\}$/.exec(source)?.[1];
  if (path === undefined) return source;
  switch (path) {
    case 'userName':
      return user.userName;
    case 'name.givenName':
      return user.givenName;
    case 'name.familyName':
      return user.familyName;
    case 'displayName':
      return user.displayName;
    case 'emails[primary eq true].value':
      return user.email;
    default:
      return fromProfile(user, path);
  }
}

/** `title` → `Title`, as the API spells it. */
function fromProfile(user: DirectoryUser, path: string): string | undefined {
  const value = user.profile.get(`${path[0]?.toUpperCase()}${path.slice(1)}`);
  return typeof value === 'string' ? value : undefined;
}
