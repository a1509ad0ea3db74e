import { describe, expect, test } from 'vitest';
import { readPlainCredential, readShellCredential } from './credential-value.ts';

/** Built at run time, so that the source holds no key. */
const keyId = `AKIA${'RTX3GSDSQA'}MYRNRT`;

describe('a value where a credential is expected', () => {
  test.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['test', 'emulator'],
    ['"mock_access_key"', 'emulator'],
    ['your-access-key-id', 'placeholder'],
    ['<your key>', 'placeholder'],
    ['AKIAXXXXXXXXXXXXXXXX', 'placeholder'],
    ['changeme-please-now', 'placeholder'],
    ['********************', 'placeholder'],
    ['{{ aws_access_key }}', 'placeholder'],
  ])('%j is nothing: %s', (text, why) => {
    expect(readPlainCredential(text)).toEqual({ kind: 'nothing', why });
  });

  test.each([
    [keyId, false],
    ['AKIAIOSFODNN7EXAMPLE', true],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', true],
  ])('%s is one', (text, documentationExample) => {
    expect(readPlainCredential(text)).toMatchObject({ kind: 'literal', documentationExample });
  });

  test.each([
    ['$KEY', { kind: 'name', name: 'KEY' }],
    [`"\${KEY}"`, { kind: 'name', name: 'KEY' }],
    [`\${KEY:-}`, { kind: 'name', name: 'KEY' }],
    ['$(pass show aws/id)', { kind: 'stored', store: 'pass', name: 'aws/id' }],
    ['`op read op://x/y`', { kind: 'stored', store: '1password', name: 'op://x/y' }],
    [
      '$(aws configure get aws_access_key_id --profile x)',
      { kind: 'stored', store: 'aws-config', name: 'aws_access_key_id' },
    ],
    [
      '$(aws ssm get-parameter --name /ci/key --with-decryption)',
      { kind: 'stored', store: 'parameter-store', name: '/ci/key' },
    ],
    ['$(terraform output -raw access_key)', { kind: 'stored', store: 'terraform-output', name: 'access_key' }],
    ['$(echo $STS | jq -r .Credentials.AccessKeyId)', { kind: 'issued' }],
    ['$(aws sts get-session-token --query x)', { kind: 'issued' }],
    ['$(AWS_KEY)', { kind: 'name', name: 'AWS_KEY' }],
    [`"\${sts[0]}"`, { kind: 'name', name: 'sts' }],
  ])('%s in a shell', (text, expected) => {
    expect(readShellCredential(text)).toMatchObject(expected);
  });
});
