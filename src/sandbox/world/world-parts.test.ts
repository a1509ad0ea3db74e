import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../test/support/make-world.ts';
import { parseIni } from '../../formats/ini/index.ts';
import { parseIntent } from '../../intent/index.ts';
import { SeededIds } from '../core/seeded-ids.ts';
import { accessOf } from '../services/identity-center/access.ts';
import { renderAwsConfig } from './aws-config.ts';
import { buildWorld } from './build-world.ts';
import type { BuiltWorld } from './built-world.ts';
import { defaultIntent } from './default-intent.ts';

const { random } = makeWorld();
const noon = Date.UTC(2026, 11, 1, 12);

function build(text?: string): BuiltWorld {
  return buildWorld({
    intent: text === undefined ? defaultIntent() : parseIntent(text),
    ids: new SeededIds('parts'),
    time: { now: () => noon, lifetime: (seconds) => seconds * 1000, offset: 0 },
    random,
  });
}

it('the same seed gives the same world', () => {
  const [one, two] = [build(), build()];
  expect(one.legacyKey.accessKeyId).toBe(two.legacyKey.accessKeyId);
  expect([...one.world.identityCenter.permissionSets.keys()]).toEqual([
    ...two.world.identityCenter.permissionSets.keys(),
  ]);
});

it('the AWS config has a profile for each account and phase, and holds no secret', () => {
  const built = build();
  const text = renderAwsConfig(built);
  const { sections, problems } = parseIni(text);
  expect(problems).toEqual([]);
  expect(sections.map(({ words }) => words.join(' '))).toEqual([
    'sso-session acme-sandbox',
    ...['management', 'shared', 'dev', 'live'].flatMap((name) => [
      `profile acme-${name}-plan`,
      `profile acme-${name}-apply`,
    ]),
    'profile legacy',
  ]);
  expect(text).not.toMatch(/sso_session = acme$/m);
  expect(text).not.toContain(built.legacyKey.accessKeyId);
  expect(text).not.toContain(built.legacyKey.secretAccessKey.reveal());
});

describe('people', () => {
  const text = `version: 1
organization: { name: acme, management_account: shared }
accounts: { shared: "111122223333", dev: "222233334444" }
permission_sets: { sets: { Auditor: { managed_policies: [SecurityAudit], session_duration: PT2H } } }
groups: { engineers: { description: All of them } }
people:
  alice: { email: alice@acme.example, name: Alice Mary Archer, groups: [engineers] }
assignments:
  - { group: engineers, phases: [plan], accounts: [dev] }
  - { person: alice, permission_sets: [Auditor], accounts: [dev], until: 2026-12-01T11:00:00Z }
  - { person: alice, permission_sets: [Auditor], accounts: [dev], from: 2026-12-01T13:00:00Z }
`;
  const built = build(text);
  const [alice] = built.people;

  it('are in the directory under their own names', () => {
    const user = built.world.identityCenter.users.get(alice?.id ?? '');
    expect(user).toMatchObject({
      userName: 'alice',
      givenName: 'Alice',
      familyName: 'Mary Archer',
      email: 'alice@acme.example',
    });
    expect(built.madeUp.some((sentence) => sentence.includes('engineers:'))).toBe(false);
  });

  it('have what they were given, inside its window', () => {
    const sets = (at: number) =>
      accessOf(built.world, alice?.id ?? '', at).flatMap(({ permissionSets }) =>
        permissionSets.map(({ name }) => name),
      );
    expect(sets(noon)).toEqual(['TerraformDeveloper']);
    expect(sets(Date.UTC(2026, 11, 1, 13))).toEqual(['Auditor', 'TerraformDeveloper']);
  });

  it('get sets as the file describes them', () => {
    const auditor = [...built.world.identityCenter.permissionSets.values()].find(({ name }) => name === 'Auditor');
    expect(auditor).toMatchObject({ sessionDuration: 7200, inlinePolicy: undefined });
    expect(auditor?.managedPolicies).toEqual([{ arn: 'arn:aws:iam::aws:policy/SecurityAudit', name: 'SecurityAudit' }]);
    expect(renderAwsConfig(built)).toContain('[profile acme-dev-auditor]');
  });
});

it('a key named by an alias is made behind it', () => {
  const built = build(`version: 1
organization: { name: acme }
accounts: { shared: "111122223333" }
state: [{ bucket: s-1, account: shared, region: eu-west-1, kms_key_id: "arn:aws:kms:eu-west-1:111122223333:alias/state" }]
`);
  const arn = built.world.kms.aliases.get('arn:aws:kms:eu-west-1:111122223333:alias/state');
  expect(built.world.s3.buckets.get('s-1')?.encryption.kmsKeyArn).toBe(arn);
  expect(built.world.kms.keys.get(arn ?? '')?.policy.text).toContain('DecryptState');
});

it('a file with nothing in it still gives a world', () => {
  const built = build('version: 1\norganization: { name: acme }\naccounts: {}\n');
  expect(built.world.iam.accounts.size).toBe(2);
  expect(built.legacyKey.status).toBe('Active');
});
