/**
 * What a person does in the browser, as functions: see which sign-ins wait, allow one as somebody, or refuse it. The
 * pages of SSO OIDC, the control API and tests all end here.
 */
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { DirectoryUser, PendingAuthorization } from './state.ts';

export interface PendingSignIn {
  /** For `approveSignIn`; not the device code, which only the client knows. */
  readonly authorizationId: string;
  readonly kind: 'device' | 'code';
  /** `BCDF-GHJK`, of the device flow. */
  readonly userCode: string | undefined;
  readonly clientName: string;
  readonly scopes: readonly string[];
  /** Where the browser goes afterwards, in the authorization code flow. */
  readonly redirectUri: string | undefined;
  /** Epoch milliseconds in the world's time. */
  readonly expiresAt: number;
}

/** Which sign-in: by the code the person reads, or by the id of `pendingSignIns`. */
export type SignInChoice = { readonly userCode: string } | { readonly authorizationId: string };

export interface SignInResult {
  /** Authorization code flow: where the browser must go now, with code and state or with the error. */
  readonly redirectTo: string | undefined;
}

/** Sign-ins nobody decided on, oldest first. With `now` (epoch milliseconds), without those that ran out. */
export function pendingSignIns(world: World, now: number = Number.NEGATIVE_INFINITY): readonly PendingSignIn[] {
  const { authorizations, clients } = world.identityCenter;
  return [...authorizations.values()]
    .filter(({ decision, expiresAt }) => decision === undefined && expiresAt > now)
    .map((pending) => ({
      authorizationId: pending.pageId,
      kind: pending.kind,
      userCode: pending.userCode,
      clientName: clients.get(pending.clientId)?.clientName ?? pending.clientId,
      scopes: pending.scopes,
      redirectUri: pending.redirectUri,
      expiresAt: pending.expiresAt,
    }));
}

/**
 * Signs the person in for the client that waits. Throws ResourceNotFoundException when there is no such sign-in or
 * user, ValidationException when it was decided already, AccessDeniedException when the user is disabled.
 */
export function approveSignIn(world: World, approval: SignInChoice & { readonly userName: string }): SignInResult {
  const pending = undecided(world, approval);
  const user = findUserByName(world, approval.userName);
  if (user === undefined) {
    throw new AwsError('ResourceNotFoundException', `No user has the user name "${approval.userName}".`, 404);
  }
  if (user.status === 'DISABLED') {
    throw new AwsError('AccessDeniedException', `The user "${user.userName}" is disabled and can't sign in.`, 403);
  }
  pending.decision = { userId: user.id };
  if (pending.kind === 'device') return { redirectTo: undefined };
  pending.code = world.ids.alphanumeric(64);
  return { redirectTo: callback(pending, { code: pending.code }) };
}

/** The client is told `access_denied`. Throws as `approveSignIn` does. */
export function denySignIn(world: World, choice: SignInChoice): SignInResult {
  const pending = undecided(world, choice);
  pending.decision = 'denied';
  if (pending.kind === 'device') return { redirectTo: undefined };
  return { redirectTo: callback(pending, { error: 'access_denied', error_description: 'The person refused.' }) };
}

/** Exactly by the user name, with regard to nothing but case: an e-mail address is not a user name. */
export function findUserByName(world: World, userName: string): DirectoryUser | undefined {
  const wanted = userName.toLowerCase();
  for (const user of world.identityCenter.users.values()) if (user.userName.toLowerCase() === wanted) return user;
  return undefined;
}

export function findSignIn(world: World, choice: SignInChoice): PendingAuthorization | undefined {
  for (const pending of world.identityCenter.authorizations.values()) {
    if (
      'userCode' in choice ? sameCode(pending.userCode, choice.userCode) : pending.pageId === choice.authorizationId
    ) {
      return pending;
    }
  }
  return undefined;
}

/** `redirect_uri` with the answer and the client's state (RFC 6749, section 4.1.2). */
export function callback(
  pending: Pick<PendingAuthorization, 'redirectUri' | 'state'>,
  answer: Readonly<Record<string, string>>,
): string {
  const url = new URL(pending.redirectUri as string);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (pending.state !== undefined) url.searchParams.set('state', pending.state);
  return url.href;
}

function undecided(world: World, choice: SignInChoice): PendingAuthorization {
  const pending = findSignIn(world, choice);
  if (pending === undefined) throw new AwsError('ResourceNotFoundException', 'No such sign-in is waiting.', 404);
  if (pending.decision !== undefined) throw new AwsError('ValidationException', 'This sign-in was decided already.');
  return pending;
}

/** People type codes in lower case and without the hyphen. */
function sameCode(known: string | undefined, typed: string): boolean {
  const plain = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return known !== undefined && plain(known) === plain(typed);
}
