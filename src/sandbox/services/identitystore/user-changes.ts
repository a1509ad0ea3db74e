/** UpdateUser: operations on attribute paths, as SCIM has them. */
import type { DirectoryUser } from '../identity-center/state.ts';
import { matching } from './identifiers.ts';
import type { StoreCall } from './store-call.ts';

/** Members of a user that are stored and given back, and that nothing here decides on. */
export const profileMembers = [
  'NickName',
  'ProfileUrl',
  'Addresses',
  'PhoneNumbers',
  'UserType',
  'Title',
  'PreferredLanguage',
  'Locale',
  'Timezone',
  'Photos',
  'Website',
  'Birthdate',
  'Roles',
] as const;

export interface AttributeOperation {
  readonly path: string;
  /** `undefined` or `null`: the attribute goes. */
  readonly value: unknown;
}

export function readOperations({ input }: StoreCall): readonly AttributeOperation[] {
  return input.structs('Operations', 1, 100).map((operation) => ({
    path: operation.string('AttributePath', {
      min: 1,
      max: 255,
      pattern: /(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})/u,
    }),
    value: operation.raw('AttributeValue'),
  }));
}

export function changeUser(store: StoreCall, user: DirectoryUser, path: string, value: unknown): void {
  switch (path) {
    case 'userName': {
      const userName = text(store, path, value);
      if (matching(store.world, path, userName).some(({ id }) => id !== user.id)) throw store.duplicate('UserName');
      user.userName = userName;
      return;
    }
    case 'displayName':
      user.displayName = text(store, path, value);
      return;
    case 'name.givenName':
      user.givenName = text(store, path, value);
      return;
    case 'name.familyName':
      user.familyName = text(store, path, value);
      return;
    case 'userStatus': {
      const status = text(store, path, value);
      if (status !== 'ENABLED' && status !== 'DISABLED') throw invalid(store, path);
      user.status = status;
      return;
    }
    case 'emails':
      setEmail(store, user, value);
      return;
    default:
      setProfile(store, user, path, value);
  }
}

/** The one e-mail address a user may have; `undefined` when none was sent. */
export function readEmail(
  store: StoreCall,
  sent: unknown,
): { readonly value: string; readonly list: readonly unknown[] } | undefined {
  if (sent === undefined || sent === null) return undefined;
  if (!Array.isArray(sent) || sent.length > 1) throw invalid(store, 'emails');
  if (sent.length === 0) return undefined;
  const email: Readonly<Record<string, unknown>> = capitalised(sent[0]) as Readonly<Record<string, unknown>>;
  if (typeof email?.Value !== 'string') throw invalid(store, 'emails.value');
  return { value: email.Value, list: [email] };
}

function setEmail(store: StoreCall, user: DirectoryUser, value: unknown): void {
  const email = readEmail(store, value);
  if (email !== undefined && matching(store.world, 'emails.value', email.value).some(({ id }) => id !== user.id)) {
    throw store.duplicate('Email');
  }
  user.email = email?.value;
  if (email === undefined) user.profile.delete('Emails');
  else user.profile.set('Emails', email.list);
}

function setProfile(store: StoreCall, user: DirectoryUser, path: string, value: unknown): void {
  const [first = '', second] = path.split('.');
  const member = capital(first);
  if (member === 'Name' && second !== undefined) {
    const names = { ...(user.profile.get('Name') as Record<string, unknown> | undefined) };
    if (value === undefined || value === null) delete names[capital(second)];
    else names[capital(second)] = value;
    user.profile.set('Name', names);
    return;
  }
  if (!(profileMembers as readonly string[]).includes(member) || second !== undefined) throw invalid(store, path);
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    user.profile.delete(member);
  else user.profile.set(member, capitalised(value));
}

function text(store: StoreCall, path: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalid(store, path);
  return value;
}

function invalid(store: StoreCall, path: string): Error {
  return store.refusal('ValidationException', `The attribute ${path} can't have this value.`);
}

/** Documents in operations spell members as SCIM does (`value`); shapes of the API with a capital (`Value`). */
function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [capital(name), capitalised(member)]));
}

function capital(name: string): string {
  return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
}
