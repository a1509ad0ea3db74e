/**
 * How long a policy document may be, by the service that takes it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
 */
import { Buffer } from 'node:buffer';
import type { PolicyKind, PolicyProblem } from './document.ts';

export interface PolicyLimitOptions {
  /** The quota for trust policies was raised to 4,096. */
  readonly raised?: boolean;
  /** Name of the user or role, for the sentence. */
  readonly owner?: string;
  /** The other inline policies of the user or role: they share the limit. */
  readonly others?: readonly string[];
}

interface Limit {
  readonly most: number;
  /** `characters`: those that are not white space, as IAM counts; `bytes`: all, as UTF-8. */
  readonly unit: 'characters' | 'bytes';
  readonly code: string;
  readonly message: (most: number, owner: string) => string;
}

const managed: Limit = {
  most: 6144,
  unit: 'characters',
  code: 'LimitExceeded',
  message: (most) => `Cannot exceed quota for PolicySize: ${most}`,
};

const limits: Readonly<Record<PolicyKind, Limit>> = {
  identity: managed,
  boundary: managed,
  'inline-user': {
    most: 2048,
    unit: 'characters',
    code: 'LimitExceeded',
    message: (most, owner) => `Maximum policy size of ${most} bytes exceeded for user ${owner}`,
  },
  'inline-role': {
    most: 10_240,
    unit: 'characters',
    code: 'LimitExceeded',
    message: (most, owner) => `Maximum policy size of ${most} bytes exceeded for role ${owner}`,
  },
  'inline-permission-set': {
    most: 10_240,
    unit: 'characters',
    code: 'ServiceQuotaExceededException',
    message: (most) => `The inline policy exceeds the maximum size of ${most} characters`,
  },
  trust: {
    most: 2048,
    unit: 'characters',
    code: 'LimitExceeded',
    message: (most) => `Cannot exceed quota for ACLSizePerRole: ${most}`,
  },
  session: {
    most: 2048,
    unit: 'bytes',
    code: 'ValidationError',
    message: (most) =>
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  },
  scp: {
    most: 5120,
    unit: 'bytes',
    code: 'ConstraintViolationException',
    message: () => 'You have exceeded the maximum policy size.',
  },
  rcp: {
    most: 5120,
    unit: 'bytes',
    code: 'ConstraintViolationException',
    message: () => 'You have exceeded the maximum policy size.',
  },
  bucket: {
    most: 20_480,
    unit: 'bytes',
    code: 'PolicyTooLarge',
    message: () => 'Policy exceeds the maximum allowed document size.',
  },
  key: {
    most: 32_768,
    unit: 'bytes',
    code: 'LimitExceededException',
    message: (most) => `The key policy exceeds the maximum of ${most} bytes.`,
  },
  table: {
    most: 20_480,
    unit: 'bytes',
    code: 'LimitExceededException',
    message: (most) => `Resource-based policy exceeds the maximum of ${most} bytes.`,
  },
};

/** Nothing, or the one refusal of a document that is too long. Works on any text, whether it parses or not. */
export function checkPolicyLimits(
  text: string,
  kind: PolicyKind,
  { raised = false, owner = '', others = [] }: PolicyLimitOptions = {},
): readonly PolicyProblem[] {
  const { unit, code, message, ...limit } = limits[kind];
  const most = kind === 'trust' && raised ? 4096 : limit.most;
  const size = [text, ...others].reduce((sum, each) => sum + sizeOf(each, unit), 0);
  return size <= most ? [] : [{ code, message: message(most, owner), path: '' }];
}

/** How long a document is, and how long its kind may be, both in the unit in which AWS counts it. */
export function measurePolicy(
  text: string,
  kind: PolicyKind,
): { readonly size: number; readonly most: number; readonly unit: 'characters' | 'bytes' } {
  const { most, unit } = limits[kind];
  return { size: sizeOf(text, unit), most, unit };
}

function sizeOf(text: string, unit: Limit['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.replace(/\s/g, '').length;
}
