/** Policy documents as IAM takes them: refused as AWS does when they do not read. */
import type { PolicyKind } from '../../../aws/policy/document.ts';
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { PolicyText } from './state.ts';

/** `name` is what explanations call it: an ARN, or `inline:<name>`. Throws the AwsError that AWS answers with. */
export function readPolicy(name: string, text: string, kind: PolicyKind): PolicyText {
  const result = parsePolicy(text, kind);
  if (!result.ok) {
    const problem = result.problems[0];
    const code = problem?.code ?? 'MalformedPolicyDocument';
    throw new AwsError(code, problem?.message ?? 'Syntax errors in policy.', code === 'LimitExceeded' ? 409 : 400);
  }
  return { text, parsed: { name, policy: result.policy } };
}
