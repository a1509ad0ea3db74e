/** The part of keyless.yaml about people, from the file's form to the value. */
import type { Assignment, Group, Intent, PermissionSet, Person, Phase, TimeWindow } from './intent.ts';
import type { AssignmentEntry, IntentFile, PermissionSetEntry, WindowEntry } from './intent-file.ts';

export function identityOf(
  file: IntentFile,
): Pick<Intent, 'permissionSets' | 'sets' | 'groups' | 'people' | 'assignments'> {
  const permissionSets = {
    plan: file.permission_sets?.plan ?? 'TerraformDeveloper',
    apply: file.permission_sets?.apply ?? 'TerraformDeployer',
  };
  return {
    permissionSets,
    sets: setsOf(permissionSets, file.permission_sets?.sets ?? {}),
    groups: new Map(
      Object.entries(file.groups ?? {}).map(([name, { description }]): [string, Group] => [
        name,
        { name, description },
      ]),
    ),
    people: new Map(
      Object.entries(file.people ?? {}).map(([userName, { email, name, groups }]): [string, Person] => [
        userName,
        { userName, email, displayName: name ?? userName, groups: groups ?? [] },
      ]),
    ),
    assignments: (file.assignments ?? []).flatMap((entry) => assignmentsOf(entry, permissionSets)),
  };
}

export function timeWindowOf({ from, until }: WindowEntry): TimeWindow | undefined {
  if (from === undefined && until === undefined) return undefined;
  return {
    from: from === undefined ? undefined : Date.parse(from),
    until: until === undefined ? undefined : Date.parse(until),
  };
}

/** Those of the two phases carry their built-in policy whatever the file adds. */
function setsOf(
  { plan, apply }: Intent['permissionSets'],
  written: Readonly<Record<string, PermissionSetEntry>>,
): ReadonlyMap<string, PermissionSet> {
  const names = [...new Set([plan, apply, ...Object.keys(written)])];
  return new Map(
    names.map((name): [string, PermissionSet] => {
      const entry = written[name];
      const allows: Phase | undefined = name === apply ? 'apply' : name === plan ? 'plan' : entry?.allows;
      return [
        name,
        {
          name,
          description: entry?.description,
          sessionDuration: secondsOf(entry?.session_duration ?? 'PT1H'),
          allows,
          managedPolicies: entry?.managed_policies ?? [],
        },
      ];
    }),
  );
}

/** The form is checked: hours, and minutes after them. */
function secondsOf(duration: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(\d+)H(?:(\d+)M)?$/.exec(duration) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60;
}

function assignmentsOf(entry: AssignmentEntry, permissionSets: Intent['permissionSets']): Assignment[] {
  const principal: Assignment['principal'] =
    entry.group === undefined ? { kind: 'person', name: entry.person ?? '' } : { kind: 'group', name: entry.group };
  const sets = entry.permission_sets ?? (entry.phases ?? []).map((phase) => permissionSets[phase]);
  return entry.accounts.flatMap((account) =>
    [...new Set(sets)].map((permissionSet) => ({ principal, permissionSet, account, window: timeWindowOf(entry) })),
  );
}
