/**
 * The arguments by which a provider, a backend or a reader of remote state authenticates to AWS. The three take nearly
 * the same names, so they are read once, here.
 *
 * Sources: terraform-provider-aws `internal/provider/framework/provider.go`, terraform
 * `internal/backend/remote-state/s3/backend.go`, terraform-provider-awscc `docs/index.md`.
 */
import { parseRoleArn } from '../../aws/arn.ts';
import { type HclExpression, references } from '../../formats/hcl/index.ts';
import { looksLikeKeyMaterial, readPlainCredential } from '../credential-value.ts';
import type { CredentialPart, Report } from '../detector.ts';
import { plainString } from './expression.ts';
import type { ModuleCode } from './module-code.ts';
import { possibleTexts } from './possible-strings.ts';
import type { Setting, Settings } from './settings.ts';
import { valueSources } from './value-source.ts';

export interface KeyArgument {
  readonly part: CredentialPart;
  readonly setting: Setting;
}

export interface AssumedRole {
  readonly at: number;
  /** Absent when the block names none. */
  readonly arn: HclExpression | undefined;
  /** `role_arn` directly in the backend instead of inside `assume_role`. */
  readonly flat: boolean;
}

export interface AwsArguments {
  readonly keys: readonly KeyArgument[];
  readonly profile: Setting | undefined;
  readonly sharedFiles: readonly Setting[];
  /** In the order in which they are assumed. */
  readonly roles: readonly AssumedRole[];
  readonly webIdentity: readonly Settings[];
  readonly accountGuard: boolean;
  readonly endpoint: 'aws' | 'local' | 'foreign';
}

/** Reads the arguments of one place from its settings and those that override files add. */
export function awsArguments(settings: readonly Settings[]): AwsArguments {
  return {
    keys: settings.flatMap(keyArguments),
    profile: settings.map((each) => each.get('profile')).findLast((profile) => !isEmpty(profile)),
    sharedFiles: settings.flatMap((each) => sharedFileNames.flatMap((name) => each.get(name) ?? [])),
    roles: settings.flatMap(assumedRoles),
    webIdentity: settings.flatMap((each) => each.nested('assume_role_with_web_identity')),
    accountGuard: settings.some((each) => each.has('allowed_account_ids') || each.has('forbidden_account_ids')),
    endpoint: endpointOf(settings),
  };
}

/** No argument names a credential: the SDK's own search decides. */
export function isAmbient(read: AwsArguments): boolean {
  return (
    read.keys.length === 0 &&
    read.profile === undefined &&
    read.sharedFiles.length === 0 &&
    read.roles.length === 0 &&
    read.webIdentity.length === 0
  );
}

/**
 * How much the key arguments of a place weigh. `emulator`: dummies for LocalStack, which open nothing. `placeholder`: text that
 * somebody is meant to replace. `leased`: Vault issues them for the run. `stored`: everything else, by value or by name.
 */
export type KeyWeight = 'stored' | 'leased' | 'emulator' | 'placeholder';

export function weightOfKeys(read: AwsArguments): KeyWeight {
  const weights = read.keys.map(({ setting }): KeyWeight => {
    if (comesFromVault(setting.value)) return 'leased';
    const text = plainString(setting.value);
    if (text === undefined) return 'stored';
    const value = readPlainCredential(text);
    if (value.kind === 'nothing')
      return value.why === 'emulator' || read.endpoint === 'local' ? 'emulator' : 'placeholder';
    return read.endpoint === 'local' && !looksLikeKeyMaterial(text) ? 'emulator' : 'stored';
  });
  return (
    weights.find((weight) => weight === 'stored') ??
    weights.find((weight) => weight === 'placeholder') ??
    weights[0] ??
    'stored'
  );
}

/** `access_key from var.access_key, secret_key written out here`: where the parts come from, never what they are. */
export function describeKeys(read: AwsArguments, source: string): string {
  return read.keys.map(({ setting }) => `${setting.name} ${describeOrigin(setting.value, source)}`).join(', ');
}

/** `from var.x`, `written out here`, or `computed here`. */
export function describeOrigin(expression: HclExpression, source: string): string {
  if (plainString(expression) !== undefined) return 'written out here';
  const names = [...new Set(references(expression).map((each) => source.slice(each.start, each.end)))];
  return names.length === 0 ? 'computed here' : `from ${names.join(' and ')}`;
}

/** The key comes from Vault's AWS secrets engine: a lease, not a stored key. */
function comesFromVault(expression: HclExpression): boolean {
  return references(expression).some((traversal) => {
    const first = traversal.steps[0];
    const type = traversal.root === 'data' || traversal.root === 'ephemeral' ? first : undefined;
    return type?.kind === 'attribute' && type.name === 'vault_aws_access_credentials';
  });
}

/** Reports every key argument as a use of its part; dummies and placeholders are none. */
export function reportKeyUses(read: AwsArguments, slot: string, module: ModuleCode, report: Report): void {
  for (const { part, setting } of read.keys) {
    for (const source of valueSources(setting.value, module)) report.use({ at: setting.start, slot, part, source });
  }
}

/** The ARNs a role can have; as written where that is not known. */
export function roleArnsOf(roles: readonly AssumedRole[], module: ModuleCode, source: string): readonly string[] {
  return roles.flatMap(({ arn }) => (arn === undefined ? [] : possibleTexts(arn, module, source)));
}

/** The one account that all role ARNs name, if there is just one. */
export function onlyAccountOf(arns: readonly string[]): string | undefined {
  const accounts = new Set(arns.map((arn) => parseRoleArn(arn)?.account));
  const [only] = accounts;
  return accounts.size === 1 ? only : undefined;
}

const sharedFileNames = ['shared_credentials_file', 'shared_credentials_files', 'shared_config_files'];
const keyNames = { access_key: 'keyId', secret_key: 'secret', token: 'token' } as const;
function keyArguments(settings: Settings): readonly KeyArgument[] {
  return Object.entries(keyNames).flatMap(([name, part]) => {
    const setting = settings.get(name);
    return setting === undefined || isEmpty(setting) ? [] : [{ part, setting }];
  });
}

function assumedRoles(settings: Settings): readonly AssumedRole[] {
  const nested = settings
    .nested('assume_role')
    .map((each) => ({ at: each.start, arn: each.get('role_arn')?.value, flat: false }));
  const whole = settings.get('assume_role');
  const byReference =
    whole !== undefined && nested.length === 0 ? [{ at: whole.start, arn: whole.value, flat: false }] : [];
  const flat = settings.get('role_arn');
  return [
    ...nested,
    ...byReference,
    ...(flat === undefined || isEmpty(flat) ? [] : [{ at: flat.start, arn: flat.value, flat: true }]),
  ];
}

function endpointOf(settings: readonly Settings[]): AwsArguments['endpoint'] {
  const hosts = settings.flatMap((each) =>
    [each.get('endpoint'), ...each.nested('endpoints').flatMap((endpoints) => endpoints.all())].flatMap((setting) => {
      const url = setting === undefined ? undefined : plainString(setting.value);
      return url === undefined || url === '' ? [] : [url];
    }),
  );
  if (
    hosts.some((host) => /localhost|127\.0\.0\.1|0\.0\.0\.0|localstack|host\.docker\.internal|:4566|moto/.test(host))
  ) {
    return 'local';
  }
  return hosts.some((host) => !/amazonaws\.com(\.cn)?\b|\bapi\.aws\b|vpce/.test(host)) ? 'foreign' : 'aws';
}

function isEmpty(setting: Setting | undefined): boolean {
  return setting === undefined || plainString(setting.value) === '';
}
