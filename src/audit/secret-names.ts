/**
 * Names that announce the secret half of a key in plain text, where no parser tells what belongs to what, and the
 * stem that says which key is meant: `DEV` in `DEV_AWS_SECRET_KEY`.
 */
import { awsCredentialPart, credentialPartInAwsContext, normaliseName } from './credential-names.ts';

/** `aws`: it can be nothing else. `generic`: AWS's word, but other services that copy S3 use it too. */
export type SecretNameKind = 'aws' | 'generic';

export function secretNameKind(name: string): SecretNameKind | undefined {
  if (awsCredentialPart(name) === 'secret') return 'aws';
  const words = normaliseName(name);
  if (otherServices.test(words)) return undefined;
  if (credentialPartInAwsContext(name) === 'secret') return 'aws';
  return /secret_?(access_?)?key|access_?key_?secret|secret_?access/.test(words) ? 'generic' : undefined;
}

/** What is left of a name without the words that every such name has; `''` when nothing is. */
export function nameStem(name: string): string {
  return normaliseName(name)
    .replace(/^tf_var_/, '')
    .split('_')
    .filter(
      (word) => !/^(aws|amazon|access|accesskey|accesskeyid|secret|secretkey|secretaccesskey|key|keyid|id)$/.test(word),
    )
    .join('_');
}

const otherServices =
  /(^|_)(r2|cloudflare|cf|minio|spaces|digitalocean|wasabi|b2|backblaze|linode|scw|scaleway|ovh|aliyun|alibaba|alicloud|oss|tencent|tencentcloud|gcs|google|gcp|azure|azurerm|arm|stripe|oci|ibm|yandex|yc|django|flask|jwt|session|client|oauth|consumer|captcha|recaptcha|hcaptcha|slack|github|gitlab|webhook|signing|hmac|cookie|encryption)(_|$)/;
