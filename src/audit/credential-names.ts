/**
 * What a name promises: which part of an AWS credential it holds, whose service the key is for, and which key is meant. Teams prefix and suffix the SDK's names
 * (`DEV_AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY_PROD`, `awsSecretKey`), so the name is normalised and looked at by its words;
 * names of other clouds (`ARM_ACCESS_KEY`, `R2_SECRET_ACCESS_KEY`) and of places that merely hold a secret (`AWS_SECRET_NAME`) are not meant.
 */
import type { CredentialPart } from './detector.ts';

/** `awsAccessKeyId`, `aws-access-key-id` and `AWS_ACCESS_KEY_ID` in one spelling. */
export function normaliseName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.\s]+/g, '_')
    .toLowerCase();
}

/** The part that a name says it holds when it also says "AWS"; `undefined` for every other name. */
export function awsCredentialPart(name: string): CredentialPart | undefined {
  const words = normaliseName(name);
  if (!/(^|_)aws/.test(words) || holdsSomethingElse.test(words)) return undefined;
  if (/(session|security)_?token(_|$)/.test(words)) return 'token';
  if (
    /secret_?access_?key|access_?key_?secret|secret_?key|access_?secret|aws_?secret_?access|aws_?secret$/.test(words)
  ) {
    return 'secret';
  }
  return /access_?key|access_?id|aws_?key_?id/.test(words) ? 'keyId' : undefined;
}

/**
 * The part a short name holds where the surroundings already say AWS: `access_key` of an S3 backend, `secret_key` of a
 * Packer builder, `access-key-id` of an action.
 */
export function credentialPartInAwsContext(name: string): CredentialPart | undefined {
  const words = normaliseName(name).replace(/^tf_var_/, '');
  switch (words) {
    case 'access_key':
    case 'access_key_id':
    case 'accesskey':
    case 'accesskeyid':
    case 'key_id':
      return 'keyId';
    case 'secret_key':
    case 'secret_access_key':
    case 'access_key_secret':
    case 'secretkey':
    case 'secret_access':
      return 'secret';
    case 'session_token':
    case 'security_token':
      return 'token';
    default:
      return awsCredentialPart(name);
  }
}

/** `aws`: it can be nothing else. `generic`: AWS's word, but other services that copy S3 use it too. */
export type SecretNameKind = 'aws' | 'generic';

/** How surely a name in plain text, where no parser tells what belongs to what, announces a secret access key. */
export function secretNameKind(name: string): SecretNameKind | undefined {
  if (awsCredentialPart(name) === 'secret') return 'aws';
  const words = normaliseName(name);
  if (namesOtherService(name) || otherSecretKeys.test(words)) return undefined;
  if (credentialPartInAwsContext(name) === 'secret') return 'aws';
  return /secret_?(access_?)?key|access_?key_?secret|secret_?access/.test(words) ? 'generic' : undefined;
}

/**
 * What tells one credential from another among names side by side: `dev` in `DEV_AWS_ACCESS_KEY_ID` and in
 * `DEV_AWS_SESSION_TOKEN`, `''` in `AWS_SECRET_ACCESS_KEY`.
 */
export function credentialStem(name: string): string {
  return normaliseName(name)
    .split('_')
    .filter((word) => word !== '' && !partWords.test(word))
    .join('_');
}

/** Names of services that copy S3's API and its words; their keys open nothing at AWS. */
export function namesOtherService(name: string): boolean {
  return otherServices.test(normaliseName(name));
}

const otherServices =
  /(^|_)(r2|cloudflare|minio|spaces|digitalocean|wasabi|b2|backblaze|linode|scw|scaleway|ovh|aliyun|alibaba|alicloud|oss|tencent|tencentcloud|gcs|yandex|yc|ceph|storj|hetzner|vultr|exoscale|localstack)(_|$)/;

/** Other things that are called a secret key: those of frameworks, of clouds without S3's words, of signatures. */
const otherSecretKeys =
  /(^|_)(cf|google|gcp|azure|azurerm|arm|stripe|oci|ibm|django|flask|jwt|session|client|oauth|consumer|captcha|recaptcha|hcaptcha|slack|github|gitlab|webhook|signing|hmac|cookie|encryption)(_|$)/;

const partWords = /^(aws|amazon|(access|secret|session|security)?(access)?(key|token)?(id)?)$/;

const holdsSomethingElse =
  /kms|secrets?_?manager|cognito|_(name|names|arn|arns|path|file|param|parameter|version|age|regex|pattern|length|expiry|expiration|url|uri|bucket|enabled|region|role|user|username)$/;
