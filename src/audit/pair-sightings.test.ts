import { describe, expect, it, test } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { LineIndex } from '../formats/line-index.ts';
import { pairSightings } from './pair-sightings.ts';
import { searchText } from './text-search.ts';

const [a, b] = [generateCredential('pair a'), generateCredential('pair b')];
const temporary = generateCredential('pair c', 'ASIA');
const pairA = [a.keyId, a.secret];
const pairB = [b.keyId, b.secret];

function pairs(text: string): string[][] {
  const lines = new LineIndex(text);
  return pairSightings(searchText(text), (at) => lines.position(at).line).map(({ keyId, other }) => [
    keyId.value.reveal(),
    other.value.reveal(),
  ]);
}

describe('pairs', () => {
  test.each([
    ['an id with the secret below it', `access_key = "${a.keyId}"\nsecret_key = "${a.secret}"`],
    ['an id with the secret above it', `secret_key = "${a.secret}"\naccess_key = "${a.keyId}"`],
    ['over a few lines between', `access_key = "${a.keyId}"\nregion = "x"\n\n# why\nsecret_key = "${a.secret}"`],
    ['a CSV line', `Access key ID,Secret access key\n${a.keyId},${a.secret}`],
    ['lines of their own', `${a.keyId}\n${a.secret}`],
  ])('%s', (_, text) => expect(pairs(text)).toEqual([pairA]));

  it('the profiles of a credentials file, each with its own', () => {
    const profile = (name: string, { keyId, secret }: typeof a): string =>
      `[${name}]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n\n`;
    expect(pairs(profile('a', a) + profile('b', b))).toEqual([pairA, pairB]);
  });

  it('the lines of a CSV, each with its own', () => {
    expect(pairs(`${a.keyId},${a.secret}\n${b.keyId},${b.secret}\n`)).toEqual([pairA, pairB]);
  });

  it('blocks of ids and secrets by what their names have in common, in whatever order', () => {
    const text = `DEV_AWS_ACCESS_KEY_ID=${a.keyId}\nLIVE_AWS_ACCESS_KEY_ID=${b.keyId}\nLIVE_AWS_SECRET_ACCESS_KEY=${b.secret}\nDEV_AWS_SECRET_ACCESS_KEY=${a.secret}\n`;
    expect(pairs(text)).toEqual([pairB, pairA]);
  });

  it('an id that stands twice with its one secret', () => {
    expect(pairs(`# ${a.keyId}\naccess_key = "${a.keyId}"\nsecret_key = "${a.secret}"`)).toEqual([pairA]);
  });

  it('a token with the id nearest to it', () => {
    const { keyId, secret, sessionToken } = temporary;
    const text = `aws_access_key_id=${keyId}\naws_secret_access_key=${secret}\naws_session_token=${sessionToken}\n`;
    expect(pairs(text)).toEqual([
      [keyId, secret],
      [keyId, sessionToken],
    ]);
  });

  it('rather by name than by a bare secret nearby', () => {
    expect(pairs(`${a.keyId}\n${b.secret}\naws_secret_access_key=${a.secret}`)).toEqual([pairA]);
  });
});

describe('pairs nothing', () => {
  test.each([
    ['blocks of ids and secrets without telling names', `${a.keyId}\n${b.keyId}\n${a.secret}\n${b.secret}`],
    ['an id on a presigned URL', `X-Amz-Credential=${a.keyId}%2F20261121%2Fx\naws_secret_access_key=${b.secret}`],
    ['what stands too far apart', `access_key = "${a.keyId}"\n${'\n'.repeat(20)}secret_key = "${b.secret}"`],
    ['a secret alone', `secret_key = "${a.secret}"`],
    ['an id alone', a.keyId],
  ])('%s', (_, text) => expect(pairs(text)).toEqual([]));
});
