/**
 * What AWS answers when it refuses a policy document: the code of the service that takes this kind of document, and the
 * sentence it is known to use. Sentences were taken from answers that people reported and from moto's validator, which was
 * written against the real IAM; where a service's own sentence is not known, IAM's is used.
 */
import type { PolicyKind, PolicyProblem } from './document.ts';

export type Refusal =
  | 'not-json'
  | 'syntax'
  | 'version'
  | 'sid-not-unique'
  | 'sid-not-alphanumeric'
  | 'principal-missing'
  | 'principal-prohibited'
  | 'resource-missing'
  | 'resource-prohibited'
  | 'action-missing'
  | 'action-without-vendor'
  | 'action-colons'
  | 'trust-action'
  | 'legacy';

const codes: Readonly<Record<PolicyKind, string>> = {
  identity: 'MalformedPolicyDocument',
  'inline-user': 'MalformedPolicyDocument',
  'inline-role': 'MalformedPolicyDocument',
  'inline-permission-set': 'ValidationException',
  boundary: 'MalformedPolicyDocument',
  session: 'MalformedPolicyDocument',
  trust: 'MalformedPolicyDocument',
  scp: 'MalformedPolicyDocumentException',
  rcp: 'MalformedPolicyDocumentException',
  bucket: 'MalformedPolicy',
  key: 'MalformedPolicyDocumentException',
  table: 'ValidationException',
};

const sentences: Readonly<Record<Refusal, string>> = {
  'not-json': 'Syntax errors in policy.',
  syntax: 'Syntax errors in policy.',
  version: 'Policy document must be version 2012-10-17 or greater.',
  'sid-not-unique': 'Statement IDs (SID) in a single policy must be unique.',
  'sid-not-alphanumeric':
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  'principal-missing': 'Missing required field Principal',
  'principal-prohibited': 'Policy document should not specify a principal.',
  'resource-missing': 'Policy statement must contain resources.',
  'resource-prohibited': 'Has prohibited field Resource',
  'action-missing': 'Policy statement must contain actions.',
  'action-without-vendor': 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  'action-colons': 'Actions/Condition can contain only one colon.',
  'trust-action': 'AssumeRole policy may only specify STS AssumeRole actions.',
  legacy: 'The policy failed legacy parsing',
};

/** Where a service words it differently from IAM. */
const own: Partial<Readonly<Record<PolicyKind, Partial<Readonly<Record<Refusal, string>>>>>> = {
  trust: { 'not-json': 'This policy contains invalid Json' },
  bucket: {
    'not-json': 'This policy contains invalid Json',
    'action-missing': 'Missing required field Action',
    'action-without-vendor': 'Policy has invalid action',
    'action-colons': 'Policy has invalid action',
    'resource-missing': 'Missing required field Resource',
    'sid-not-unique': 'Statement ids must be unique.',
  },
};

export function refuse(kind: PolicyKind, refusal: Refusal, path: string): PolicyProblem {
  return { code: codes[kind], message: own[kind]?.[refusal] ?? sentences[refusal], path };
}

/** A refusal whose sentence names what was refused. */
export function refuseWith(kind: PolicyKind, message: string, path: string): PolicyProblem {
  return { code: codes[kind], message, path };
}

/** S3 and KMS don't say which principal they refuse; IAM does, with the type in capitals. */
export function refusePrincipal(kind: PolicyKind, type: string, value: string, path: string): PolicyProblem {
  if (kind === 'bucket') return refuseWith(kind, 'Invalid principal in policy', path);
  if (kind === 'key') {
    return refuseWith(kind, 'Policy contains a statement with one or more invalid principals.', path);
  }
  return refuseWith(kind, `Invalid principal in policy: "${type.toUpperCase()}":"${value}"`, path);
}
