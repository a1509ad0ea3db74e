/** The state buckets that backends name, with what the code tells of each: region, lock table, key, owning account. */
import { parseArn } from '../../aws/arn.ts';
import { findAttribute, findBlocks, type HclBody, type HclExpression, staticString } from '../../formats/hcl/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import {
  attributeOf,
  type Placed,
  type Repository,
  resolveByWorkspace,
  resolveText,
  rootModules,
  type SourceFile,
  type StaticValue,
  staticText,
} from '../../repository/index.ts';
import type { Fact, Maybe } from './draft.ts';
import type { StackAccounts } from './stack-accounts.ts';

export interface StateBucket {
  readonly bucket: Fact<string>;
  readonly region: Maybe<string>;
  readonly lockTable: Maybe<string>;
  /** As written: an ARN, an id or an alias. */
  readonly kmsKeyId: Maybe<string>;
  /** Account id. */
  readonly account: Maybe<string>;
  /** Profile that a backend reaches it with, whose name may hold that of an account. */
  readonly profile: Maybe<string>;
}

export function stateBuckets(
  repository: Repository,
  stacks: readonly StackAccounts[],
  keyAccount: Maybe<string>,
): readonly StateBucket[] {
  const byBucket = new Map<string, BackendSettings[]>();
  for (const settings of [
    ...backendBlocks(repository),
    ...partialConfigurations(repository),
    ...terragrunt(repository),
  ]) {
    const bucket = settings.get('bucket')?.value;
    if (bucket !== undefined) byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), settings]);
  }
  return [...byBucket].map(([name, all]) => {
    const first = (setting: string) => all.flatMap((settings) => settings.get(setting) ?? [])[0];
    const kmsKeyId = first('kms_key_id');
    const table = first('dynamodb_table');
    return {
      bucket: first('bucket') ?? { value: name, because: 'a backend' },
      region: first('region'),
      lockTable: table && { ...table, value: table.value.replace(/^arn:.*:table\//, '') },
      kmsKeyId,
      profile: first('profile'),
      account:
        ownerByResource(name, stacks) ??
        byArn(first('role_arn'), 'the role its backend assumes') ??
        byArn(kmsKeyId, 'the KMS key of its backend') ??
        byArn(table, 'the lock table of its backend') ??
        byBucketName(first('bucket')) ??
        keyAccount,
    };
  });
}

type BackendSettings = ReadonlyMap<string, Fact<string>>;

const settingNames = ['bucket', 'region', 'dynamodb_table', 'kms_key_id', 'profile', 'role_arn'] as const;

function backendBlocks(repository: Repository): BackendSettings[] {
  return rootModules(repository).flatMap((module) => {
    const { backend } = module;
    if (backend?.type !== 's3') return [];
    const settings = new Map<string, Fact<string>>();
    for (const name of settingNames) {
      const attribute = attributeOf(backend, name);
      const text =
        attribute && resolveText({ file: attribute.file, node: attribute.node.expression }, module, undefined);
      if (text !== undefined) settings.set(name, { value: text.text, because: 'the backend', place: text.place });
    }
    const nested = attributeOf(backend, 'assume_role');
    const role = nested && resolveByWorkspace({ file: nested.file, node: nested.node.expression }, module, undefined);
    addRole(settings, role);
    return [settings];
  });
}

function partialConfigurations(repository: Repository): BackendSettings[] {
  return repository.files
    .filter(isPartialConfiguration)
    .map((file) => literalSettings(file, attributesOf(file.hcl().body), 'the backend configuration'));
}

/** Beside the names Terraform suggests, `live.backend` and `backend.tfvars` are in use. */
function isPartialConfiguration({ path, format }: SourceFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return format === 'backend-config' || name.endsWith('.backend') || (format === 'tfvars' && /backend/i.test(name));
}

function terragrunt(repository: Repository): BackendSettings[] {
  return repository.files
    .filter(({ format }) => format === 'terragrunt')
    .flatMap((file) =>
      findBlocks(file.terraformBody() ?? emptyBody, 'remote_state').flatMap(({ body }) => {
        const config = findAttribute(body, 'config')?.expression;
        if (config?.kind !== 'object') return [];
        const values = config.items.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const]));
        return [literalSettings(file, values, 'remote_state of Terragrunt')];
      }),
    );
}

const emptyBody: HclBody = { kind: 'body', start: 0, end: 0, items: [] };

function literalSettings(
  file: SourceFile,
  values: readonly (readonly [string, HclExpression])[],
  because: string,
): BackendSettings {
  const settings = new Map<string, Fact<string>>();
  for (const [name, node] of values) {
    if (!(settingNames as readonly string[]).includes(name)) continue;
    const value = staticString(node);
    if (value !== undefined) settings.set(name, { value, because, place: file.locationOf(node.start) });
  }
  return settings;
}

function attributesOf(body: HclBody): (readonly [string, HclExpression])[] {
  return body.items.flatMap((item) => (item.kind === 'attribute' ? [[item.name, item.expression] as const] : []));
}

function addRole(settings: Map<string, Fact<string>>, role: StaticValue | undefined): void {
  const arn = role?.kind === 'map' ? role.entries.get('role_arn') : undefined;
  const text = staticText(arn);
  if (arn !== undefined && text !== undefined) {
    settings.set('role_arn', { value: text, because: 'the backend', place: arn.place });
  }
}

/** The account of the stack that makes the bucket. */
export function ownerByResource(bucket: string, stacks: readonly StackAccounts[]): Maybe<string> {
  for (const { module, accounts } of stacks) {
    for (const resource of module.resources) {
      if (resource.mode !== 'resource' || resource.type !== 'aws_s3_bucket') continue;
      const attribute = attributeOf(resource, 'bucket');
      if (attribute === undefined) continue;
      const expression: Placed<HclExpression> = { file: attribute.file, node: attribute.node.expression };
      for (const [workspace, account] of accounts) {
        if (account === undefined || resolveText(expression, module, workspace)?.text !== bucket) continue;
        const place = resource.file.locationOf(resource.node.start);
        return { value: account.value, because: `made by ${module.directory || 'the root'}, which runs there`, place };
      }
    }
  }
  return undefined;
}

function byArn(arn: Maybe<string>, because: string): Maybe<string> {
  const parsed = arn === undefined ? undefined : parseArn(arn.value);
  if (arn === undefined || parsed?.ok !== true || !/^\d{12}$/.test(parsed.arn.account)) return undefined;
  return { value: parsed.arn.account, because, ...placeOf(arn.place) };
}

function byBucketName(bucket: Maybe<string>): Maybe<string> {
  const id = bucket && /(?<!\d)\d{12}(?!\d)/.exec(bucket.value)?.[0];
  return id === undefined ? undefined : { value: id, because: 'the name of the bucket', ...placeOf(bucket?.place) };
}

function placeOf(place: Location | undefined): { readonly place?: Location } {
  return place === undefined ? {} : { place };
}
