/** Service and resource control policies: made, attached, and switched on and off for the organisation. */
import { AwsError } from '../../core/aws-error.ts';
import type { Output } from '../../core/service.ts';
import {
  attachPolicy as attach,
  createPolicy as build,
  disablePolicyType as disable,
  enablePolicyType as enable,
  parsedPolicy,
} from './build.ts';
import { arnOf, type OrgCall, type OrgEntry, orgOperation, refusal } from './org-call.ts';
import type { OrganizationPolicy, OrganizationPolicyType } from './state.ts';
import { readTags } from './tags.ts';
import { rootShape } from './tree.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const policyCharacters = 5120;
const policiesPerTarget = 5;

const modelled: readonly OrganizationPolicyType[] = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'];

function enablePolicyType(org: OrgCall): Output {
  const type = switched(org);
  if (org.organization.enabledPolicyTypes.has(type)) {
    throw refusal('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.');
  }
  enable(org.world, type);
  return { Root: rootShape(org) };
}

function disablePolicyType(org: OrgCall): Output {
  const type = switched(org);
  requireEnabled(org, type);
  disable(org.world, type);
  return { Root: rootShape(org) };
}

function createPolicy(org: OrgCall): Output {
  const { input, world } = org;
  org.enter('write');
  const name = input.string('Name', { min: 1, max: 128 });
  const description = input.string('Description', { max: 512 });
  const type = readType(org, 'Type');
  const text = readContent(org, name, type);
  const tags = input.has('Tags') ? readTags(org) : [];
  refuseTakenName(org, name, type, undefined);
  const policy = build(world, { name, description, type, text });
  policy.tags = tags;
  return { Policy: policyShape(policy) };
}

function describePolicy(org: OrgCall): Output {
  return { Policy: policyShape(named(org, 'read')) };
}

function updatePolicy(org: OrgCall): Output {
  const { input } = org;
  const policy = named(org, 'write');
  refuseManaged(policy);
  const name = input.optionalString('Name', { min: 1, max: 128 }) ?? policy.name;
  const description = input.optionalString('Description', { max: 512 });
  refuseTakenName(org, name, policy.type, policy.id);
  const text = input.has('Content') ? readContent(org, name, policy.type) : policy.text;
  Object.assign(policy, parsedPolicy(name, text, policy.type));
  policy.name = name;
  if (description !== undefined) policy.description = description;
  return { Policy: policyShape(policy) };
}

function deletePolicy(org: OrgCall): Output {
  const policy = named(org, 'write');
  refuseManaged(policy);
  if ([...org.organization.attachments.values()].some((ids) => ids.includes(policy.id))) {
    throw refusal('PolicyInUseException', 'The policy is attached to one or more entities.');
  }
  org.organization.policies.delete(policy.id);
  return undefined;
}

function listPolicies(org: OrgCall): Output {
  org.enter('read');
  const type = readType(org, 'Filter');
  return policyPage(
    org,
    [...org.organization.policies.values()].filter((policy) => policy.type === type),
  );
}

function attachPolicy(org: OrgCall): Output {
  const { policy, target, attached } = attachment(org);
  requireEnabled(org, policy.type);
  if (attached.includes(policy.id)) {
    throw refusal('DuplicatePolicyAttachmentException', 'The specified policy is already attached.');
  }
  if (ofType(org, attached, policy.type).length >= policiesPerTarget) {
    throw refusal(
      'ConstraintViolationException',
      `A target can have ${policiesPerTarget} policies of a type.`,
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    );
  }
  attach(org.world, policy.id, target);
  return undefined;
}

/** The last service control policy of a target stays: without one, the accounts below could do nothing at all. */
function detachPolicy(org: OrgCall): Output {
  const { policy, target, attached } = attachment(org);
  if (!attached.includes(policy.id)) {
    throw refusal('PolicyNotAttachedException', 'The specified policy is not attached to the specified target.');
  }
  if (policy.id === 'p-RCPFullAWSAccess') {
    throw refusal('InvalidInputException', 'RCPFullAWSAccess cannot be detached.', 'NON_DETACHABLE_POLICY');
  }
  if (policy.type === 'SERVICE_CONTROL_POLICY' && ofType(org, attached, policy.type).length === 1) {
    throw refusal(
      'ConstraintViolationException',
      'You cannot remove the last policy attached to the specified target.',
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    );
  }
  org.organization.attachments.set(
    target,
    attached.filter((id) => id !== policy.id),
  );
  return undefined;
}

function listPoliciesForTarget(org: OrgCall): Output {
  const target = readTarget(org, 'read');
  const type = readType(org, 'Filter');
  const ids = ofType(org, org.organization.attachments.get(target) ?? [], type);
  return policyPage(
    org,
    ids.map((id) => org.policy(id)),
  );
}

function listTargetsForPolicy(org: OrgCall): Output {
  const { organization, world, input } = org;
  const policy = named(org, 'read');
  const targets = [...organization.attachments].filter(([, ids]) => ids.includes(policy.id)).map(([target]) => target);
  const page = input.page(targets, 20);
  return {
    Targets: page.items.map((id) => {
      const unit = organization.units.get(id);
      const type = id === organization.rootId ? 'ROOT' : unit === undefined ? 'ACCOUNT' : 'ORGANIZATIONAL_UNIT';
      const name = type === 'ROOT' ? 'Root' : (unit ?? organization.accounts.get(id))?.name;
      return { TargetId: id, Arn: arnOf(world, id), Name: name, Type: type };
    }),
    NextToken: page.nextToken,
  };
}

export const policyOperations: readonly OrgEntry[] = [
  orgOperation('EnablePolicyType', 'write', enablePolicyType),
  orgOperation('DisablePolicyType', 'write', disablePolicyType),
  orgOperation('CreatePolicy', 'write', createPolicy),
  orgOperation('DescribePolicy', 'read', describePolicy),
  orgOperation('UpdatePolicy', 'write', updatePolicy),
  orgOperation('DeletePolicy', 'write', deletePolicy),
  orgOperation('ListPolicies', 'read', listPolicies),
  orgOperation('AttachPolicy', 'write', attachPolicy),
  orgOperation('DetachPolicy', 'write', detachPolicy),
  orgOperation('ListPoliciesForTarget', 'read', listPoliciesForTarget),
  orgOperation('ListTargetsForPolicy', 'read', listTargetsForPolicy),
];

function switched(org: OrgCall): OrganizationPolicyType {
  const root = org.input.string('RootId');
  org.enter('write', arnOf(org.world, root));
  if (root !== org.organization.rootId) {
    throw refusal('RootNotFoundException', "We can't find a root with the id you specified.");
  }
  return readType(org, 'PolicyType');
}

/** The other types of AWS say nothing about who may do what; the sandbox has none of them. */
function readType(org: OrgCall, member: string): OrganizationPolicyType {
  const type = org.input.string(member);
  const known = modelled.find((candidate) => candidate === type);
  if (known === undefined) {
    throw refusal(
      'PolicyTypeNotAvailableForOrganizationException',
      `The sandbox models ${modelled.join(' and ')}, not ${type}.`,
    );
  }
  return known;
}

function readContent(org: OrgCall, name: string, type: OrganizationPolicyType): string {
  const text = org.input.string('Content', { min: 1 });
  if (text.length > policyCharacters) {
    throw refusal(
      'ConstraintViolationException',
      `You have exceeded the maximum policy size of ${policyCharacters} characters.`,
      'POLICY_CONTENT_LIMIT_EXCEEDED',
    );
  }
  try {
    parsedPolicy(name, text, type);
  } catch (problem) {
    if (!(problem instanceof AwsError)) throw problem;
    throw refusal('MalformedPolicyDocumentException', problem.message);
  }
  return text;
}

function attachment(org: OrgCall): {
  readonly policy: OrganizationPolicy;
  readonly target: string;
  readonly attached: readonly string[];
} {
  const policy = named(org, 'write');
  const target = readTarget(org, 'write');
  return { policy, target, attached: org.organization.attachments.get(target) ?? [] };
}

function readTarget(org: OrgCall, access: 'read' | 'write'): string {
  const { rootId, units, accounts } = org.organization;
  const target = org.input.string('TargetId');
  org.enter(access, arnOf(org.world, target));
  if (target !== rootId && !units.has(target) && !accounts.has(target)) {
    throw refusal('TargetNotFoundException', "We can't find a root, OU, account, or policy with the id you specified.");
  }
  return target;
}

function named(org: OrgCall, access: 'read' | 'write'): OrganizationPolicy {
  const id = org.input.string('PolicyId', { pattern: /p-[0-9a-zA-Z_]{8,128}/ });
  org.enter(access, arnOf(org.world, id));
  return org.policy(id);
}

function ofType({ organization }: OrgCall, ids: readonly string[], type: OrganizationPolicyType): readonly string[] {
  return ids.filter((id) => organization.policies.get(id)?.type === type);
}

function requireEnabled({ organization }: OrgCall, type: OrganizationPolicyType): void {
  if (!organization.enabledPolicyTypes.has(type)) {
    throw refusal('PolicyTypeNotEnabledException', 'The specified policy type is not enabled.');
  }
}

function refuseManaged({ awsManaged }: OrganizationPolicy): void {
  if (awsManaged) {
    throw refusal('InvalidInputException', 'You specified a policy that AWS manages.', 'IMMUTABLE_POLICY');
  }
}

function refuseTakenName(
  { organization }: OrgCall,
  name: string,
  type: OrganizationPolicyType,
  except: string | undefined,
): void {
  const taken = [...organization.policies.values()].some(
    (policy) => policy.name === name && policy.type === type && policy.id !== except,
  );
  if (taken) throw refusal('DuplicatePolicyException', 'A policy with the same name already exists.');
}

function policyPage(org: OrgCall, policies: readonly OrganizationPolicy[]): Output {
  const page = org.input.page(policies.map(summary), 20);
  return { Policies: page.items, NextToken: page.nextToken };
}

function policyShape(policy: OrganizationPolicy): Readonly<Record<string, unknown>> {
  return { PolicySummary: summary(policy), Content: policy.text };
}

function summary({
  id,
  arn,
  name,
  description,
  type,
  awsManaged,
}: OrganizationPolicy): Readonly<Record<string, unknown>> {
  return { Id: id, Arn: arn, Name: name, Description: description, Type: type, AwsManaged: awsManaged };
}
