/** People, their groups, and what they are given in which account. */
import { type Assignment, buildPermissionSet, type Intent, printPolicy } from '../../intent/index.ts';
import { addMember, assign, createGroup, createPermissionSet, createUser } from '../services/identity-center/build.ts';
import type { PermissionSet } from '../services/identity-center/state.ts';
import { accountId, type BuiltWorld, type WorldPerson } from './built-world.ts';

type Made = Pick<BuiltWorld, 'world' | 'intent'>;

/** The directory: it says who there is, and gives nothing. */
export function makeDirectory({ world, intent }: Made): readonly WorldPerson[] {
  const groups = new Map(
    [...intent.groups.values()].map(({ name, description }) => [
      name,
      createGroup(world, { displayName: name, ...(description !== undefined && { description }) }).id,
    ]),
  );
  return [...intent.people.values()].map(({ userName, displayName, email, groups: memberships }) => {
    const [givenName = userName, ...rest] = displayName.split(' ');
    const { id } = createUser(world, {
      userName,
      displayName,
      email,
      givenName,
      familyName: rest.join(' ') || givenName,
    });
    for (const group of memberships) {
      const groupId = groups.get(group);
      if (groupId !== undefined) addMember(world, groupId, id);
    }
    return { userName, displayName, id };
  });
}

/** Permission sets with what keyless.yaml gives them, and the assignments, provisioned. `at`: epoch milliseconds. */
export function makeAssignments(made: Made, at: number): void {
  const { world, intent } = made;
  const sets = new Map(
    [...intent.sets.values()].map((set): [string, PermissionSet] => {
      const { inline, managedPolicies } = buildPermissionSet(intent, set);
      return [
        set.name,
        createPermissionSet(world, {
          name: set.name,
          createdAt: at,
          sessionDuration: set.sessionDuration,
          managedPolicies,
          ...(set.description !== undefined && { description: set.description }),
          ...(inline !== undefined && { inlinePolicy: printPolicy(inline) }),
        }),
      ];
    }),
  );
  for (const assignment of current(intent.assignments, at)) {
    const permissionSet = sets.get(assignment.permissionSet);
    const id = principalId(made, assignment);
    if (permissionSet === undefined || id === undefined) continue;
    const { from, until } = assignment.window ?? {};
    assign(world, {
      account: accountId(made, assignment.account),
      permissionSet,
      principal: { type: assignment.principal.kind === 'group' ? 'GROUP' : 'USER', id },
      at,
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    });
  }
}

/** AWS has one assignment for a principal, set and account: of several windows the one that is open or opens next. */
function current(assignments: Intent['assignments'], at: number): readonly Assignment[] {
  const chosen = new Map<string, Assignment>();
  const byBeginning = [...assignments].sort((a, b) => (a.window?.from ?? 0) - (b.window?.from ?? 0));
  for (const assignment of byBeginning) {
    const { principal, permissionSet, account, window } = assignment;
    const key = JSON.stringify([principal.kind, principal.name, permissionSet, account]);
    const known = chosen.get(key);
    const over = known?.window?.until !== undefined && known.window.until <= at;
    if (known === undefined || (over && window?.until !== known.window?.until)) chosen.set(key, assignment);
  }
  return assignments.filter((assignment) => [...chosen.values()].includes(assignment));
}

function principalId({ world }: Made, { principal }: Assignment): string | undefined {
  const { groups, users } = world.identityCenter;
  if (principal.kind === 'group') return [...groups.values()].find((group) => group.displayName === principal.name)?.id;
  return [...users.values()].find((user) => user.userName === principal.name)?.id;
}
