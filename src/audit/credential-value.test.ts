import { describe, expect, test } from 'vitest';
import {
  awsCredentialPart,
  credentialPartInAwsContext,
  credentialStem,
  namesOtherService,
} from './credential-names.ts';
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

describe('a name that promises a part of an AWS credential', () => {
  test.each([
    ['AWS_ACCESS_KEY_ID', 'keyId', ''],
    ['aws-access-key-id', 'keyId', ''],
    ['awsAccessKeyId', 'keyId', ''],
    ['AWS_ACCESS_KEY', 'keyId', ''],
    ['DEV_AWS_ACCESS_KEY_ID', 'keyId', 'dev'],
    ['AWS_SECRET_ACCESS_KEY_PROD', 'secret', 'prod'],
    ['AWS_SECRET_KEY', 'secret', ''],
    ['aws_access_key_secret', 'secret', ''],
    ['TF_VAR_aws_secret_key', 'secret', 'tf_var'],
    ['AWS_SESSION_TOKEN', 'token', ''],
    ['AWS_SECURITY_TOKEN', 'token', ''],
  ])('%s is a %s', (name, part, stem) => {
    expect(awsCredentialPart(name)).toBe(part);
    expect(credentialStem(name)).toBe(stem);
  });

  test.each([
    'ARM_ACCESS_KEY',
    'SECRET_KEY',
    'R2_SECRET_ACCESS_KEY',
    'AWS_SECRET_NAME',
    'AWS_SECRET_ARN',
    'AWS_SECRETS_MANAGER_KEY',
    'AWS_KMS_KEY_ID',
    'AWS_ACCESS_KEY_ID_PARAMETER',
    'AWS_REGION',
    'AWS_PROFILE',
  ])('%s is none', (name) => {
    expect(awsCredentialPart(name)).toBeUndefined();
  });

  test.each([
    ['access_key', 'keyId'],
    ['secret-access-key', 'secret'],
    ['TF_VAR_access_key', 'keyId'],
    ['session_token', 'token'],
    ['key', undefined],
    ['secret', undefined],
  ])('%s is %s where the surroundings say AWS', (name, part) => {
    expect(credentialPartInAwsContext(name)).toBe(part);
  });

  test.each(['DO_SPACES_ACCESS_KEY', 'R2_SECRET_ACCESS_KEY', 'minio-secret-key'])(
    '%s belongs to another service',
    (name) => {
      expect(namesOtherService(name)).toBe(true);
    },
  );

  test.each(['AWS_ACCESS_KEY_ID', 'LIVE_SECRET_KEY', 'STATE_BUCKET_ACCESS_KEY'])('%s does not', (name) => {
    expect(namesOtherService(name)).toBe(false);
  });
});
