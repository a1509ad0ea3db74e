import { describe, expect, it, test } from 'vitest';
import {
  accountOfKeyId,
  documentedExamples,
  doubtAboutKeyId,
  entityIdPrefixes,
  isDocumentationExample,
  keyIdKind,
  keyIdPrefixes,
} from './access-key-id.ts';

describe('keyIdKind', () => {
  test.each([
    ['AKIA', 'long-term'],
    ['ASIA', 'temporary'],
    ['ABIA', 'service-bearer'],
    ['ACCA', 'context-specific'],
    ['A3TX', 'legacy'],
  ])('reads %s… as %s', (prefix, kind) => {
    expect(keyIdKind(`${prefix}QNZGKIQY56ABCDEF`)).toBe(kind);
  });

  test.each(Object.keys(entityIdPrefixes))('never takes the entity id %s… for a key', (prefix) => {
    expect(keyIdKind(`${prefix}QNZGKIQY56ABCDEF`)).toBeUndefined();
  });

  test.each([
    ['too short', 'QNZGKIQY56ABCDE'],
    ['too long', 'QNZGKIQY56ABCDEFG'],
    ['lower case', 'qnzgkiqy56abcdef'],
  ])('rejects an id that is %s', (_, tail) => {
    for (const prefix of keyIdPrefixes) expect(keyIdKind(prefix + tail)).toBeUndefined();
  });
});

describe('accountOfKeyId', () => {
  test.each([
    ['Y34FZKBOKM', '609629065308'],
    ['QNZGKIQY56', '029608264753'],
    ['RTX3GSDSQA', '111122223333'],
    ['QAAAAAAAQA', '000000000001'],
    ['6RVFFB77QA', '999999999999'],
  ])('decodes …%s… to %s', (tail, account) => {
    for (const prefix of keyIdPrefixes) expect(accountOfKeyId(`${prefix}${tail}ABCDEF`)).toBe(account);
  });

  it('depends on the ten characters behind the prefix only', () => {
    expect(accountOfKeyId('AKIA' + 'RTX3GSDSQA' + '222222')).toBe('111122223333');
  });

  test.each([...'ABCDEFGHIJKLMNOP'])(
    'knows no account for an id of the old generation (fifth character %s)',
    (fifth) => {
      expect(accountOfKeyId(`AKIA${fifth}TX3GSDSQAABCDEF`)).toBeUndefined();
    },
  );

  test.each([...'QRSTUVWXYZ234'])('knows the account for an id of the new generation (fifth character %s)', (fifth) => {
    expect(accountOfKeyId(`AKIA${fifth}AAAAAAAQAABCDEF`)).toMatch(/^\d{12}$/);
  });

  it('gives no account for a number that no account can have', () => {
    expect(accountOfKeyId(`AKIA${'7777777777'}ABCDEF`)).toBeUndefined();
  });

  it('gives no account for an entity id or characters outside base32', () => {
    expect(accountOfKeyId('AROAQNZGKIQY56ABCDEF')).toBeUndefined();
    expect(accountOfKeyId(`AKIA${'QNZGKIQY08'}ABCDEF`)).toBeUndefined();
  });
});

describe('doubtAboutKeyId', () => {
  it('has none about an id drawn from base32', () => {
    expect(doubtAboutKeyId(`AKIA${'QNZGKIQY56ABCDEF'}`)).toBeUndefined();
  });

  test.each([
    ['repeats', `AKIA${'X'.repeat(16)}`],
    ['does not use', `AKIA${'1234567890ABCDEF'}`],
    ['could be a word', `ASIA${'PACIFICSOUTHEAST'}`],
    ['older', `A3TX${'QNZGKIQY56ABCDEF'}`],
  ])('says that it %s', (words, id) => {
    expect(doubtAboutKeyId(id)).toContain(words);
  });

  it('has none about a long-term id without a digit', () => {
    expect(doubtAboutKeyId(`AKIA${'QNZGKIQYABCDEFHJ'}`)).toBeUndefined();
  });
});

it('judges both halves of a documented pair alike', () => {
  for (const { keyId, secret } of documentedExamples) {
    expect(isDocumentationExample(keyId)).toBe(true);
    expect(isDocumentationExample(secret)).toBe(true);
  }
});
