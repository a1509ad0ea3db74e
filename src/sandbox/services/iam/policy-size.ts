/** How long documents may be, all the inline policies of a holder counted together. */
import type { PolicyKind } from '../../../aws/policy/document.ts';
import { checkPolicyLimits, type PolicyLimitOptions } from '../../../aws/policy/limits.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { PolicyHolder } from './state.ts';

/** Throws what IAM answers to a document that is too long. The quotas are AWS's defaults, none is raised. */
export function checkPolicySize(text: string, kind: PolicyKind, options?: PolicyLimitOptions): void {
  const [problem] = checkPolicyLimits(text, kind, options);
  if (problem !== undefined) throw new AwsError(problem.code, problem.message, 409);
}

export function checkInlineSize(holder: PolicyHolder, kind: 'user' | 'role', name: string, text: string): void {
  const others = [...holder.inline].filter(([other]) => other !== name).map(([, policy]) => policy.text);
  checkPolicySize(text, `inline-${kind}`, { owner: holder.name, others });
}
