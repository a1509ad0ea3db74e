import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeylessError } from '../kernel/error.ts';
import type { Intent } from './intent.ts';
import { parseIntent } from './parse-intent.ts';

const complete = `version: 1
organization: { name: acme, id: o-abcd123456 }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1, sso_session: acme-sso }
permission_sets: { plan: Reader, apply: Writer }
accounts:
  shared: "111122223333"
  dev: "222233334444"
  live: '033344445555'
stacks:
  - path: stacks/network
    workspaces: { dev: dev, live: live, live-eu: live }
  - path: ./stacks/shared/
    account: shared
state:
  - bucket: acme-terraform-state
    account: shared
    region: eu-west-1
    access: direct
    kms_key_id: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555
    lock_table: terraform-locks
github:
  repository: acme/infrastructure
  environments: { dev: { account: dev }, live: { account: live } }
  roles: { plan: ci/terraform-plan, apply: terraform-apply }
`;

/** The lines that a reader gets below the heading. */
function problemsIn(text: string): string[] {
  try {
    parseIntent(text);
  } catch (error) {
    if (error instanceof KeylessError && error.code === 'CONFIG_INVALID') {
      const [heading, ...lines] = error.message.split('\n');
      expect(heading).toMatch(/^keyless\.yaml has \d+ problems?$/);
      expect(error.details.problems).toHaveLength(lines.length);
      return lines.map((line) => line.trim());
    }
    throw error;
  }
  return [];
}

/** The problems of the complete file after one change. */
function problemsAfter(find: string, replacement: string): string[] {
  expect(complete).toContain(find);
  return problemsIn(complete.replace(find, replacement));
}

describe('a complete keyless.yaml', () => {
  const intent: Intent = parseIntent(complete);

  it('says who may run Terraform where', () => {
    expect(intent).toMatchObject({
      version: 1,
      partition: 'aws',
      organization: { name: 'acme', id: 'o-abcd123456' },
      identityCenter: { startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1', session: 'acme-sso' },
      permissionSets: { plan: 'Reader', apply: 'Writer' },
      pipelineRoles: { plan: 'ci/terraform-plan', apply: 'terraform-apply' },
      github: { repository: 'acme/infrastructure' },
    });
    expect([...intent.accounts.values()].map(({ name, id }) => `${name}=${id}`)).toEqual([
      'shared=111122223333',
      'dev=222233334444',
      'live=033344445555',
    ]);
    expect(intent.github?.environments.get('live')).toEqual({ account: 'live' });
  });

  it('reads a stack with one account as workspace default, and folders in one spelling', () => {
    expect(intent.stacks).toEqual([
      {
        path: 'stacks/network',
        workspaces: new Map([
          ['dev', 'dev'],
          ['live', 'live'],
          ['live-eu', 'live'],
        ]),
      },
      { path: 'stacks/shared', workspaces: new Map([['default', 'shared']]) },
    ]);
  });

  it('takes account and region of the lock table from the bucket', () => {
    expect(intent.stateBackends[0]?.lockTable).toEqual({
      name: 'terraform-locks',
      account: 'shared',
      region: 'eu-west-1',
    });
  });

  it('remembers where each value stands', () => {
    expect(intent.locations.get('accounts.dev')).toEqual({ path: 'keyless.yaml', line: 7, column: 8 });
    expect(intent.locations.get('stacks[0].workspaces.live-eu')).toEqual({
      path: 'keyless.yaml',
      line: 11,
      column: 50,
    });
  });
});

describe('what may be left out or left empty', () => {
  it('has defaults', () => {
    expect(parseIntent('version: 1\norganization: { name: acme }\naccounts: {}\n')).toMatchObject({
      identityCenter: { startUrl: undefined, region: undefined, session: 'acme' },
      permissionSets: { plan: 'TerraformDeveloper', apply: 'TerraformDeployer' },
      pipelineRoles: { plan: 'terraform-plan', apply: 'terraform-apply' },
      stacks: [],
      stateBackends: [],
      github: undefined,
    });
  });

  it('loads null in either spelling as not known', () => {
    const intent = parseIntent(`version: 1
organization: { name: acme, id: ~ }
identity_center:
  start_url: null # missing
accounts:
  dev:
stacks:
  - path: a
    workspaces: { dev: dev, live: null }
  - path: b
    account: ~
github:
  environments: { dev: { account: null } }
`);
    expect(intent.accounts.get('dev')).toEqual({ name: 'dev', id: undefined });
    expect(intent.stacks).toEqual([
      { path: 'a', workspaces: new Map([['dev', 'dev']]), unassigned: ['live'] },
      { path: 'b', workspaces: new Map(), unassigned: ['default'] },
    ]);
    expect(intent.github).toEqual({ repository: undefined, environments: new Map(), unassigned: ['dev'] });
  });

  it('takes the start URL as a browser shows it', () => {
    const text = complete.replace('/start,', '/start/#/,');
    expect(parseIntent(text).identityCenter.startUrl).toBe('https://acme.awsapps.com/start');
  });

  it('may begin with a byte order mark and use CRLF and anchors', () => {
    const text = `\uFEFF${complete.replace('{ dev: dev, live: live, live-eu: live }', '&w { dev: dev }')}  # end\n`
      .replace('account: shared\nstate', 'workspaces: *w\nstate')
      .replaceAll('\n', '\r\n');
    expect(parseIntent(text).stacks[1]?.workspaces).toEqual(new Map([['dev', 'dev']]));
  });
});

describe('a problem names line, column, what stands there and what was expected', () => {
  it.each([
    [
      'an unknown key',
      'region: eu-west-1, sso_session',
      'regio: eu-west-1, sso_session',
      'keyless.yaml:3:63 identity_center.regio is not a key that is known: expected `region`, if that is what was meant',
    ],
    [
      'an unknown key that resembles none',
      'access: direct',
      'banana: direct',
      'keyless.yaml:18:5 state[0].banana is not a key that is known: expected one of bucket, account, region, access, profile, kms_key_id, lock_table, require_encryption, readers, writers, window',
    ],
    [
      'an account id without quotes',
      '"222233334444"',
      '222233334444',
      'keyless.yaml:7:8 accounts.dev is the number 222233334444: expected "222233334444" in quotes: YAML reads a bare id as a number and drops leading zeros',
    ],
    [
      'an account id without quotes that begins with a zero',
      "'033344445555'",
      '033344445555',
      'keyless.yaml:8:9 accounts.live is the number 033344445555: expected "033344445555" in quotes: YAML reads a bare id as a number and drops leading zeros',
    ],
    [
      'an account id that has lost its zero',
      "'033344445555'",
      '33344445555',
      'keyless.yaml:8:9 accounts.live is the number 33344445555: expected "033344445555" in quotes: YAML reads a bare id as a number and drops leading zeros',
    ],
    [
      'an account id of the wrong length',
      '"222233334444"',
      '"2222-3333-4444"',
      'keyless.yaml:7:8 accounts.dev is "2222-3333-4444": expected twelve digits in quotes, such as "111122223333"',
    ],
    [
      'two accounts with one id',
      '"222233334444"',
      '"111122223333"',
      'keyless.yaml:7:8 accounts.dev is "111122223333": expected an id of its own for each account; accounts.shared on line 6 has this one already',
    ],
    [
      'a workspace whose account is not there',
      'live-eu: live }',
      'live-eu: lvie }',
      'keyless.yaml:11:50 stacks[0].workspaces.live-eu is "lvie": expected an account: shared, dev, live (did you mean live?)',
    ],
    [
      'an environment whose account is not there',
      'live: { account: live } }',
      'live: { account: production } }',
      'keyless.yaml:23:59 github.environments.live.account is "production": expected an account: shared, dev, live',
    ],
    [
      'a value of the wrong type',
      'access: direct',
      'access: [direct]',
      'keyless.yaml:18:13 state[0].access is a list: expected direct or profile',
    ],
    [
      'a profile that nothing uses',
      'access: direct',
      'profile: acme-shared',
      'keyless.yaml:18:14 state[0].profile is "acme-shared": expected no profile, or `access: profile` beside it; direct access uses none',
    ],
    [
      'a KMS key that callers of other accounts cannot name',
      'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      '11111111-2222-3333-4444-555555555555',
      'keyless.yaml:19:17 state[0].kms_key_id is "11111111-2222-3333-4444-555555555555": expected the ARN of a KMS key, since callers from other accounts can name it in no other way',
    ],
    [
      'a region of another partition',
      'region: eu-west-1, sso_session',
      'region: cn-north-1, sso_session',
      'keyless.yaml:3:71 identity_center.region is "cn-north-1": expected a region of partition aws, or `partition: aws-cn` in the file',
    ],
    [
      'a key inside the lock table',
      'lock_table: terraform-locks',
      'lock_table: { name: locks, acount: shared }',
      'keyless.yaml:20:32 state[0].lock_table.acount is not a key that is known: expected `account`, if that is what was meant',
    ],
    [
      'a stack that leaves the repository',
      './stacks/shared/',
      '../shared',
      'keyless.yaml:12:11 stacks[1].path is "../shared": expected a folder relative to the repository, with `/` and without `..`, such as stacks/network',
    ],
    [
      'a stack that stands twice',
      './stacks/shared/',
      'stacks/network/.',
      'keyless.yaml:12:11 stacks[1].path is "stacks/network": expected one entry for each stack; stacks[0].path on line 10 has this one already',
    ],
    [
      'a stack with neither account nor workspaces',
      '\n    account: shared\nstate',
      '\nstate',
      'keyless.yaml:12:5 stacks[1] is a stack with neither account nor workspaces: expected `account` (one account) or `workspaces` (each with its account)',
    ],
    [
      'another version',
      'version: 1',
      'version: 2',
      'keyless.yaml:1:10 version is the number 2: expected 1, the only version there is',
    ],
    [
      'a key that stands twice',
      '  dev: "222233334444"',
      '  shared: "222233334444"',
      'keyless.yaml:7:3 Map keys must be unique: expected YAML that can be read in one way only',
    ],
  ])('%s', (_, find, replacement, expected) => {
    expect(problemsAfter(find, replacement)).toEqual([expected]);
  });

  it('a misspelt key is one problem, not two', () => {
    expect(problemsAfter('accounts:', 'acounts:').filter((line) => line.includes('missing'))).toEqual([]);
  });

  it('all problems come at once, those of form and those of names, in order of the file', () => {
    const text = complete.replace('acme-sso', '"a b"').replace('dev: dev,', 'dev: deb,').replace('direct', 'indirect');
    expect(problemsIn(text).map((line) => line.split(' ')[1])).toEqual([
      'identity_center.sso_session',
      'stacks[0].workspaces.dev',
      'state[0].access',
    ]);
  });

  it.each([
    ['an empty file', '', 'keyless.yaml:1:1 empty: expected a map that begins with `version: 1`'],
    ['a list', '- a\n', 'keyless.yaml:1:1 a list: expected a map that begins with `version: 1`'],
    ['two documents', `${complete}---\na: 1\n`, 'keyless.yaml:25:1 a second YAML document begins'],
    ['an alias that contains itself', 'a: &x [*x]\n', 'keyless.yaml:1:1 version is missing'],
  ])('%s', (_, text, expected) => {
    expect(problemsIn(text)[0]).toContain(expected);
  });
});

it('any text either loads or is refused with CONFIG_INVALID', () => {
  const fragment = fc.constantFrom(
    ...complete.split('\n'),
    '  dev: *x',
    '&x',
    '? [a]: b',
    '!!binary x',
    '<<: { a: 1 }',
    '\t',
    '}',
    '__proto__: 1',
    '"',
    '- ',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 25 }), (lines) => {
      problemsIn(lines.join('\n'));
    }),
  );
});
