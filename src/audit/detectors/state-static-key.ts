/** State files in the tree, and the state inside saved plans: keys and passwords that Terraform wrote down, and the backend's own credentials. */
import { findMember, findValue, type JsonObject, type JsonValue } from '../../formats/json/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { readPlainCredential } from '../credential-value.ts';
import { type CredentialPart, type Detector, defineDetector, type Report } from '../detector.ts';

export const stateStaticKey: Detector = defineDetector({
  id: 'state-static-key',
  title: 'State in the tree holds a credential',
  severity: 'critical',
  class: 'static',
  why: 'State keeps every attribute in clear, sensitive or not; a copy in the tree hands it to everybody who has the repository.',
  fix: 'Take the file out of the tree and of its history, keep state in S3, deactivate the keys and change the passwords it held.',
  source: 'https://developer.hashicorp.com/terraform/language/manage-sensitive-data',
  flagged: [
    {
      path: 'terraform.tfstate',
      text: '{"version": 4, "resources": [{"mode": "managed", "type": "aws_iam_access_key", "name": "ci", "instances": [{"attributes": {"id": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}]}]}',
    },
    {
      path: 'terraform.tfstate.backup',
      text: '{"version": 3, "modules": [{"path": ["root"], "resources": {"aws_iam_user_login_profile.ann": {"type": "aws_iam_user_login_profile", "primary": {"attributes": {"password": "correct-horse-battery"}}}}}]}',
    },
    {
      path: '.terraform/terraform.tfstate',
      text: '{"version": 3, "backend": {"type": "s3", "config": {"bucket": "b", "access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}}',
    },
    {
      path: 'errored.tfstate',
      text: '{"version": 4, "outputs": {"aws_secret_access_key": {"value": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "type": "string"}}}',
    },
    {
      path: 'x.tfstate',
      text: '{"version": 4, "resources": [{"type": "aws_lambda_function", "name": "f", "instances": [{"attributes": {"environment": [{"variables": {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}}]}}]}]}',
    },
    {
      path: 'live.tfplan!tfstate',
      text: '{"version": 4, "outputs": {}, "resources": [{"mode": "managed", "type": "aws_iam_access_key", "name": "ci", "instances": [{"attributes": {"id": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}]}]}',
    },
  ],
  clean: [
    { path: 'terraform.tfstate', text: '{"version": 4, "resources": [], "outputs": {"bucket": {"value": "b"}}}' },
    {
      path: '.terraform/terraform.tfstate',
      text: '{"version": 3, "backend": {"type": "s3", "config": {"bucket": "b", "access_key": null, "profile": "x"}}}',
    },
    {
      path: 'terraform.tfstate',
      text: '{"version": 4, "resources": [{"type": "aws_iam_access_key", "name": "ci", "instances": [{"attributes": {"id": "AKIAIOSFODNN7EXAMPLE", "secret": null, "encrypted_secret": "wcBM"}}]}]}',
    },
  ],
  detect(file, report) {
    if (file.format !== 'state') return;
    const { root } = file.json();
    if (root?.kind !== 'object') return;
    reportBackend(file, root, report);
    for (const resource of stateResources(root)) reportResource(file, resource, report);
    reportOutputs(file, root, report);
  },
});

interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly attributes: JsonObject;
}

/** Secret attributes by resource type; the part is given where it belongs to an access key. */
const secretAttributes: Readonly<Record<string, Readonly<Record<string, CredentialPart | 'password'>>>> = {
  aws_iam_access_key: { secret: 'secret', ses_smtp_password: 'password', ses_smtp_password_v4: 'password' },
  aws_iam_user_login_profile: { password: 'password' },
  aws_iam_service_specific_credential: { service_password: 'password', service_credential_secret: 'password' },
  aws_lightsail_bucket_access_key: { secret_access_key: 'secret' },
  aws_ecr_authorization_token: { password: 'password', authorization_token: 'password' },
  aws_ecrpublic_authorization_token: { password: 'password', authorization_token: 'password' },
  aws_eks_cluster_auth: { token: 'password' },
  aws_secretsmanager_secret_version: { secret_string: 'password' },
  aws_ssm_parameter: { value: 'password' },
  vault_aws_access_credentials: { secret_key: 'secret', security_token: 'token' },
  vault_aws_secret_backend: { secret_key: 'secret' },
};

const keyIdAttributes: Readonly<Record<string, string>> = {
  aws_iam_access_key: 'id',
  aws_lightsail_bucket_access_key: 'access_key_id',
  vault_aws_access_credentials: 'access_key',
  vault_aws_secret_backend: 'access_key',
};

/** A saved plan is an archive that carries the state it was made from, twice. */
function isInPlan({ path }: SourceFile): boolean {
  return /!tfstate(-prev)?$/.test(path);
}

const planFix =
  'Delete the saved plan and keep plans out of the tree and its history; deactivate the keys and change the passwords it held.';

function reportResource(file: SourceFile, { address, type, attributes }: StateResource, report: Report): void {
  const inPlan = isInPlan(file);
  const slot = `${file.path}#${attributes.start}`;
  const secrets = Object.entries(secretAttributes[type] ?? {}).flatMap(([name, part]) => {
    if (type === 'aws_ssm_parameter' && stringAt(attributes, 'type')?.value !== 'SecureString') return [];
    const value = stringAt(attributes, name);
    return value === undefined || value.value === '' ? [] : [{ name, part, value }];
  });
  const keyId = keyIdAttributes[type];
  if (keyId !== undefined && secrets.length > 0) secrets.push(...literal(attributes, keyId, 'keyId'));
  const named = type in secretAttributes ? [] : credentialMembers(attributes);
  const all = [...secrets, ...named];
  const [first] = all;
  if (first === undefined) return;
  for (const { part, value } of all) {
    const read = readPlainCredential(value.value);
    if (part === 'password' || read.kind !== 'literal') continue;
    report.use({ at: value.start, slot, part, source: { kind: 'literal', value: read.value } });
  }
  const isKey = all.some(({ part }) => part !== 'password');
  const detail = `${address} has ${all.map(({ name }) => name).join(', ')} in clear.`;
  report.finding({
    at: first.value.start,
    identity: address,
    usedBy: 'made-by-code',
    ...(isKey ? {} : { severity: 'high' as const }),
    ...(inPlan ? { fix: planFix } : {}),
    detail,
  });
  if (!isKey) return;
  report.method({
    at: first.value.start,
    kind: inPlan ? 'plan-static-key' : 'state-static-key',
    class: 'static',
    usedBy: 'made-by-code',
    subject: address,
    detail: `State of ${address}${inPlan ? ', in a saved plan,' : ''} holds an AWS key.`,
  });
}

/** What `terraform init` copies of the backend's configuration, partial configuration included. */
function reportBackend(file: SourceFile, root: JsonObject, report: Report): void {
  const config = findValue(root, ['backend', 'config']);
  if (config?.kind !== 'object') return;
  const found = [
    ...literal(config, 'access_key', 'keyId'),
    ...literal(config, 'secret_key', 'secret'),
    ...literal(config, 'token', 'token'),
    ...literal(config, 'sse_customer_key', 'password'),
    ...literal(config, 'password', 'password'),
  ];
  const [first] = found;
  if (first === undefined) return;
  const isS3 = stringAt(root, 'type', ['backend'])?.value === 's3';
  for (const { part, value } of found) {
    const read = readPlainCredential(value.value);
    if (!isS3 || part === 'password' || read.kind !== 'literal') continue;
    report.use({ at: value.start, slot: `${file.path}#backend`, part, source: { kind: 'literal', value: read.value } });
  }
  const detail = `terraform init copied ${found.map(({ name }) => name).join(', ')} of the backend into this file.`;
  report.finding({
    at: first.value.start,
    identity: 'backend',
    usedBy: 'terraform',
    fix: 'Remove the keys from the backend’s configuration, delete the .terraform folder and deactivate the key.',
    fixRule: 'B1',
    detail,
  });
  report.method({
    at: first.value.start,
    kind: 'state-static-key',
    class: 'static',
    usedBy: 'terraform',
    subject: 'backend as terraform init left it',
    detail,
  });
}

function reportOutputs(file: SourceFile, root: JsonObject, report: Report): void {
  const outputs = [findValue(root, ['outputs']), ...modulesOf(root).map((module) => findValue(module, ['outputs']))];
  for (const group of outputs) {
    if (group?.kind !== 'object') continue;
    for (const { key, value: output } of group.members) {
      const part = awsCredentialPart(key.value);
      const value =
        output.kind === 'object' ? stringAt(output, 'value') : output.kind === 'string' ? output : undefined;
      const read = value === undefined ? undefined : readPlainCredential(value.value);
      if (part === undefined || value === undefined || read?.kind !== 'literal') continue;
      report.use({
        at: value.start,
        slot: `${file.path}#outputs`,
        part,
        source: { kind: 'literal', value: read.value },
      });
      report.finding({
        at: value.start,
        identity: `output ${key.value}`,
        usedBy: 'made-by-code',
        ...(isInPlan(file) ? { fix: planFix } : {}),
        detail: `Output ${key.value} holds a part of an AWS key in clear.`,
      });
    }
  }
}

/** Version 4 has a list of resources with instances; version 3 a map of them in each module. */
function stateResources(root: JsonObject): readonly StateResource[] {
  const current = arrayOf(findValue(root, ['resources'])).flatMap((resource): readonly StateResource[] => {
    if (resource.kind !== 'object') return [];
    const type = stringAt(resource, 'type')?.value ?? '';
    const data = stringAt(resource, 'mode')?.value === 'data' ? 'data.' : '';
    const address = `${data}${type}.${stringAt(resource, 'name')?.value ?? ''}`;
    return arrayOf(findValue(resource, ['instances'])).flatMap((instance) => {
      const attributes = findValue(instance, ['attributes']) ?? findValue(instance, ['attributes_flat']);
      return attributes?.kind === 'object' ? [{ address, type, attributes }] : [];
    });
  });
  const old = modulesOf(root).flatMap((module) => {
    const resources = findValue(module, ['resources']);
    return (resources?.kind === 'object' ? resources.members : []).flatMap(
      ({ key, value }): readonly StateResource[] => {
        const attributes = findValue(value, ['primary', 'attributes']);
        const type = value.kind === 'object' ? stringAt(value, 'type')?.value : undefined;
        return attributes?.kind === 'object' ? [{ address: key.value, type: type ?? '', attributes }] : [];
      },
    );
  });
  return [...current, ...old];
}

function modulesOf(root: JsonObject): readonly JsonValue[] {
  return arrayOf(findValue(root, ['modules']));
}

/** Environment variables and the like, wherever a resource keeps them. */
function credentialMembers(
  value: JsonValue,
): { name: string; part: CredentialPart; value: JsonValue & { kind: 'string' } }[] {
  if (value.kind === 'array') return value.elements.flatMap(credentialMembers);
  if (value.kind !== 'object') return [];
  const pairName = stringAt(value, 'name')?.value;
  const pairPart = pairName === undefined ? undefined : awsCredentialPart(pairName);
  const pair = pairName === undefined || pairPart === undefined ? [] : literal(value, 'value', pairPart, pairName);
  return [
    ...pair,
    ...value.members.flatMap(({ key, value: inner }) => {
      // Version 3 flattens: `environment.0.variables.AWS_ACCESS_KEY_ID`.
      const part = awsCredentialPart(key.value.slice(key.value.lastIndexOf('.') + 1));
      if (inner.kind === 'string' && part !== undefined) return literal(value, key.value, part);
      return credentialMembers(inner);
    }),
  ];
}

function literal<P extends CredentialPart | 'password'>(
  object: JsonObject,
  name: string,
  part: P,
  shownAs: string = name,
): { name: string; part: P; value: JsonValue & { kind: 'string' } }[] {
  const value = stringAt(object, name);
  return value === undefined || readPlainCredential(value.value).kind !== 'literal'
    ? []
    : [{ name: shownAs, part, value }];
}

function stringAt(
  object: JsonObject,
  name: string,
  path: readonly string[] = [],
): (JsonValue & { kind: 'string' }) | undefined {
  const holder = path.length === 0 ? object : findValue(object, [...path]);
  const value = holder?.kind === 'object' ? findMember(holder, name)?.value : undefined;
  return value?.kind === 'string' ? value : undefined;
}

function arrayOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value?.kind === 'array' ? value.elements : [];
}
