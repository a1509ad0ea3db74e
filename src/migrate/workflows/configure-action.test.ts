/** Which versions of the action still run, by tag, commit and comment. */
import { describe, expect, it } from 'vitest';
import { isSupported } from './configure-action.ts';

describe('a version that still runs', () => {
  it.each([
    ['v4', ''],
    ['v4.0.2', ''],
    ['v5', ''],
    ['v6.2.3', ''],
    ['v10', ''],
    ['main', ''],
    ['e3dd6a429d7300a6a4c196c26e071d42e0343502', ''],
    ['0123456789012345678901234567890123456789', ' v4.1.0'],
  ])('%s%s stays', (ref, comment) => {
    expect(isSupported(ref, comment)).toBe(true);
  });

  it.each([
    ['v1', ''],
    ['v1-node16', ''],
    ['v1.7.0', ''],
    ['v2', ''],
    ['v3.0.2', ''],
    ['master', ''],
    ['5fd3084fc36e372ff1fff382a39b10d03659f355', ' v2.2.0'],
    ['0123456789012345678901234567890123456789', ''],
  ])('%s%s does not', (ref, comment) => {
    expect(isSupported(ref, comment)).toBe(false);
  });
});
