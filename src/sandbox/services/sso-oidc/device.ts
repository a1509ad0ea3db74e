/** The device flow (RFC 8628): StartDeviceAuthorization, and the page where the person compares the code. */
import type { Call, Input, WireResponse } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { findSignIn } from '../identity-center/approve.ts';
import { authenticateClient, deviceGrant, isStartUrl, mayUseGrant, text } from './client.ts';
import { decide } from './decide.ts';
import { devicePage } from './endpoints.ts';
import { jsonAnswer, oidcError } from './oidc-error.ts';
import { codePage, consentPage, messagePage } from './pages.ts';
import { addAuthorization } from './pending.ts';

export function startDeviceAuthorization(call: Call, input: Input): WireResponse {
  call.event.unrecorded = true;
  const { world } = call;
  const client = authenticateClient(call, input);
  if (!mayUseGrant(client, deviceGrant)) {
    throw oidcError('UnauthorizedClientException', 'The client is not registered for the device flow.');
  }
  if (!isStartUrl(call, text(input, 'startUrl'))) {
    throw oidcError('InvalidRequestException', 'startUrl is not the start URL of this directory.');
  }
  const { settings } = world.identityCenter;
  const pending = addAuthorization(call, {
    id: world.ids.alphanumeric(86),
    kind: 'device',
    clientId: client.clientId,
    userCode: newUserCode(world),
    redirectUri: undefined,
    codeChallenge: undefined,
    state: undefined,
    scopes: client.scopes,
    seconds: settings.deviceCodeSeconds,
  });
  const page = devicePage(call);
  return jsonAnswer({
    deviceCode: pending.id,
    userCode: pending.userCode,
    verificationUri: page,
    verificationUriComplete: `${page}?user_code=${pending.userCode}`,
    expiresIn: settings.deviceCodeSeconds,
    interval: settings.pollIntervalSeconds,
  });
}

export function showDevicePage(call: Call): WireResponse {
  call.event.unrecorded = true;
  const userCode = call.request.query.get('user_code');
  if (userCode === null || userCode === '') return codePage(call);
  const pending = findSignIn(call.world, { userCode });
  if (pending === undefined || call.time.now() >= pending.expiresAt) {
    return messagePage(call, 404, 'This code is not known', [
      `No sign-in waits with the code ${userCode}. It may have run out, or been typed wrong.`,
      'Start again where you came from, and compare the new code.',
    ]);
  }
  if (pending.decision !== undefined) {
    return messagePage(call, 410, 'This sign-in is decided', ['The code was used already. You can close this window.']);
  }
  return consentPage(call, pending);
}

export function submitDevicePage(call: Call): WireResponse {
  call.event.unrecorded = true;
  const decision = decide(call);
  if (decision.outcome === 'refused') return decision.page;
  return decision.outcome === 'allowed'
    ? messagePage(call, 200, 'Signed in', [
        `${decision.clientName} can now act as ${decision.userName}. You can close this window.`,
      ])
    : messagePage(call, 200, 'Refused', [`${decision.clientName} gets nothing. You can close this window.`]);
}

/** Eight consonants in two groups: no word, and nothing to confuse when it is read out. */
function newUserCode(world: World): string {
  const letters = 'BCDFGHJKLMNPQRST';
  const code = [...world.ids.hex(8)].map((digit) => letters[Number.parseInt(digit, 16)]).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
