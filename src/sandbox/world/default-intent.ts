/** The organisation that is served without a keyless.yaml: small, and with one of everything. */
import { type Intent, parseIntent } from '../../intent/index.ts';

export const defaultIntentText: string = `# A small organisation: the classic setup on its way to no static key at all.
version: 1

organization:
  name: acme
  management_account: management

identity_center:
  start_url: https://acme.awsapps.com/start
  region: eu-west-1

accounts:
  management: "111111111111"
  shared: "111122223333"
  dev: "222233334444"
  live: "333344445555"

groups:
  engineers: { description: Plan and apply in dev and live. }
  readers: { description: Plan in dev. }

people:
  ada: { email: ada@example.com, name: Ada Example, groups: [engineers] }
  ben: { email: ben@example.com, name: Ben Example, groups: [readers] }

assignments:
  - { group: engineers, phases: [plan, apply], accounts: [shared, dev, live] }
  - { group: readers, phases: [plan], accounts: [dev] }

stacks:
  - path: stacks/network
    workspaces: { dev: dev, live: live }

state:
  - bucket: acme-terraform-state
    account: shared
    region: eu-west-1
    kms_key_id: arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
    lock_table: acme-terraform-locks

modules:
  - { bucket: acme-terraform-modules, account: shared, region: eu-west-1 }

github:
  repository: acme/infrastructure
  environments:
    dev: { account: dev }
    live: { account: live }
  jobs:
    - { workflow: plan.yml, job: plan, phases: [plan], accounts: [dev, live], triggers: [pull_request] }
    - { workflow: apply.yml, job: apply, phases: [apply], environments: [dev, live], triggers: [push], branches: [main] }
    - { workflow: publish.yml, job: publish, phases: [publish], accounts: [shared], triggers: [push], tags: ["v*"] }

hcp_terraform:
  organization: acme
  workspaces:
    network-dev: { account: dev }

legacy:
  user: deployment
  account: shared
  roles: [deployment]
`;

/** The text above as a value. */
export function defaultIntent(): Intent {
  return parseIntent(defaultIntentText, 'the default organisation');
}
