import { describe, expect, it } from 'vitest';
import type { StackRun } from '../stack-runs.ts';
import { green, red, skipped } from '../stage.ts';
import { notTried, summaryOf } from './key-deactivated.ts';

describe('summaryOf', () => {
  it('says only what was run', () => {
    const old = green('app of the old commit', 'keyless', 'fails, as it must: InvalidClientTokenId');
    const broken = red('app of the new commit', 'keyless', 'fails', { cause: 'c', fix: 'f' });
    const left = skipped('app of the new commit', 'keyless', 'why');
    expect(summaryOf([left])).toBe('The key is inactive; no stack could be run with it or without.');
    expect(summaryOf([old, left])).toContain(
      '1 of 1 run of the old commit fails as it must, and none of the new commit could be tried.',
    );
    expect(summaryOf([old, broken])).toContain('0 of 1 run of the new commit works.');
  });
});

describe('notTried', () => {
  it('has the accounts in which no stack worked', () => {
    const run = (...accounts: readonly string[]) =>
      ({ workspaces: accounts.map((account) => ({ account })) }) as unknown as StackRun;
    expect(notTried([run('dev', 'live'), run('live')], [run('dev')]).map(({ what }) => what)).toEqual([
      'live of the new commit',
    ]);
  });
});
