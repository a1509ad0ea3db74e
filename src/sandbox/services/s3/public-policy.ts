/**
 * When S3 calls a bucket policy public
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status):
 * an Allow for everyone that no condition binds to fixed values of certain keys. Deny statements do not count.
 */
import type { Condition, Policy, Statement } from '../../../aws/policy/document.ts';

export function isPublicPolicy(policy: Policy): boolean {
  return policy.statements.some(isPublicStatement);
}

function isPublicStatement(statement: Statement): boolean {
  if (statement.effect !== 'Allow' || statement.principal === undefined) return false;
  const everyone = statement.principal.any || statement.principal.negated;
  return everyone && !statement.conditions.some(binds);
}

const bindingKeys = new Set([
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  'aws:principalorgid',
  'aws:principalaccount',
  'aws:principalarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
]);

const positiveOperators = new Set(['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike']);

function binds(condition: Condition): boolean {
  // `IfExists` and `ForAllValues` hold for requests without the key.
  if (condition.ifExists || condition.quantifier === 'ForAllValues') return false;
  const key = condition.key.toLowerCase();
  if (key === 'aws:sourceip') return condition.operator === 'IpAddress' && condition.values.every(isNarrow);
  if (!bindingKeys.has(key) || !positiveOperators.has(condition.operator)) return false;
  return condition.values.every((value) => isFixed(key, value));
}

function isFixed(key: string, value: string): boolean {
  // An access point may vary while its account is fixed.
  if (key === 's3:dataaccesspointarn') return /^arn:[^:*?$]+:s3:[^:]*:\d{12}:/.test(value);
  return !/[*?]|\$\{/.test(value);
}

/** Ranges wider than IPv4 /8 or IPv6 /32 are the public. */
function isNarrow(range: string): boolean {
  const [address = '', bits] = range.split('/');
  const six = address.includes(':');
  return bits === undefined || Number(bits) >= (six ? 32 : 8);
}
