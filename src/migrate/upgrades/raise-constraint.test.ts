import { describe, expect, it } from 'vitest';
import { raiseConstraint } from './raise-constraint.ts';

const provider = { from: 4, to: '5.100.0' };

describe('raiseConstraint', () => {
  it.each([
    ['~> 4.67', '~> 5.100'],
    ['~> 4.67.0', '~> 5.100.0'],
    ['~> 4', '~> 5'],
    ['~>4.0', '~>5.100'],
    ['4.67.0', '5.100.0'],
    ['= 4.67.0', '= 5.100.0'],
    ['>= 4.0, < 5.0', '>= 4.0, < 6.0'],
    ['>= 4.0, < 5.0.0', '>= 4.0, < 6.0.0'],
    ['>= 3.74, <5', '>= 3.74, <6'],
    ['>= 4.0, <= 4.67', '>= 4.0, < 6.0'],
    ['>= 4.0, < 4.50', '>= 4.0, < 6.0'],
  ])('raises %s to %s', (before, after) => {
    expect(raiseConstraint(before, provider)).toEqual({ kind: 'raised', constraint: after });
  });

  it.each(['>= 4.0', '~> 5.0', '>= 4.0, < 6.0', '>= 3.0', '5.46.0', '!= 4.66.0', '> 4'])(
    'leaves %s, which lets 5 in',
    (constraint) => {
      expect(raiseConstraint(constraint, provider)).toEqual({ kind: 'already' });
    },
  );

  it.each(['~> 3.74', '3.76.1', '>= 2.0, < 4.0', '<= 3.9'])('does not jump over a major from %s', (constraint) => {
    expect(raiseConstraint(constraint, provider)).toEqual({ kind: 'too-old' });
  });

  it('does not guess at what it cannot read', () => {
    expect(raiseConstraint('latest', provider)).toEqual({ kind: 'unknown' });
  });

  it('changes nothing the second time', () => {
    for (const constraint of ['~> 4.67', '4.67.0', '>= 4.0, < 5.0', '>= 4.0, <= 4.67']) {
      const once = raiseConstraint(constraint, provider);
      expect(once.kind === 'raised' && raiseConstraint(once.constraint, provider)).toEqual({ kind: 'already' });
    }
  });
});
