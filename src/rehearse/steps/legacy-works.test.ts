import { describe, expect, it } from 'vitest';
import { parseIntent } from '../../intent/index.ts';
import type { StackRun } from '../stack-runs.ts';
import type { Stage } from '../stage.ts';
import { causeOf, rolesToTry, sharedStates } from './legacy-works.ts';

describe('rolesToTry', () => {
  const intent = parseIntent(`version: 1
organization: { name: acme }
accounts: { live: "333344445555" }
stacks: []
state: []
`);
  const method = (line: number, ...roleArns: readonly string[]) => ({
    kind: 'provider-assume-role',
    path: 'app/main.tf',
    line,
    roleArns,
  });

  it('are those of accounts that keyless.yaml names; of the others it says why not', () => {
    const methods = [
      method(1, 'arn:aws:iam::333344445555:role/deploy'),
      method(2, 'arn:aws:iam::999999999999:role/deploy'),
      method(3, 'local.role'),
      method(4),
    ];
    const { known, notTried } = rolesToTry({ intent, inventory: { methods } as unknown as Stage['inventory'] });
    expect(known).toEqual(['arn:aws:iam::333344445555:role/deploy']);
    expect(notTried.map(({ outcome, what, cause }) => `${outcome} ${what}: ${cause}`)).toEqual([
      'skipped provider "aws" assumes arn:aws:iam::999999999999:role/deploy: keyless.yaml does not name account 999999999999',
      'skipped provider "aws" at app/main.tf:3: the code does not tell which role it assumes',
      'skipped provider "aws" at app/main.tf:4: the code does not tell which role it assumes',
    ]);
  });
});

describe('causeOf', () => {
  const [a, b] = ['arn:aws:iam::111122223333:role/a', 'arn:aws:iam::222233334444:role/b'];
  const text = `Planning failed. Error: Cannot assume IAM Role IAM Role (${a}) cannot be assumed. Error: operation error STS: x Error: Cannot assume IAM Role IAM Role (${b}) cannot be assumed. Error: operation error STS: y`;

  it('is the error that names the role, of a run that tries several', () => {
    expect(causeOf(a, text)).toBe(
      `Error: Cannot assume IAM Role IAM Role (${a}) cannot be assumed. Error: operation error STS: x`,
    );
    expect(causeOf(b, text)).toContain('operation error STS: y');
    expect(causeOf(b, text)).not.toContain(a);
  });

  it('is the first error where none names it', () => {
    expect(causeOf('arn:aws:iam::111122223333:role/c', 'x Error: no route')).toBe('Error: no route');
  });
});

describe('sharedStates', () => {
  it('names the stacks that keep their state in one object', () => {
    const run = (name: string, key: string) =>
      ({
        name,
        backend: { bucket: 'b', key, workspacePrefix: 'env:' },
        workspaces: [{ name: 'dev' }],
      }) as unknown as StackRun;
    expect(sharedStates([run('a', 'k'), run('b', 'l'), run('c', 'k')])).toEqual([
      '2 stacks keep their state in the same object b/env:/dev/k: a, c',
    ]);
  });
});
