/** The known false negatives and false positives of other scanners, each by the tool's issue where there is one. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { entityIdPrefixes } from '../aws/access-key-id.ts';
import type { CredentialPart } from './detector.ts';
import { sampleBedrockKey } from './sample-credential.ts';
import { searchText } from './text-search.ts';

const { keyId, secret } = generateCredential('text-search');
const temporary = generateCredential('text-search', 'ASIA');

function found(text: string, part: CredentialPart): string[] {
  return searchText(text)
    .filter((sighting) => sighting.part === part)
    .map(({ value }) => value.reveal());
}

describe('finds the id', () => {
  test.each([
    ['in quotes', `"${keyId}"`],
    ['behind an equals sign', `AWS_ACCESS_KEY_ID=${keyId}`],
    ['in a Dockerfile, although the name ends in id (detect-secrets #608)', `ENV aws_access_key_id=${keyId}`],
    ['behind an escaped newline', `"x\\n${keyId}\\nY"`],
    ['behind a percent-encoded equals sign', `?aws_access_key_id%3D${keyId}%26`],
    ['behind a JSON escape', `"aws_access_key_id\\u003d${keyId}"`],
    ['behind an underscore', `backup_${keyId}.json`],
    ['at the very end', `x ${keyId}`],
    ['alone', keyId],
    ['on a presigned URL (trivy needs an end delimiter)', `?X-Amz-Credential=${keyId}%2F20261121%2Feu-west-1%2Fs3`],
  ])('%s', (_, text) => expect(found(text, 'keyId')).toEqual([keyId]));

  it('for every prefix that is a credential', () => {
    for (const prefix of ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'A3TX']) {
      const id = generateCredential('prefix', prefix).keyId;
      expect(found(`id: ${id}`, 'keyId')).toEqual([id]);
    }
  });

  it('each time it stands there (trufflehog #4535)', () => {
    expect(found(`${keyId} ${keyId}\n${keyId}`, 'keyId')).toHaveLength(3);
  });

  it('whatever surrounds it, as long as no letter or digit touches it', () => {
    const delimiter = fc.constantFrom(' ', '"', "'", '\n', ':', '=', '/', ',', '(', '<', '|', '.', '-', '_', '\u00e9');
    fc.assert(
      fc.property(fc.string(), delimiter, delimiter, fc.string(), (before, left, right, after) => {
        expect(found(before + left + keyId + right + after, 'keyId')).toContain(keyId);
      }),
    );
  });
});

describe('takes for no id', () => {
  test.each(Object.keys(entityIdPrefixes))('an entity id %s… (gitleaks #1049, trivy #2296)', (prefix) => {
    expect(found(`"UserId": "${prefix}${keyId.slice(4)}"`, 'keyId')).toEqual([]);
  });

  test.each([
    ['an id inside long base64', `x9${keyId}a8b7c6d5`],
    ['DNA', `ACCA${'GGTTACGATTACAGGT'}`],
    ['a word (gitleaks #1577)', `TODAYIN${keyId}`],
    ['a placeholder', `AKIA${'X'.repeat(16)}`],
    ['lower case', keyId.toLowerCase()],
    ['21 characters', `${keyId}7`],
  ])('%s', (_, text) => expect(found(text, 'keyId')).toEqual([]));
});

describe('finds the secret by its name', () => {
  test.each([
    ['an assignment', `AWS_SECRET_ACCESS_KEY=${secret}`],
    ['an export with quotes', `export AWS_SECRET_ACCESS_KEY="${secret}"`],
    ['Terraform', `  secret_key = "${secret}"`],
    ['an aligned attribute', `secret_key             = "${secret}"`],
    ['YAML', `aws_secret_access_key: ${secret}`],
    ['JSON', `{"SecretAccessKey":"${secret}"}`],
    ['escaped JSON in JSON', `"{\\"SecretAccessKey\\": \\"${secret}\\"}"`],
    ['a Ruby hash', `:aws_secret_access_key => '${secret}'`],
    ['Go', `awsSecretAccessKey := "${secret}"`],
    ['Python arguments', `set("aws_secret_access_key", "${secret}")`],
    ['a command line', `aws configure set aws_secret_access_key ${secret}`],
    ['a flag', `--secret-key ${secret} --region x`],
    ['XML', `<SecretAccessKey>${secret}</SecretAccessKey>`],
    ['a table', `| Secret access key | ${secret} |`],
    ['prose', `AWS Secret Access Key: ${secret}`],
    ['the root key file', `AWSSecretKey=${secret}`],
    ['a prefixed name', `GITHUB_AWS_SECRET_ACCESS_KEY=${secret}`],
    ['a suffixed name', `AWS_SECRET_ACCESS_KEY_PROD=${secret}`],
    ['a shell default', `AWS_SECRET_ACCESS_KEY="\${AWS_SECRET_ACCESS_KEY:-${secret}}"`],
    ['name and value on two lines', `- name: AWS_SECRET_ACCESS_KEY\n  value: "${secret}"`],
    ['name and value in a task definition', `{\n "name": "AWS_SECRET_ACCESS_KEY",\n "value": "${secret}"\n}`],
    ['a default', `variable "aws_secret_key" {\n  type    = string\n  default = "${secret}"\n}`],
    ['a carriage return', `AWS_SECRET_ACCESS_KEY=${secret}\r\nX=1\r\n`],
    ['the end of a sentence', `the aws_secret_access_key is ${secret}.`],
    ['a trailing escape', `"aws_secret_access_key=${secret}\\n"`],
    ['an upper-case flag file', `secretKey: '${secret}'`],
  ])('in %s', (_, text) => expect(found(text, 'secret')).toEqual([secret]));

  it('through percent encoding, JSON slashes and unicode escapes', () => {
    const tricky = `+/${secret.slice(2)}`;
    const percent = tricky.replaceAll('+', '%2B').replaceAll('/', '%2f');
    const json = tricky.replaceAll('/', '\\/').replaceAll('+', '\\u002B');
    expect(found(`?aws_access_key_id=x&aws_access_key_secret=${percent}&r=1`, 'secret')).toEqual([tricky]);
    expect(found(`{"secret_access_key": "${json}"}`, 'secret')).toEqual([tricky]);
  });

  it('whatever its 40 characters are (KICS misses those with + or /)', () => {
    for (let seed = 0; seed < 500; seed++) {
      const drawn = generateCredential(seed).secret;
      expect(found(`aws_secret_access_key = ${drawn}`, 'secret')).toEqual([drawn]);
    }
  });
});

describe('finds the secret without a name near an id', () => {
  test.each([
    ['on the next line', `${keyId}\n${secret}`],
    ['in a CSV', `Access key ID,Secret access key\n${keyId},${secret}\n`],
    ['before the id', `${secret}\n${keyId}`],
    ['behind an escaped newline', `"${keyId}\\n${secret}\\n"`],
  ])('%s', (_, text) => expect(found(text, 'secret')).toEqual([secret]));

  it('not without one', () => expect(found(`checksum ${secret}`, 'secret')).toEqual([]));
});

describe('takes for no secret', () => {
  test.each([
    ['a git commit', `aws_secret_access_key changed in 4f1c2d3e4b5a69788796a5b4c3d2e1f001234567`],
    ['a reference', `AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}`],
    ['a file', 'secret_access_key_file = "/home/runner/work/Infra1/modules/Network2"'],
    ['part of longer base64', `secret_key = "${secret}${secret}"`],
    ['padded base64', `secret_key = "${secret}="`],
    ['base64url', `aws_secret_key = "${secret}-x"`],
    ['an integrity string (gitleaks #538)', `"integrity": "sha512-aWs${secret}${secret}=="`],
    ['the secret of another service', `CLIENT_SECRET=${secret}`],
    ['the key of another cloud', `R2_SECRET_ACCESS_KEY=${secret}`],
    ['a name of a secret (checkov #5743)', 'SecretKeyName: !Ref ApplicationDatabaseConnectionSecretNameX'],
    ['a path that a tool injected (checkov #7310)', '__file__: /tmp/checkov/Templates/Network1/Stack2.yaml'],
    ['a value several fields later', `AWS_SECRET_ACCESS_KEY: \${{ secrets.X }}\nETAG: ${secret}`],
  ])('%s', (_, text) => expect(found(text, 'secret')).toEqual([]));

  test.each([
    ['a commit', `${keyId} in 4f1c2d3e4b5a69788796a5b4c3d2e1f001234567`],
    ['a path', `${keyId} home/runner/work/Infra1/modules/Network2`],
    ['a signature of version 2', `AWSAccessKeyId=${keyId}&Expires=1&Signature=${secret}`],
    ['a digest', `${keyId}\netag: "${secret}"`],
    [
      'the last line of a certificate',
      `${keyId}\n${secret}${secret.slice(0, 24)}\n${secret}\n-----END CERTIFICATE-----`,
    ],
    ['a JWT', `${keyId} eyJ.${secret}.abc`],
  ])('%s near an id', (_, text) => expect(found(text, 'secret')).toEqual([]));
});

describe('an id on a signed request', () => {
  test.each([
    ['version 4 in a URL', `X-Amz-Credential=${keyId}%2F20261121%2Feu-west-1%2Fs3%2Faws4_request`],
    ['version 4 in a header', `Authorization: AWS4-HMAC-SHA256 Credential=${keyId}/20261121/eu-west-1/s3/aws4_request`],
    ['version 2 in a URL', `https://b.s3.amazonaws.com/k?AWSAccessKeyId=${keyId}&Expires=1700000000&Signature=x%3D`],
    ['version 2 in a header', `Authorization: AWS ${keyId}:x=`],
  ])('is known as such: %s', (_, text) => {
    expect(searchText(text).filter(({ part }) => part === 'keyId')).toMatchObject([{ onSignedRequest: true }]);
  });

  it('is not suspected where it stands for itself', () => {
    expect(searchText(`AWSAccessKeyId=${keyId}\nAWSSecretKey=${secret}\n`)[0]).toMatchObject({
      onSignedRequest: false,
    });
  });
});

it('finds session tokens beside their keys', () => {
  const text = `AWS_ACCESS_KEY_ID=${temporary.keyId}\nAWS_SESSION_TOKEN=${temporary.sessionToken}\n`;
  expect(found(text, 'token')).toEqual([temporary.sessionToken]);
  expect(found(`{"AccessKeyId":"${temporary.keyId}","SessionToken":"${temporary.sessionToken}"}`, 'token')).toEqual([
    temporary.sessionToken,
  ]);
});

describe('looks into base64', () => {
  const encode = (text: string): string => Buffer.from(text).toString('base64');

  it('of Kubernetes secrets, where each value is encoded alone', () => {
    const text = `data:\n  AWS_ACCESS_KEY_ID: ${encode(keyId)}\n  AWS_SECRET_ACCESS_KEY: ${encode(secret)}\n`;
    expect(searchText(text)).toMatchObject([
      { part: 'keyId', via: 'base64', at: text.indexOf(encode(keyId)) },
      { part: 'secret', via: 'base64', at: text.indexOf(encode(secret)) },
    ]);
  });

  test.each([0, 1, 2])('of user data, whatever the alignment (%i)', (shift) => {
    const script = `#!/bin/sh${'\n'.repeat(shift)}export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`;
    const text = `user_data = "${encode(script)}"`;
    expect(found(text, 'keyId')).toEqual([keyId]);
    expect(found(text, 'secret')).toEqual([secret]);
  });
});

it('finds Bedrock keys, which are no pair', () => {
  expect(searchText(`AWS_BEARER_TOKEN_BEDROCK=${sampleBedrockKey}`)).toMatchObject([{ bedrock: true, part: 'secret' }]);
  const shortLived = `bedrock-api-key-${Buffer.from(`bedrock.amazonaws.com/?${secret.repeat(5)}`).toString('base64')}`;
  expect(searchText(`token: ${shortLived}`).filter(({ bedrock }) => bedrock)).toMatchObject([{ part: 'token' }]);
});

it('is total: any text gives sightings that lie within it, in order', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(keyId, secret, 'secret_key', '="', '\\', '%2B', '\n', 'QUtJQ', 'session_token'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const positions = searchText(text).map(({ at }) => at);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(positions.every((at) => at >= 0 && at < text.length)).toBe(true);
    }),
  );
});
