import { describe, expect, test } from 'vitest';
import {
  awsCredentialPart,
  credentialPartInAwsContext,
  credentialStem,
  namesOtherService,
  secretNameKind,
} from './credential-names.ts';

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

  test.each([
    ['AWS_SECRET_ACCESS_KEY', 'aws'],
    ['secret_access_key', 'aws'],
    ['live_secret_key', 'generic'],
    ['DJANGO_SECRET_KEY', undefined],
    ['WASABI_SECRET_KEY', undefined],
    ['password', undefined],
  ])('%s announces a secret in plain text: %s', (name, kind) => {
    expect(secretNameKind(name)).toBe(kind);
  });
});
