import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeIdentityCenter, production, staging } from '../../../../test/support/identity-center.ts';
import { accessOf, isInWindow } from './access.ts';
import { findUserByName } from './approve.ts';
import { addMember, assign, createPermissionSet } from './build.ts';
import { deprovision } from './provision.ts';

test('a window holds from its first instant to the one before its last', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (from, until, now) => {
      const inside = isInWindow({ from, until }, now);
      return inside === (now >= from && now < until) && isInWindow({}, now);
    }),
  );
});

test('access is the union of what is assigned to the person and to their groups, each set once', () => {
  const sandbox = makeIdentityCenter();
  const { world, ada, deploy, engineers } = sandbox;
  const at = sandbox.time.now();
  const audit = createPermissionSet(world, { name: 'Audit', createdAt: at });
  const person = { type: 'USER', id: ada.id } as const;
  assign(world, { account: production, permissionSet: deploy, principal: person, at });
  assign(world, { account: production, permissionSet: audit, principal: person, at });
  assign(world, { account: staging, permissionSet: audit, principal: { type: 'GROUP', id: engineers.id }, at });
  const names = () =>
    accessOf(world, ada.id, at).map(({ account, permissionSets }) => [account, permissionSets.map(({ name }) => name)]);
  expect(names()).toEqual([
    [production, ['Audit', 'Deploy']],
    [staging, ['Audit']],
  ]);
  deprovision(world, audit, production);
  const account = world.organizations.accounts.get(staging);
  if (account !== undefined) account.status = 'SUSPENDED';
  expect(names()).toEqual([[production, ['Deploy']]]);
  expect(accessOf(world, sandbox.bob.id, at)).toEqual([]);
});

test('a membership is made once', () => {
  const { world, ada, engineers } = makeIdentityCenter();
  expect(addMember(world, engineers.id, ada.id)).toBe(addMember(world, engineers.id, ada.id));
  expect(world.identityCenter.memberships.size).toBe(1);
});

test('people are found by their user name, whole and without regard to case', () => {
  const { world, ada } = makeIdentityCenter();
  expect(findUserByName(world, 'ADA')).toBe(ada);
  expect(findUserByName(world, 'ada@example.com')).toBeUndefined();
  expect(findUserByName(world, 'Ada Lovelace')).toBeUndefined();
});
