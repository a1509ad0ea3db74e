import { describe, expect, it } from 'vitest';
import type { PolicyKind } from './document.ts';
import { checkPolicyLimits, type PolicyLimitOptions } from './limits.ts';

const filled = (length: number, filler = 'x'): string => filler.repeat(length);

describe('the longest policy', () => {
  it.each<[PolicyKind, number, PolicyLimitOptions, string, string]>([
    ['trust', 2048, {}, 'LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048'],
    ['trust', 4096, { raised: true }, 'LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 4096'],
    ['identity', 6144, {}, 'LimitExceeded', 'Cannot exceed quota for PolicySize: 6144'],
    ['boundary', 6144, {}, 'LimitExceeded', 'Cannot exceed quota for PolicySize: 6144'],
    [
      'inline-user',
      2048,
      { owner: 'alice' },
      'LimitExceeded',
      'Maximum policy size of 2048 bytes exceeded for user alice',
    ],
    [
      'inline-role',
      10_240,
      { owner: 'plan' },
      'LimitExceeded',
      'Maximum policy size of 10240 bytes exceeded for role plan',
    ],
    [
      'inline-permission-set',
      10_240,
      {},
      'ServiceQuotaExceededException',
      'The inline policy exceeds the maximum size of 10240 characters',
    ],
    ['bucket', 20_480, {}, 'PolicyTooLarge', 'Policy exceeds the maximum allowed document size.'],
    ['scp', 5120, {}, 'ConstraintViolationException', 'You have exceeded the maximum policy size.'],
    ['rcp', 5120, {}, 'ConstraintViolationException', 'You have exceeded the maximum policy size.'],
    ['key', 32_768, {}, 'LimitExceededException', 'The key policy exceeds the maximum of 32768 bytes.'],
    ['table', 20_480, {}, 'LimitExceededException', 'Resource-based policy exceeds the maximum of 20480 bytes.'],
  ])('of kind %s has %i', (kind, most, options, code, message) => {
    expect(checkPolicyLimits(filled(most), kind, options)).toEqual([]);
    expect(checkPolicyLimits(filled(most + 1), kind, options)).toEqual([{ code, message, path: '' }]);
  });

  it('of a session has 2048', () => {
    expect(checkPolicyLimits(filled(2048), 'session')).toEqual([]);
    expect(checkPolicyLimits(filled(2049), 'session')[0]?.code).toBe('ValidationError');
  });

  it.each<PolicyKind>(['trust', 'identity', 'inline-user', 'inline-role', 'inline-permission-set', 'boundary'])(
    'of kind %s is counted without white space',
    (kind) => {
      expect(checkPolicyLimits(`${filled(2048)}${filled(20_000, ' \n\t')}`, kind)).toEqual([]);
    },
  );

  it.each<PolicyKind>(['bucket', 'key', 'table', 'scp', 'session'])(
    'of kind %s is counted with white space',
    (kind) => {
      expect(checkPolicyLimits(filled(40_000, ' '), kind)).toHaveLength(1);
    },
  );

  it('of a bucket is counted in bytes', () => {
    expect(checkPolicyLimits(filled(10_241, 'é'), 'bucket')).toHaveLength(1);
  });

  it('of a role is that of all its inline policies', () => {
    expect(checkPolicyLimits(filled(5000), 'inline-role', { others: [filled(5240)] })).toEqual([]);
    expect(checkPolicyLimits(filled(5000), 'inline-role', { others: [filled(5000), filled(241)] })).toHaveLength(1);
  });
});
