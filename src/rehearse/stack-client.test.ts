import { describe, expect, it } from 'vitest';
import { fixFor } from './stack-client.ts';
import type { StackRun } from './stack-runs.ts';

describe('fixFor', () => {
  const run = (lockTable: string | undefined) => ({ backend: { lockTable } }) as unknown as StackRun;
  const none = 'ResourceNotFoundException: Requested resource not found';

  it('says where Terraform looks for a lock table that is not there', () => {
    expect(fixFor(none, { run: run('locks'), fix: 'mend it' })).toContain('state[].lock_table.account');
    expect(fixFor(none, { run: run(undefined), fix: 'mend it' })).toBe('mend it');
    expect(fixFor('AccessDenied', { run: run('locks'), fix: 'mend it' })).toBe('mend it');
  });
});
