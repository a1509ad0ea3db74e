/** How long documents may be; white space does not count (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
import { limitExceeded } from './operation.ts';
import type { PolicyHolder } from './state.ts';

export function policySize(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}

export function checkManagedPolicySize(text: string): void {
  if (policySize(text) > 6144) throw limitExceeded('Cannot exceed quota for PolicySize: 6144');
}

/** A quota that AWS raises to 4,096 on request; the sandbox has the default. */
export function checkTrustPolicySize(text: string): void {
  if (policySize(text) > 2048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
}

/** All inline policies of a holder together. */
export function checkInlineSize(holder: PolicyHolder, kind: 'user' | 'role', name: string, text: string): void {
  const maximum = kind === 'user' ? 2048 : 10_240;
  let size = policySize(text);
  for (const [other, policy] of holder.inline) if (other !== name) size += policySize(policy.text);
  if (size > maximum)
    throw limitExceeded(`Maximum policy size of ${maximum} bytes exceeded for ${kind} ${holder.name}`);
}
