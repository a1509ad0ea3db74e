/** Permission sets themselves: made, read, changed, deleted. What they allow is in set-policies.ts. */
import { AwsError } from '../../core/aws-error.ts';
import type { StringRules } from '../../core/model-input.ts';
import type { Output } from '../../core/service.ts';
import { createPermissionSet as build } from '../identity-center/build.ts';
import { parseDuration } from '../identity-center/duration.ts';
import { pendingFor } from '../identity-center/operations.ts';
import { findPermissionSet } from '../identity-center/permission-set.ts';
import { deprovision } from '../identity-center/provision.ts';
import type { PermissionSet } from '../identity-center/state.ts';
import { type AdminCall, type AdminEntry, adminOperation, conflict, invalid } from './admin-call.ts';
import { readTags } from './tags.ts';

/** https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
const permissionSetsPerInstance = 3500;

const nameRules: StringRules = { min: 1, max: 32, pattern: /[\w+=,.@-]+/ };
const descriptionRules: StringRules = { min: 1, max: 700, pattern: /[\t\n\r -~\u00A1-\u00FF]*/ };
const relayStateRules: StringRules = { min: 1, max: 240, pattern: /[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]+/ };

function createPermissionSet(admin: AdminCall): Output {
  const { input, world, now } = admin;
  admin.instance();
  admin.authorize();
  const name = input.string('Name', nameRules);
  const description = input.optionalString('Description', descriptionRules);
  const relayState = input.optionalString('RelayState', relayStateRules);
  const duration = readDuration(admin);
  const tags = input.has('Tags') ? readTags(input) : [];
  if (findPermissionSet(world, name) !== undefined) throw conflict(`PermissionSet with name ${name} already exists.`);
  if (world.identityCenter.permissionSets.size >= permissionSetsPerInstance) {
    throw new AwsError(
      'ServiceQuotaExceededException',
      `You have exceeded the quota of ${permissionSetsPerInstance} permission sets per instance.`,
      400,
    );
  }
  const set = build(world, {
    name,
    createdAt: now,
    tags,
    ...(description === undefined ? {} : { description }),
    ...(relayState === undefined ? {} : { relayState }),
    ...(duration === undefined ? {} : { sessionDuration: duration.seconds }),
  });
  if (duration !== undefined) set.sessionDurationText = duration.text;
  return { PermissionSet: shape(set) };
}

function describePermissionSet(admin: AdminCall): Output {
  return { PermissionSet: shape(admin.permissionSet('read')) };
}

function listPermissionSets(admin: AdminCall): Output {
  admin.instance();
  admin.authorize();
  const page = admin.input.page([...admin.world.identityCenter.permissionSets.keys()]);
  return { PermissionSets: page.items, NextToken: page.nextToken };
}

function updatePermissionSet(admin: AdminCall): Output {
  const { input } = admin;
  const set = admin.permissionSet('write');
  const duration = readDuration(admin);
  const description = input.optionalString('Description', descriptionRules);
  const relayState = input.optionalString('RelayState', relayStateRules);
  if (description !== undefined) set.description = description;
  if (duration !== undefined) {
    set.sessionDuration = duration.seconds;
    set.sessionDurationText = duration.text;
  }
  // What is not sent is cleared: hashicorp/terraform-provider-aws, internal/service/ssoadmin/permission_set.go.
  set.relayState = relayState;
  set.revision += 1;
  return {};
}

function deletePermissionSet(admin: AdminCall): Output {
  const { world } = admin;
  const set = admin.permissionSet('write');
  const assigned = [...world.identityCenter.assignments.values()].some((one) => one.permissionSetArn === set.arn);
  if (assigned || pendingFor(world, set.arn, undefined).length > 0) {
    throw conflict('PermissionSet has ApplicationProfile associated with it.');
  }
  for (const account of [...set.provisioned.keys()]) deprovision(world, set, account);
  world.identityCenter.permissionSets.delete(set.arn);
  return {};
}

export const permissionSetOperations: readonly AdminEntry[] = [
  adminOperation('CreatePermissionSet', 'write', createPermissionSet),
  adminOperation('DescribePermissionSet', 'read', describePermissionSet),
  adminOperation('ListPermissionSets', 'read', listPermissionSets),
  adminOperation('UpdatePermissionSet', 'write', updatePermissionSet),
  adminOperation('DeletePermissionSet', 'write', deletePermissionSet),
];

/** The model takes any ISO 8601 duration; the service one hour to twelve. */
function readDuration({ input }: AdminCall): { readonly text: string; readonly seconds: number } | undefined {
  const text = input.optionalString('SessionDuration', { min: 1, max: 100 });
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds < 3600 || seconds > 43_200) {
    throw invalid(`SessionDuration ${text} is not between PT1H and PT12H.`);
  }
  return { text, seconds };
}

function shape(set: PermissionSet): Readonly<Record<string, unknown>> {
  return {
    Name: set.name,
    PermissionSetArn: set.arn,
    ...(set.description === undefined ? {} : { Description: set.description }),
    CreatedDate: new Date(set.createdAt),
    SessionDuration: set.sessionDurationText,
    ...(set.relayState === undefined ? {} : { RelayState: set.relayState }),
  };
}
