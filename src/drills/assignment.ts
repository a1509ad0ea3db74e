/** Taking the person's assignment away, and giving it back. */
import { assign, deprovision } from '../sandbox/index.ts';
import { account, permissionSet, person, type Stage } from './stage.ts';

/** The role goes with the last assignment of its permission set, as on AWS. */
export function takeAssignment({ sandbox: { world } }: Stage): void {
  const { assignments, permissionSets } = world.identityCenter;
  for (const [key, assignment] of assignments) {
    const set = permissionSets.get(assignment.permissionSetArn);
    if (assignment.account !== account || set?.name !== permissionSet) continue;
    assignments.delete(key);
    deprovision(world, set, account);
  }
}

export function giveAssignment({ sandbox: { world, time } }: Stage): void {
  const set = [...world.identityCenter.permissionSets.values()].find(({ name }) => name === permissionSet);
  const user = [...world.identityCenter.users.values()].find(({ userName }) => userName === person);
  if (set === undefined || user === undefined) return;
  assign(world, { account, permissionSet: set, principal: { type: 'USER', id: user.id }, at: time.now() });
}
