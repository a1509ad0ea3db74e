/**
 * The `Principal` and `NotPrincipal` elements. A wildcard stands for everyone or not at all: AWS refuses it inside a name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import type { JsonValue } from '../../formats/json/index.ts';
import type { PrincipalElement } from './document.ts';
import { membersOf, type Reading, report, reportAs, stringsOf } from './reading.ts';
import { refusePrincipal } from './refusals.ts';

const types = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
type PrincipalType = (typeof types)[number];

export function parsePrincipal(reading: Reading, value: JsonValue, negated: boolean, path: string): PrincipalElement {
  const lists: Record<PrincipalType, readonly string[]> = { AWS: [], Service: [], Federated: [], CanonicalUser: [] };
  let any = false;
  if (value.kind === 'string') {
    if (value.value === '*') any = true;
    else reportAs(reading, 'rest', refusePrincipal(reading.kind, 'AWS', value.value, path));
  } else if (value.kind === 'object') {
    const members = membersOf(reading, value, `${path}.`, types);
    if (members.size === 0) report(reading, 'syntax', path);
    for (const type of types) {
      const element = members.get(type);
      if (element === undefined) continue;
      const names = stringsOf(reading, element, `${path}.${type}`);
      for (const name of names) {
        if (!isPrincipal(type, name)) {
          reportAs(reading, 'rest', refusePrincipal(reading.kind, type, name, `${path}.${type}`));
        }
      }
      if (type === 'AWS' && names.includes('*')) any = true;
      lists[type] = names.filter((name) => type !== 'AWS' || name !== '*');
    }
  } else report(reading, 'syntax', path);
  return {
    negated,
    any,
    aws: lists.AWS,
    service: lists.Service,
    federated: lists.Federated,
    canonicalUser: lists.CanonicalUser,
  };
}

const awsPrincipal =
  /^(?:\*|\d{12}|A[A-Z0-9]{15,127}|arn:[a-z-]+:iam::\d{12}:(?:root|(?:user|role)\/[^*?\s]+)|arn:[a-z-]+:sts::\d{12}:(?:assumed-role\/[^*?\s/]+\/[^*?\s/]+|federated-user\/[^*?\s]+))$/;

function isPrincipal(type: PrincipalType, name: string): boolean {
  switch (type) {
    case 'AWS':
      return awsPrincipal.test(name);
    case 'Service':
      return /^[a-z0-9.-]+\.[a-z]+$/.test(name);
    case 'Federated':
      return name !== '' && !/[*?\s]/.test(name);
    case 'CanonicalUser':
      return /^[0-9a-f]{64}$/.test(name);
  }
}
