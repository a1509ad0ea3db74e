import { describe, expect, it } from 'vitest';
import { verdictText } from './verdict.ts';

const none = { terraform: 0, pipeline: 0, person: 0, application: 0, 'made-by-code': 0 };

describe('verdictText', () => {
  it.each([
    [false, 2, 'not keyless'],
    [true, 0, 'keyless'],
    [true, 1, 'keyless in use, 1 static identity of the code left to retire'],
    [true, 2, 'keyless in use, 2 static identities of the code left to retire'],
  ])('says of keyless %s with %d identities made by the code: %s', (keyless, made, text) => {
    expect(verdictText({ keyless, staticMethods: { ...none, 'made-by-code': made } })).toBe(text);
  });
});
