/** The policy of a key. It has one, named `default`, and without its leave nobody gets at the key. */
import { evaluate } from '../../../aws/policy/evaluate.ts';
import type { NamedPolicy, PolicyPrincipal } from '../../../aws/policy/request.ts';
import { policyPrincipal } from '../../core/authorize.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation } from '../../core/service.ts';
import { bindPrincipals, principalExists, renderBound } from '../iam/trust-principals.ts';
import { defaultKeyPolicy, parseKeyPolicy } from './build.ts';
import { keyOf, optionalText, refuseAlias, requiredText } from './input.ts';

export function defaultOr(call: Call, text: string | undefined): string {
  return text ?? defaultKeyPolicy(call.world, call.account);
}

export const getKeyPolicy: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    const key = keyOf(call, input, { action: 'kms:GetKeyPolicy' });
    requireDefault(optionalText(input, 'PolicyName'));
    return { Policy: renderBound(call.world, key.policy), PolicyName: 'default' };
  },
};

export const putKeyPolicy: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    const bypass = input.BypassPolicyLockoutSafetyCheck === true;
    const key = keyOf(call, input, {
      action: 'kms:PutKeyPolicy',
      context: new Map([['kms:bypasspolicylockoutsafetycheck', [String(bypass)]]]),
    });
    requireDefault(optionalText(input, 'PolicyName'));
    const policy = parseKeyPolicy(key.arn, requiredText(input, 'Policy'));
    checkPrincipals(call, policy.parsed);
    if (!bypass) checkLockout(call, policy.parsed, key.arn);
    key.policy = bindPrincipals(call.world, policy, (text) => parseKeyPolicy(key.arn, text));
    return undefined;
  },
};

export const listKeyPolicies: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    keyOf(call, input, { action: 'kms:ListKeyPolicies' });
    return { PolicyNames: ['default'], Truncated: false };
  },
};

function requireDefault(name: string | undefined): void {
  if (name !== undefined && name !== 'default') {
    throw new AwsError('NotFoundException', `No such policy exists: ${name}`);
  }
}

/** Every principal must be there. Throws AwsError. */
export function checkPrincipals(call: Call, { policy }: NamedPolicy): void {
  const unknown = policy.statements.some(({ principal }) =>
    principal?.aws.some((value) => !principalExists(call.world, value)),
  );
  if (!unknown) return;
  throw new AwsError(
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
  );
}

/**
 * "The new key policy will not allow you to update the key policy in the future": the caller, or its account, must keep
 * `kms:PutKeyPolicy` (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html). Throws AwsError.
 */
export function checkLockout(call: Call, policy: NamedPolicy, arn: string): void {
  const { caller } = call;
  const root: PolicyPrincipal = {
    type: 'root',
    account: call.account,
    arn: `arn:${call.world.partition}:iam::${call.account}:root`,
  };
  const kept = [policyPrincipal(caller), root].some(
    (principal) =>
      evaluate(
        {
          principal,
          action: 'kms:PutKeyPolicy',
          resource: arn,
          resourceAccount: call.account,
          context: new Map([
            ['kms:calleraccount', [call.account]],
            ['aws:principalaccount', [call.account]],
            ['aws:principalarn', ['arn' in principal ? principal.arn : '']],
          ]),
        },
        { identity: [], resource: policy, resourcePolicy: 'required' },
      ).allowed,
  );
  if (kept) return;
  throw new AwsError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  );
}
