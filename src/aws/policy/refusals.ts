/**
 * What AWS answers when it refuses a policy document: the code of the service that takes this kind of document, and the
 * sentence it is known to use. The sentences were taken from answers that people reported, and from the validators of moto
 * and versitygw, which were written against the real IAM and S3; where a service's own is not known, IAM's is used.
 */
import type { PolicyKind, PolicyProblem } from './document.ts';

export type Refusal = keyof typeof sentences;

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

const sentences = {
  'not-json': 'Syntax errors in policy.',
  syntax: 'Syntax errors in policy.',
  'no-statement': 'Syntax errors in policy.',
  'version-unknown': 'Syntax errors in policy.',
  'version-old': 'Policy document must be version 2012-10-17 or greater.',
  'effect-missing': 'Syntax errors in policy.',
  'sid-not-unique': 'Statement IDs (SID) in a single policy must be unique.',
  'sid-not-alphanumeric':
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  'principal-missing': 'Missing required field Principal',
  'principal-prohibited': 'Policy document should not specify a principal.',
  'allow-with-not-principal': 'Allow with NotPrincipal is not allowed.',
  'not-principal-prohibited': 'AssumeRole policy must not contain NotPrincipal field.',
  'resource-missing': 'Policy statement must contain resources.',
  'resource-prohibited': 'Has prohibited field Resource',
  'not-resource-prohibited': 'AssumeRole policy must not contain resources.',
  'action-missing': 'Policy statement must contain actions.',
  'action-without-vendor': 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  'action-colons': 'Actions/Condition can contain only one colon.',
  'trust-action': 'AssumeRole policy may only specify STS AssumeRole actions.',
  legacy: 'The policy failed legacy parsing',
} as const;

/** What IAM looks at first, and answers with, in a policy of an identity. Policies of resources are judged as they stand. */
export const stages = [
  'syntax',
  'version',
  'legacy',
  'sid',
  'action-there',
  'resource-form',
  'action-form',
  'resource-there',
  'rest',
] as const;
export type Stage = (typeof stages)[number];

export function stageOf(refusal: Refusal): Stage {
  switch (refusal) {
    case 'version-old':
      return 'version';
    case 'legacy':
      return 'legacy';
    case 'sid-not-unique':
      return 'sid';
    case 'action-missing':
      return 'action-there';
    case 'action-without-vendor':
    case 'action-colons':
      return 'action-form';
    case 'resource-missing':
      return 'resource-there';
    case 'sid-not-alphanumeric':
    case 'principal-prohibited':
      return 'rest';
    default:
      return 'syntax';
  }
}

type Sentences = Partial<Readonly<Record<Refusal, string>>>;

/** Policies of resources are read by another parser, which names the field. */
const ofResources: Sentences = {
  'not-json': 'This policy contains invalid Json',
  'no-statement': 'Could not parse the policy: Statement is empty!',
  'version-unknown': 'The policy must contain a valid version string',
  'effect-missing': 'Missing required field Effect',
  'sid-not-unique': 'The Statement Ids in the policy are not unique',
  'action-missing': 'Missing required field Action',
  'resource-missing': 'Missing required field Resource',
};

const ofBuckets: Sentences = {
  ...ofResources,
  'action-without-vendor': 'Policy has invalid action',
  'action-colons': 'Policy has invalid action',
};

const organizations = 'The provided policy document does not meet the requirements of the specified policy type.';

const own: Partial<Readonly<Record<PolicyKind, Sentences>>> = {
  trust: ofResources,
  bucket: ofBuckets,
  key: ofResources,
  table: ofResources,
};

export function refuse(kind: PolicyKind, refusal: Refusal, path: string): PolicyProblem {
  if (kind === 'scp' || kind === 'rcp') return { code: codes[kind], message: organizations, path };
  return { code: codes[kind], message: own[kind]?.[refusal] ?? sentences[refusal], path };
}

/** A refusal whose sentence names what was refused. S3 and Organizations keep to their own. */
export function refuseWith(kind: PolicyKind, message: string, path: string): PolicyProblem {
  if (kind === 'scp' || kind === 'rcp') return { code: codes[kind], message: organizations, path };
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

/** S3 says no more than that. */
export function refuseResource(kind: PolicyKind, message: string, path: string): PolicyProblem {
  return refuseWith(kind, kind === 'bucket' ? 'Policy has invalid resource' : message, path);
}
