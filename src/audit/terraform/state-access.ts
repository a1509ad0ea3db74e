/**
 * Every place that says how Terraform's state in S3 is reached: `backend "s3"`, partial configuration files, Terragrunt's
 * `remote_state`, and `terraform_remote_state` readers.
 */
import { oncePer } from '../../kernel/once-per.ts';
import { nameOtherBackend, type Repository, type SourceFile } from '../../repository/index.ts';
import { type AwsArguments, awsArguments } from './aws-arguments.ts';
import { blocksOfType, configurationBlocks, topLevelSettings } from './configuration-block.ts';
import { plainString } from './expression.ts';
import { type ModuleCode, moduleCode } from './module-code.ts';
import type { Settings } from './settings.ts';

export interface StateAccess {
  /** A `backend` writes and locks the state; a `reader` only reads outputs. */
  readonly role: 'backend' | 'reader';
  readonly subject: string;
  readonly file: SourceFile;
  readonly module: ModuleCode;
  readonly settings: Settings;
  readonly read: AwsArguments;
  /** It completes a backend block elsewhere, so that what is missing here may stand there. */
  readonly partial: boolean;
  readonly slot: string;
}

/** The places of one file, in source order. */
export function stateAccesses(file: SourceFile, repository: Repository): readonly StateAccess[] {
  return accessesOf(repository)(file);
}

const accessesOf = oncePer((repository: Repository) =>
  oncePer((file: SourceFile) => [...backends(file, repository), ...readers(file, repository)]),
);

/** The arguments of a partial configuration file; `undefined` for a file that is none, or for another backend. */
function partialConfiguration(file: SourceFile): Settings | undefined {
  if (file.format !== 'backend-config' && file.format !== 'terragrunt') return undefined;
  const settings = topLevelSettings(file);
  if (settings === undefined || configurationBlocks(file).length > 0) return undefined;
  const names = settings.all().map(({ name }) => name);
  const known = names.filter((name) => s3Arguments.has(name)).length;
  const enough = file.format === 'backend-config' ? 1 : 2;
  return known >= enough && !nameOtherBackend(names) ? settings : undefined;
}

export interface PartialConfiguration {
  readonly file: SourceFile;
  readonly settings: Settings;
}

/** The partial configuration files in the folder of a module and below it, where they are usually kept. */
export function partialConfigurationsOf(module: ModuleCode): readonly PartialConfiguration[] {
  const { repository, directory } = module;
  return partialsOf(repository).filter(({ file }) => directory === '' || file.path.startsWith(`${directory}/`));
}

const partialsOf = oncePer((repository: Repository): readonly PartialConfiguration[] =>
  repository.files.flatMap((file) => {
    const settings = partialConfiguration(file);
    return settings === undefined ? [] : [{ file, settings }];
  }),
);

function backends(file: SourceFile, repository: Repository): readonly StateAccess[] {
  const inTerraform = blocksOfType(file, 'terraform').flatMap((block) => block.settings.labelled('backend', 's3'));
  const partial = partialConfiguration(file);
  const remoteState = blocksOrObjects(file, 'remote_state')
    .filter((settings) => stringOf(settings, 'backend') === 's3')
    .flatMap((settings) => settings.nested('config'));
  return [
    ...inTerraform.map((settings) => place(file, repository, settings, 'backend', 'backend "s3"', false)),
    ...(partial === undefined
      ? []
      : [place(file, repository, partial, 'backend', 'partial backend configuration', true)]),
    ...remoteState.map((settings) => place(file, repository, settings, 'backend', 'remote_state "s3"', false)),
  ];
}

function readers(file: SourceFile, repository: Repository): readonly StateAccess[] {
  return blocksOfType(file, 'data', 'terraform_remote_state').flatMap((block) =>
    stringOf(block.settings, 'backend') !== 's3'
      ? []
      : block.settings
          .nested('config')
          .map((settings) =>
            place(file, repository, settings, 'reader', `data "terraform_remote_state" "${block.labels[1]}"`, false),
          ),
  );
}

function place(
  file: SourceFile,
  repository: Repository,
  settings: Settings,
  role: StateAccess['role'],
  subject: string,
  partial: boolean,
): StateAccess {
  return {
    role,
    subject,
    file,
    module: moduleCode(repository, file.directory),
    settings,
    read: awsArguments([settings]),
    partial,
    slot: `${file.path}#state@${settings.brace}`,
  };
}

function blocksOrObjects(file: SourceFile, name: string): readonly Settings[] {
  if (file.format !== 'terragrunt' && file.format !== 'backend-config') return [];
  return topLevelSettings(file)?.nested(name) ?? [];
}

function stringOf(settings: Settings, name: string): string | undefined {
  const value = settings.get(name)?.value;
  return value === undefined ? undefined : plainString(value);
}

const s3Arguments: ReadonlySet<string> = new Set([
  'access_key',
  'acl',
  'assume_role',
  'bucket',
  'dynamodb_table',
  'encrypt',
  'key',
  'kms_key_id',
  'profile',
  'region',
  'role_arn',
  'secret_key',
  'session_name',
  'shared_config_files',
  'shared_credentials_file',
  'shared_credentials_files',
  'sse_customer_key',
  'token',
  'use_lockfile',
  'workspace_key_prefix',
]);
