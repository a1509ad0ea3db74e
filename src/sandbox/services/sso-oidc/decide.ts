/** What a person sent from a page: checked against the page it came from, then carried out. */

import { Secret } from '../../../kernel/secret.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, WireResponse } from '../../core/service.ts';
import { approveSignIn, denySignIn, findSignIn } from '../identity-center/approve.ts';
import { consentPage, messagePage } from './pages.ts';

export type PageDecision =
  | { readonly outcome: 'refused'; readonly page: WireResponse }
  | {
      readonly outcome: 'allowed' | 'denied';
      readonly clientName: string;
      readonly userName: string;
      readonly redirectTo: string | undefined;
    };

export function decide(call: Call): PageDecision {
  const { world, time, request } = call;
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const pending = findSignIn(world, { authorizationId: form.get('authorization_id') ?? '' });
  const refused = (page: WireResponse): PageDecision => ({ outcome: 'refused', page });
  if (pending === undefined || !pending.formToken.equals(new Secret(form.get('form_token') ?? ''))) {
    return refused(
      messagePage(call, 403, 'This form is not from here', ['Open the sign-in page again and decide there.']),
    );
  }
  if (time.now() >= pending.expiresAt) {
    return refused(messagePage(call, 410, 'Too late', ['This sign-in ran out. Start again where you came from.']));
  }
  if (pending.decision !== undefined) {
    return refused(messagePage(call, 410, 'This sign-in is decided', ['You can close this window.']));
  }
  const clientName = world.identityCenter.clients.get(pending.clientId)?.clientName ?? pending.clientId;
  const choice = { authorizationId: pending.pageId };
  const userName = form.get('user_name') ?? '';
  switch (form.get('decision')) {
    case 'allow':
      if (userName === '') return refused(consentPage(call, pending, 'Choose who signs in.'));
      try {
        const { redirectTo } = approveSignIn(world, { ...choice, userName });
        return { outcome: 'allowed', clientName, userName, redirectTo };
      } catch (problem) {
        if (problem instanceof AwsError) return refused(consentPage(call, pending, problem.message));
        throw problem;
      }
    case 'deny':
      return { outcome: 'denied', clientName, userName, redirectTo: denySignIn(world, choice).redirectTo };
    default:
      return refused(consentPage(call, pending, 'Choose Allow or Deny.'));
  }
}
