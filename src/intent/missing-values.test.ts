import { describe, expect, it } from 'vitest';
import { missingValues } from './missing-values.ts';
import { parseIntent } from './parse-intent.ts';

const draft = `version: 1
organization:
  name: acme
  id: null # missing
identity_center:
  region: eu-west-1
accounts:
  dev: null
stacks:
  - path: a
    workspaces: { dev: dev, live: null }
  - path: b
    account: null
state:
  - bucket: acme-state
    lock_table: locks
github:
  repository: null
  environments:
    live: { account: null }
`;

describe('missingValues', () => {
  const missing = missingValues(parseIntent(draft));

  it('lists each value with the line it is wanted on', () => {
    expect(missing.map(({ key, location }) => `${location.line} ${key}`)).toEqual([
      '4 organization.id',
      '6 identity_center.start_url',
      '8 accounts.dev',
      '11 stacks[0].workspaces.live',
      '13 stacks[1].account',
      '15 state[0].account',
      '15 state[0].region',
      '18 github.repository',
      '20 github.environments.live.account',
    ]);
  });

  it('says what waits for it and where a person finds it', () => {
    for (const { neededBy, todo } of missing) {
      expect(neededBy).not.toHaveLength(0);
      expect(todo).not.toBe('');
    }
    expect(missing.find(({ key }) => key === 'identity_center.start_url')?.neededBy).toContain(
      'profiles in ~/.aws/config',
    );
  });

  it('tells what blocks from what has another way', () => {
    expect(missing.filter(({ blocks }) => !blocks).map(({ key }) => key)).toEqual(['organization.id']);
  });

  it('knows of module buckets, workspaces of HCP Terraform and the old user', () => {
    const text = `version: 1
organization: { name: acme, id: o-abcd123456 }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }
accounts: { dev: "222233334444" }
modules:
  - bucket: acme-modules
hcp_terraform:
  organization: acme
  workspaces:
    network: { account: null }
legacy:
  user: deployment
`;
    expect(missingValues(parseIntent(text)).map(({ key, location }) => `${location.line} ${key}`)).toEqual([
      '6 modules[0].account',
      '6 modules[0].region',
      '10 hcp_terraform.workspaces.network.account',
      '12 legacy.account',
    ]);
  });

  it('is empty when all is known', () => {
    const complete = `version: 1
organization: { name: acme, id: o-abcd123456 }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }
accounts: { dev: "222233334444" }
`;
    expect(missingValues(parseIntent(complete))).toEqual([]);
  });
});
