/** What a repository cannot tell and the team of the example fills in: where people sign in, who they are, and until when. */
import { readFileSync, writeFileSync } from 'node:fs';

const people = `
# Who works here. Filled in by hand: no repository says it.
groups:
  platform: { description: Runs every account. }
  booking: { description: Builds the booking API. }

people:
  ada: { email: ada@fernwick.example, name: Ada Marlow, groups: [platform] }
  ben: { email: ben@fernwick.example, name: Ben Okafor, groups: [booking] }
  chloe: { email: chloe@fernwick.example, name: Chloe Brandt, groups: [booking] }
  dai: { email: dai@contractor.example, name: Dai Evans }

assignments:
  - { group: platform, phases: [plan, apply], accounts: [shared, dev, live] }
  - { group: booking, phases: [plan, apply], accounts: [dev] }
  - { group: booking, phases: [plan], accounts: [live] }
  - { person: dai, phases: [plan], accounts: [dev], until: "2099-01-01T00:00:00Z" }
`;

/** The lines that were filled in, for the person who watches. */
export function fillIn(file: string): readonly string[] {
  const startUrl = 'start_url: https://fernwick.awsapps.com/start';
  const organization = 'id: o-fernwick2024';
  const window = 'window: { from: "2024-01-01T00:00:00Z" }';
  const text = readFileSync(file, 'utf8')
    .replace(/start_url: null.*/, startUrl)
    .replace(/id: null.*/, organization)
    .replace(/( {4})require_encryption: true/, `$1${window}\n$&`);
  writeFileSync(file, text + people);
  return [organization, startUrl, window, ...people.trim().split('\n')];
}
