/**
 * Whether a `Principal` element names the caller, and as what: a resource policy that names a user or a session grants to
 * it directly, one that names a role is still limited by the role's boundary and session policies, and one that names an
 * account leaves it to that account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import type { PrincipalElement } from './document.ts';
import type { PolicyPrincipal } from './request.ts';

export type NamedAs = 'everyone' | 'itself' | 'role' | 'account';

/** `undefined`: not named. The most direct naming wins. */
export function namedAs(element: PrincipalElement, principal: PolicyPrincipal): NamedAs | undefined {
  switch (principal.type) {
    case 'anonymous':
      break;
    case 'service':
      if (element.service.includes(principal.name)) return 'itself';
      break;
    case 'federated':
      if (element.federated.includes(principal.provider)) return 'itself';
      break;
    case 'root':
      if (namesAccount(element, principal.account)) return 'itself';
      break;
    case 'user':
      if (namesOne(element, principal.arn, principal.uniqueId)) return 'itself';
      break;
    case 'role-session':
      if (element.aws.includes(principal.arn)) return 'itself';
      break;
  }
  if (element.any) return 'everyone';
  if (principal.type === 'role-session' && namesOne(element, principal.roleArn, principal.uniqueId)) return 'role';
  if ('account' in principal && namesAccount(element, principal.account)) return 'account';
  return undefined;
}

/**
 * Whether `NotPrincipal` leaves the caller out. AWS checks the account, then the role, then the session, each by itself:
 * to be left out of a Deny a caller must be listed as each of them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function isExempt(element: PrincipalElement, principal: PolicyPrincipal, effect: 'Allow' | 'Deny'): boolean {
  const named = namedAs(element, principal);
  if (named === undefined || named === 'everyone') return named === 'everyone';
  if (effect === 'Allow') return true;
  if (principal.type === 'user') {
    return named === 'itself' && namesAccount(element, principal.account);
  }
  if (principal.type === 'role-session') {
    return (
      named === 'itself' &&
      namesOne(element, principal.roleArn, principal.uniqueId) &&
      namesAccount(element, principal.account)
    );
  }
  return true;
}

function namesOne({ aws }: PrincipalElement, arn: string, uniqueId: string | undefined): boolean {
  return aws.includes(arn) || (uniqueId !== undefined && aws.includes(uniqueId));
}

function namesAccount({ aws }: PrincipalElement, account: string): boolean {
  return aws.some((name) => name === account || (name.endsWith(':root') && name.split(':')[4] === account));
}
