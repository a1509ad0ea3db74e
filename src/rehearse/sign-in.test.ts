import { describe, expect, it } from 'vitest';
import { parseIntent } from '../intent/index.ts';
import { representatives } from './sign-in.ts';

const intent = parseIntent(`version: 1
organization: { name: acme }
identity_center: { start_url: 'https://acme.awsapps.com/start', region: eu-west-1 }
accounts: { dev: "222233334444", live: "333344445555" }
stacks: []
state: []
groups: { all: {}, readers: {} }
people:
  ben: { email: ben@example.com, groups: [readers] }
  ada: { email: ada@example.com, groups: [all] }
  chloe: { email: chloe@example.com, groups: [readers] }
  dai: { email: dai@example.com }
assignments:
  - { group: all, phases: [plan, apply], accounts: [dev, live] }
  - { group: readers, phases: [plan], accounts: [dev] }
  - { person: dai, phases: [apply], accounts: [live], from: "2027-01-01T00:00:00Z", until: "2027-02-01T00:00:00Z" }
`);

describe('representatives', () => {
  it('has one person for each set of rights, those who reach most first', () => {
    const people = representatives(intent, Date.parse('2026-12-01T00:00:00Z'));
    expect(
      people.map(({ userName, others, reaches }) => [userName, others, reaches.map(({ profile }) => profile)]),
    ).toEqual([
      ['ada', [], ['acme-dev-plan', 'acme-dev-apply', 'acme-live-plan', 'acme-live-apply']],
      ['ben', ['chloe'], ['acme-dev-plan']],
      ['dai', [], []],
    ]);
    expect(people[1]?.refused.map(({ profile }) => profile)).toEqual([
      'acme-dev-apply',
      'acme-live-plan',
      'acme-live-apply',
    ]);
  });

  it('counts an assignment within its window only', () => {
    const at = (instant: string) =>
      representatives(intent, Date.parse(instant)).find(({ userName }) => userName === 'dai')?.reaches.length;
    expect([at('2026-12-31T23:59:59Z'), at('2027-01-01T00:00:00Z'), at('2027-02-01T00:00:00Z')]).toEqual([0, 1, 0]);
  });
});
