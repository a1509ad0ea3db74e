/** What a repository cannot tell and the team of the example fills in: where people sign in, who they are, and until when. */
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

/** The drafted keyless.yaml of the example, filled in, and the lines that it got. */
export function fillIn(draft: string): { readonly text: string; readonly lines: readonly string[] } {
  const startUrl = 'start_url: https://fernwick.awsapps.com/start';
  const organization = 'id: o-fernwick2024';
  const window = 'window: { from: "2024-01-01T00:00:00Z" }';
  const text = draft
    .replace(/start_url: null.*/, startUrl)
    .replace(/id: null.*/, organization)
    .replace(/( {4})require_encryption: true/, `$1${window}\n$&`);
  return { text: text + people, lines: [organization, startUrl, window, ...people.trim().split('\n')] };
}
