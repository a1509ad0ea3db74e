/** Requests out of a region: the shortest there is, to show that something is allowed, and to try it out. */
import type { AccessRequest, PolicyPrincipal } from '../policy/request.ts';
import { actionDimension, keyDimension, resourceDimension } from './allowed-requests.ts';
import { TextSet } from './key-set.ts';
import { Language } from './language.ts';
import type { Box, Region } from './region.ts';

/** `undefined` when the region is empty, which is the proof that there is no such request. */
export function witness(
  region: Region,
  principal: PolicyPrincipal,
  resourceAccount?: string,
): AccessRequest | undefined {
  const requests = region.map((box) => requestOf(box, principal, resourceAccount));
  return requests.reduce<AccessRequest | undefined>(
    (best, request) => (best === undefined || sizeOf(request) < sizeOf(best) ? request : best),
    undefined,
  );
}

/** Whether a region holds a request; keys that the region does not name may hold anything. */
export function contains(region: Region, request: AccessRequest): boolean {
  return region.some((box) =>
    [...box].every(([dimension, set]) => {
      if (dimension === actionDimension) return set.accepts([request.action.toLowerCase()]);
      if (dimension === resourceDimension) return set.accepts([request.resource]);
      return set.accepts(request.context.get(dimension.slice(keyDimension('').length)));
    }),
  );
}

function requestOf(box: Box, principal: PolicyPrincipal, resourceAccount: string | undefined): AccessRequest {
  const context = new Map<string, readonly string[]>();
  for (const [dimension, set] of box) {
    if (!dimension.startsWith(keyDimension(''))) continue;
    const values = set.example();
    if (values !== undefined) context.set(dimension.slice(keyDimension('').length), values);
  }
  return {
    principal,
    action: textOf(box, actionDimension) ?? '*',
    resource: textOf(box, resourceDimension) ?? '*',
    ...(resourceAccount === undefined ? {} : { resourceAccount }),
    context,
  };
}

function textOf(box: Box, dimension: string): string | undefined {
  const set = box.get(dimension);
  return set instanceof TextSet ? (set.language.equals(Language.all) ? undefined : set.language.shortest()) : undefined;
}

function sizeOf({ action, resource, context }: AccessRequest): number {
  const values = [...context.values()].flat();
  return action.length + resource.length + values.reduce((size, value) => size + value.length + 1, 0);
}
