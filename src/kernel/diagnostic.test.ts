import { expect, it } from 'vitest';
import { compareLocations, severities, severityRank } from './diagnostic.ts';

it('ranks severities from the worst', () => {
  expect(severities.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
});

it('orders places by path, line and column', () => {
  const places = ['b.tf:1:1', 'a.tf:10:1', 'a.tf:2:9', 'a.tf:2:1', 'B.tf:1:1'].map((text) => {
    const [path = '', line, column] = text.split(':');
    return { path, line: Number(line), column: Number(column) };
  });
  expect(places.sort(compareLocations).map(({ path, line, column }) => `${path}:${line}:${column}`)).toEqual([
    'B.tf:1:1',
    'a.tf:2:1',
    'a.tf:2:9',
    'a.tf:10:1',
    'b.tf:1:1',
  ]);
});
