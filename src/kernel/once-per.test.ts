import { expect, it } from 'vitest';
import { oncePer } from './once-per.ts';

it('computes once for every key, answers of undefined included', () => {
  const asked: object[] = [];
  const answer = oncePer((key: object) => {
    asked.push(key);
    return undefined;
  });
  const [a, b] = [{}, {}];
  for (const key of [a, b, a, b]) expect(answer(key)).toBeUndefined();
  expect(asked).toEqual([a, b]);
});

it('asks again where the last time failed', () => {
  let failing = true;
  const answer = oncePer((_: object) => {
    if (failing) throw new RangeError('not yet');
    return 1;
  });
  const key = {};
  expect(() => answer(key)).toThrow(RangeError);
  failing = false;
  expect(answer(key)).toBe(1);
});
