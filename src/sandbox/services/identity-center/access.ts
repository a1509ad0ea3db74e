/** Who gets which role where, now: assignments to the person and to their groups, inside their windows, where the role exists. */
import type { World } from '../../core/world.ts';
import type { Assignment, PermissionSet } from './state.ts';

export interface AccountAccess {
  readonly account: string;
  /** Sorted by name, each once. */
  readonly permissionSets: readonly PermissionSet[];
}

/** Accounts sorted by id. `now`: epoch milliseconds in the world's time. */
export function accessOf(world: World, userId: string, now: number): readonly AccountAccess[] {
  const { assignments, permissionSets } = world.identityCenter;
  const groups = groupsOf(world, userId);
  const sets = new Map<string, Set<PermissionSet>>();
  for (const assignment of assignments.values()) {
    const { account, permissionSetArn, principalType, principalId } = assignment;
    const set = permissionSets.get(permissionSetArn);
    const theirs = principalType === 'USER' ? principalId === userId : groups.has(principalId);
    if (!theirs || set === undefined || !set.roleNames.has(account) || !isInWindow(assignment, now)) continue;
    if (world.organizations.accounts.get(account)?.status !== 'ACTIVE') continue;
    const known = sets.get(account);
    if (known === undefined) sets.set(account, new Set([set]));
    else known.add(set);
  }
  return [...sets]
    .sort(([a], [b]) => compare(a, b))
    .map(([account, found]) => ({
      account,
      permissionSets: [...found].sort((a, b) => compare(a.name, b.name)),
    }));
}

/** `from` belongs to the window, `until` does not. */
export function isInWindow({ from, until }: Pick<Assignment, 'from' | 'until'>, now: number): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until);
}

export function groupsOf(world: World, userId: string): ReadonlySet<string> {
  const groups = new Set<string>();
  for (const membership of world.identityCenter.memberships.values()) {
    if (membership.userId === userId) groups.add(membership.groupId);
  }
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
