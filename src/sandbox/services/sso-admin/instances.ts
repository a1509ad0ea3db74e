/** The instance, and the attributes for access control that it makes session tags of. */
import type { Output } from '../../core/service.ts';
import { administrationOf } from '../identity-center/administration.ts';
import { type AdminCall, type AdminEntry, adminOperation, conflict, invalid, notFound } from './admin-call.ts';

function describe({ world }: AdminCall): Readonly<Record<string, unknown>> {
  const { instanceArn, identityStoreId, ownerAccount, name } = world.identityCenter;
  const created = world.organizations.accounts.get(ownerAccount)?.joinedAt;
  return {
    InstanceArn: instanceArn,
    IdentityStoreId: identityStoreId,
    OwnerAccountId: ownerAccount,
    ...(name === undefined ? {} : { Name: name }),
    ...(created === undefined ? {} : { CreatedDate: new Date(created) }),
    Status: 'ACTIVE',
  };
}

/** Another account or region has no instance: it is told of none, not refused. */
function listInstances(admin: AdminCall): Output {
  const { call, world, input } = admin;
  call.authorize({ action: 'sso:ListInstances', resource: '*' });
  const here = administrationOf(world, call.account) !== 'none' && call.region === world.identityCenter.region;
  const page = input.page(here ? [describe(admin)] : []);
  return { Instances: page.items, NextToken: page.nextToken };
}

function describeInstance(admin: AdminCall): Output {
  admin.instance();
  admin.authorize();
  return {
    ...describe(admin),
    EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' },
  };
}

function updateInstance(admin: AdminCall): Output {
  admin.instance();
  admin.authorize();
  if (admin.input.has('EncryptionConfiguration')) {
    throw invalid('The sandbox does not model customer managed keys of Identity Center.');
  }
  admin.world.identityCenter.name = admin.input.optionalString('Name', { max: 255, pattern: /[\w+=,.@-]*/ });
  return {};
}

function readAttributes({ input }: AdminCall): ReadonlyMap<string, readonly string[]> {
  const list = input.struct('InstanceAccessControlAttributeConfiguration').structs('AccessControlAttributes', 0, 50);
  return new Map(
    list.map((attribute) => [
      attribute.string('Key', { min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u }),
      attribute.struct('Value').strings('Source', 1, 1, { max: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@[\]{}$\\"]*/u }),
    ]),
  );
}

function createAttributes(admin: AdminCall): Output {
  admin.instance();
  admin.authorize();
  const attributes = readAttributes(admin);
  const { identityCenter } = admin.world;
  if (identityCenter.accessControlAttributes !== undefined) {
    throw conflict('The instance has attributes for access control already.');
  }
  identityCenter.accessControlAttributes = attributes;
  return {};
}

function existingAttributes(admin: AdminCall): ReadonlyMap<string, readonly string[]> {
  admin.instance();
  admin.authorize();
  const { accessControlAttributes } = admin.world.identityCenter;
  if (accessControlAttributes === undefined) throw notFound('The instance has no attributes for access control.');
  return accessControlAttributes;
}

function describeAttributes(admin: AdminCall): Output {
  const attributes = [...existingAttributes(admin)];
  return {
    Status: 'ENABLED',
    InstanceAccessControlAttributeConfiguration: {
      AccessControlAttributes: attributes.map(([Key, Source]) => ({ Key, Value: { Source } })),
    },
  };
}

function updateAttributes(admin: AdminCall): Output {
  existingAttributes(admin);
  admin.world.identityCenter.accessControlAttributes = readAttributes(admin);
  return {};
}

function deleteAttributes(admin: AdminCall): Output {
  existingAttributes(admin);
  admin.world.identityCenter.accessControlAttributes = undefined;
  return {};
}

export const instanceOperations: readonly AdminEntry[] = [
  adminOperation('ListInstances', 'read', listInstances),
  adminOperation('DescribeInstance', 'read', describeInstance),
  adminOperation('UpdateInstance', 'write', updateInstance),
  adminOperation('CreateInstanceAccessControlAttributeConfiguration', 'write', createAttributes),
  adminOperation('DescribeInstanceAccessControlAttributeConfiguration', 'read', describeAttributes),
  adminOperation('UpdateInstanceAccessControlAttributeConfiguration', 'write', updateAttributes),
  adminOperation('DeleteInstanceAccessControlAttributeConfiguration', 'write', deleteAttributes),
];
