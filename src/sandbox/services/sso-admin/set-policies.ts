/** What a permission set allows: inline policy, managed policies, references to customer managed ones, the boundary. */
import { parsePolicy } from '../../../aws/policy/parse.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { ModelInput, StringRules } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import type { PermissionSet } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, conflict, invalid, notFound } from './admin-call.ts';

/** Managed and customer managed together. https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
const policiesPerSet = 20;
/** Characters of the inline policy that are no white space. */
const inlinePolicyCharacters = 10_240;

const managedArnRules: StringRules = {
  min: 20,
  max: 2048,
  pattern: /arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((\/[A-Za-z0-9.,+@=_-]+)*)\/([A-Za-z0-9.,+=@_-]+)/,
};
const policyNameRules: StringRules = { min: 1, max: 128, pattern: /[\w+=,.@-]+/ };
const policyPathRules: StringRules = { min: 1, max: 512, pattern: /((\/[A-Za-z0-9.,+@=_-]+)*)\// };

/** An edit: it reaches accounts when the set is provisioned again. */
function edit(admin: AdminCall, change: (set: PermissionSet) => void): Output {
  const set = admin.permissionSet('write');
  change(set);
  set.revision += 1;
  return {};
}

function putInlinePolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const text = admin.input.string('InlinePolicy', { min: 1, max: 32_768, pattern: /[\t\n\r -\u00FF]+/ });
    if (text.replace(/\s/g, '').length > inlinePolicyCharacters) {
      throw quota(`The inline policy has more than ${inlinePolicyCharacters} characters without white space.`);
    }
    const result = parsePolicy(text, 'inline-permission-set');
    if (!result.ok) throw invalid(result.problems[0]?.message ?? 'The inline policy is not valid.');
    set.inlinePolicy = text;
  });
}

function getInlinePolicy(admin: AdminCall): Output {
  return { InlinePolicy: admin.permissionSet('read').inlinePolicy ?? '' };
}

function deleteInlinePolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    set.inlinePolicy = undefined;
  });
}

function attachManagedPolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const arn = admin.input.string('ManagedPolicyArn', managedArnRules);
    if (set.managedPolicies.some((policy) => policy.arn === arn)) {
      throw conflict(`Policy ${arn} is attached to the permission set already.`);
    }
    checkPolicyCount(set);
    set.managedPolicies = [...set.managedPolicies, { arn, name: arn.slice(arn.lastIndexOf('/') + 1) }];
  });
}

function listManagedPolicies(admin: AdminCall): Output {
  const { managedPolicies } = admin.permissionSet('read');
  const page = admin.input.page(managedPolicies.map(({ arn, name }) => ({ Name: name, Arn: arn })));
  return { AttachedManagedPolicies: page.items, NextToken: page.nextToken };
}

function detachManagedPolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const arn = admin.input.string('ManagedPolicyArn', managedArnRules);
    const left = set.managedPolicies.filter((policy) => policy.arn !== arn);
    if (left.length === set.managedPolicies.length)
      throw notFound(`Policy ${arn} is not attached to the permission set.`);
    set.managedPolicies = left;
  });
}

function attachCustomerManagedPolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const reference = readReference(admin.input.struct('CustomerManagedPolicyReference'));
    if (set.customerManagedPolicies.some((known) => sameReference(known, reference))) {
      throw conflict(`Policy ${reference.path}${reference.name} is attached to the permission set already.`);
    }
    checkPolicyCount(set);
    set.customerManagedPolicies = [...set.customerManagedPolicies, reference];
  });
}

function listCustomerManagedPolicies(admin: AdminCall): Output {
  const { customerManagedPolicies } = admin.permissionSet('read');
  const page = admin.input.page(customerManagedPolicies.map(({ name, path }) => ({ Name: name, Path: path })));
  return { CustomerManagedPolicyReferences: page.items, NextToken: page.nextToken };
}

function detachCustomerManagedPolicy(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const reference = readReference(admin.input.struct('CustomerManagedPolicyReference'));
    const left = set.customerManagedPolicies.filter((known) => !sameReference(known, reference));
    if (left.length === set.customerManagedPolicies.length) {
      throw notFound(`Policy ${reference.path}${reference.name} is not attached to the permission set.`);
    }
    set.customerManagedPolicies = left;
  });
}

function putBoundary(admin: AdminCall): Output {
  return edit(admin, (set) => {
    const boundary = admin.input.struct('PermissionsBoundary');
    const reference = boundary.optionalStruct('CustomerManagedPolicyReference');
    const managedPolicyArn = boundary.optionalString('ManagedPolicyArn', managedArnRules);
    if ((reference === undefined) === (managedPolicyArn === undefined)) {
      throw invalid('PermissionsBoundary takes either ManagedPolicyArn or CustomerManagedPolicyReference.');
    }
    set.boundary =
      reference === undefined
        ? { managedPolicyArn: managedPolicyArn as string }
        : { customerManaged: readReference(reference) };
  });
}

function getBoundary(admin: AdminCall): Output {
  const { boundary } = admin.permissionSet('read');
  if (boundary === undefined) throw notFound('The permission set has no permissions boundary.');
  if ('managedPolicyArn' in boundary) return { PermissionsBoundary: { ManagedPolicyArn: boundary.managedPolicyArn } };
  const { name, path } = boundary.customerManaged;
  return { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: name, Path: path } } };
}

function deleteBoundary(admin: AdminCall): Output {
  return edit(admin, (set) => {
    if (set.boundary === undefined) throw notFound('The permission set has no permissions boundary.');
    set.boundary = undefined;
  });
}

export const setPolicyOperations: readonly AdminEntry[] = [
  adminOperation('PutInlinePolicyToPermissionSet', 'write', putInlinePolicy),
  adminOperation('GetInlinePolicyForPermissionSet', 'read', getInlinePolicy),
  adminOperation('DeleteInlinePolicyFromPermissionSet', 'write', deleteInlinePolicy),
  adminOperation('AttachManagedPolicyToPermissionSet', 'write', attachManagedPolicy),
  adminOperation('ListManagedPoliciesInPermissionSet', 'read', listManagedPolicies),
  adminOperation('DetachManagedPolicyFromPermissionSet', 'write', detachManagedPolicy),
  adminOperation('AttachCustomerManagedPolicyReferenceToPermissionSet', 'write', attachCustomerManagedPolicy),
  adminOperation('ListCustomerManagedPolicyReferencesInPermissionSet', 'read', listCustomerManagedPolicies),
  adminOperation('DetachCustomerManagedPolicyReferenceFromPermissionSet', 'write', detachCustomerManagedPolicy),
  adminOperation('PutPermissionsBoundaryToPermissionSet', 'write', putBoundary),
  adminOperation('GetPermissionsBoundaryForPermissionSet', 'read', getBoundary),
  adminOperation('DeletePermissionsBoundaryFromPermissionSet', 'write', deleteBoundary),
];

interface PolicyReference {
  readonly name: string;
  readonly path: string;
}

function readReference(input: ModelInput): PolicyReference {
  return {
    name: input.string('Name', policyNameRules),
    path: input.optionalString('Path', policyPathRules) ?? '/',
  };
}

function sameReference(a: PolicyReference, b: PolicyReference): boolean {
  return a.name === b.name && a.path === b.path;
}

function checkPolicyCount(set: PermissionSet): void {
  if (set.managedPolicies.length + set.customerManagedPolicies.length >= policiesPerSet) {
    throw quota(`A permission set can have ${policiesPerSet} managed policies.`);
  }
}

function quota(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, 400);
}
