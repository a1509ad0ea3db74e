/** The part of keyless.yaml about people: who they are, what a permission set gives, who has which in which account. */
import { z } from 'zod';
import type { AssignmentEntry, GroupEntry, PermissionSetsEntry, PersonEntry, WindowEntry } from './intent-file.ts';
import {
  accountName,
  description,
  displayName,
  email,
  groupName,
  instant,
  managedPolicy,
  permissionSetName,
  sessionDuration,
  userName,
} from './schema-values.ts';

const windowShape = {
  from: instant.optional().meta({ description: 'From this instant on (ISO 8601 with zone). Without it: at once.' }),
  until: instant.optional().meta({ description: 'Until this instant (ISO 8601 with zone). Without it: for good.' }),
};

export const timeWindow: z.ZodType<WindowEntry> = z.strictObject(windowShape, { error: 'a map with from and until' });

const phase: z.ZodType<'plan' | 'apply'> = z.enum(['plan', 'apply'], { error: 'plan or apply' });

/** A list of phases, at least one. */
export const phaseList: z.ZodType<readonly ('plan' | 'apply')[]> = z
  .array(phase, { error: 'a list such as [plan, apply]' })
  .min(1, { error: 'a list such as [plan, apply]' });

/** A list of account names, at least one. */
export const accountList: z.ZodType<readonly string[]> = z
  .array(accountName, { error: 'a list of account names, such as [dev, live]' })
  .min(1, { error: 'a list of account names, such as [dev, live]' });

export const permissionSetList: z.ZodType<readonly string[]> = z
  .array(permissionSetName, { error: 'a list of permission sets' })
  .min(1, { error: 'a list of permission sets' });

const permissionSet = z.strictObject(
  {
    description: description.optional().meta({ description: 'What the set is for, as the console shows it.' }),
    session_duration: sessionDuration
      .optional()
      .meta({ description: 'How long a session lasts, PT1H to PT12H. Default: PT1H.' }),
    allows: phase.optional().meta({
      description:
        'The built-in policy the set carries: plan reads accounts and state, apply changes them. Default: none.',
    }),
    managed_policies: z
      .array(managedPolicy, { error: 'a list of policies that AWS manages' })
      .optional()
      .meta({ description: 'Policies that AWS manages, by name: ReadOnlyAccess, job-function/ViewOnlyAccess.' }),
  },
  { error: 'a map with description, session_duration, allows and managed_policies' },
);

export const permissionSets: z.ZodType<PermissionSetsEntry> = z.strictObject(
  {
    plan: permissionSetName.optional().meta({ description: 'Set people plan with. Default: TerraformDeveloper.' }),
    apply: permissionSetName.optional().meta({ description: 'Set people apply with. Default: TerraformDeployer.' }),
    sets: z
      .record(permissionSetName, permissionSet, { error: 'a map from the name of a permission set to what it gives' })
      .nullable()
      .optional()
      .meta({ description: 'What sets give: further ones, or more about the two above.' }),
  },
  { error: 'a map with plan, apply and sets' },
);

export const groups: z.ZodType<Readonly<Record<string, GroupEntry>>> = z.record(
  groupName,
  z.strictObject(
    { description: description.optional().meta({ description: 'Who is in it.' }) },
    { error: 'a map such as { description: … }, or {}' },
  ),
  { error: 'a map from the name of a group to its description' },
);

export const people: z.ZodType<Readonly<Record<string, PersonEntry>>> = z.record(
  userName,
  z.strictObject(
    {
      email: email.meta({ description: 'E-mail address; nobody is matched by it, only by user name.' }),
      name: displayName.optional().meta({ description: 'Name as it is shown. Default: the user name.' }),
      groups: z
        .array(groupName, { error: 'a list of groups' })
        .optional()
        .meta({ description: 'Groups the person is in, as under `groups`.' }),
    },
    { error: 'a map with email, name and groups' },
  ),
  { error: 'a map from user name to { email, name, groups }' },
);

export const assignments: z.ZodType<readonly AssignmentEntry[]> = z.array(
  z.strictObject(
    {
      group: groupName.optional().meta({ description: 'The group that gets it, as under `groups`.' }),
      person: userName.optional().meta({ description: 'The person who gets it, as under `people`.' }),
      phases: phaseList.optional().meta({ description: 'The permission sets of these phases.' }),
      permission_sets: permissionSetList
        .optional()
        .meta({ description: 'Permission sets by name, in place of `phases`.' }),
      accounts: accountList.meta({ description: 'In these accounts.' }),
      ...windowShape,
    },
    { error: 'a map with group or person, phases or permission_sets, and accounts' },
  ),
  { error: 'a list of assignments' },
);
