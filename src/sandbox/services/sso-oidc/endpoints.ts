/** Where the client finds the rest: by the way it came in, through the proxy with AWS's names or to the one endpoint. */
import { isLoopbackHost } from '../../core/route.ts';
import type { Call, WireRequest } from '../../core/service.ts';

/** Base of `/authorize` and `/token`. */
export function oidcEndpoint(call: Call): string {
  return cameToEndpoint(call.request) ? endpointOf(call.request) : `https://oidc.${regionOf(call)}.${suffix(call)}`;
}

/** The page where a person types or compares the code. */
export function devicePage(call: Call): string {
  return cameToEndpoint(call.request)
    ? `${endpointOf(call.request)}/device`
    : `https://device.sso.${regionOf(call)}.${suffix(call)}/`;
}

export function cameToEndpoint(request: WireRequest): boolean {
  return isLoopbackHost(request.host);
}

/** Its port takes plain HTTP; requests of this machine count as secure however they came. */
function endpointOf({ host, headers }: WireRequest): string {
  return `http://${headers.host ?? host}`;
}

function regionOf({ world }: Call): string {
  return world.identityCenter.region;
}

function suffix({ world }: Call): string {
  return world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
