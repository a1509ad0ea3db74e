/** Terraform names that carry a part of an AWS credential, going by what they are called. */
import type { Repository, SourceFile } from '../../repository/index.ts';
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import type { CredentialPart } from '../detector.ts';
import { blocksOfType, topLevelSettings } from './configuration-block.ts';
import { isTfvars, type ModuleCode, moduleCode } from './module-code.ts';
import { type Setting, type Settings, settingsWithin } from './settings.ts';

export interface CredentialVariable {
  /** `variable "aws_access_key"`, `local.secret_key`, `aws_secret_key in live.tfvars`. */
  readonly subject: string;
  readonly name: string;
  readonly part: CredentialPart;
  readonly at: number;
  /** Absent for a variable without default: it waits for its value. */
  readonly value: Setting | undefined;
  /** Parts with the same slot belong together: `prod_access_key` and `prod_secret_key`. */
  readonly slot: string;
}

export function credentialVariables(file: SourceFile, repository: Repository): readonly CredentialVariable[] {
  const module = moduleCode(repository, file.directory);
  if (isTfvars(file))
    return named(file, topLevelSettings(file), (name) => `${name} in a tfvars file`, awsCredentialPart);
  const partOf = usesAws(module) ? credentialPartInAwsContext : awsCredentialPart;
  return [
    ...blocksOfType(file, 'variable').flatMap((block) => {
      const name = block.labels[0] ?? '';
      const part = partOf(name);
      const value = block.settings.get('default');
      if (part === undefined) return value === undefined ? [] : members(file, `var.${name}`, [value]);
      return [{ subject: `variable "${name}"`, name, part, at: block.start, value, slot: slotOf(file, name) }];
    }),
    ...blocksOfType(file, 'locals').flatMap((block) => named(file, block.settings, (name) => `local.${name}`, partOf)),
    ...blocksOfType(file, 'module').flatMap((block) =>
      named(file, block.settings, (name) => `argument ${name} of module "${block.labels[0]}"`, awsCredentialPart),
    ),
    ...[
      ...blocksOfType(file, 'variables').map((block) => block.settings),
      ...blocksOfType(file, 'run').flatMap((block) => block.settings.nested('variables')),
    ].flatMap((settings) => named(file, settings, (name) => `${name} in a test`, awsCredentialPart)),
    ...terragruntInputs(file),
  ];
}

function terragruntInputs(file: SourceFile): readonly CredentialVariable[] {
  if (file.format !== 'terragrunt') return [];
  const top = topLevelSettings(file);
  const inputs = top?.nested('inputs') ?? [];
  const environments = (top?.nested('terraform') ?? [])
    .flatMap((terraform) => terraform.nested('extra_arguments'))
    .flatMap((extra) => extra.nested('env_vars'));
  return [
    ...inputs.flatMap((settings) => named(file, settings, (name) => `Terragrunt input ${name}`, awsCredentialPart)),
    ...environments.flatMap((settings) =>
      named(file, settings, (name) => `environment variable ${name} that Terragrunt sets`, awsCredentialPart),
    ),
  ];
}

function named(
  file: SourceFile,
  settings: Settings | undefined,
  subjectOf: (name: string) => string,
  partOf: (name: string) => CredentialPart | undefined,
): readonly CredentialVariable[] {
  return (settings?.all() ?? []).flatMap((setting): readonly CredentialVariable[] => {
    const part = partOf(setting.name);
    if (part === undefined) return members(file, subjectOf(setting.name), [setting]);
    const { name, start } = setting;
    return [{ subject: subjectOf(name), name, part, at: start, value: setting, slot: slotOf(file, name) }];
  });
}

/** `credentials = { aws_access_key = …, aws_secret_key = … }`, one level of objects and lists at a time. */
function members(file: SourceFile, owner: string, settings: readonly Setting[]): readonly CredentialVariable[] {
  return settings
    .flatMap((setting) => settingsWithin(setting.value))
    .flatMap((object) => named(file, object, (name) => `${owner}.${name}`, awsCredentialPart))
    .map((found) => ({ ...found, slot: `${found.slot}@${owner}` }));
}

function usesAws(module: ModuleCode): boolean {
  return module.blocks.some(
    (block) =>
      ((block.type === 'resource' || block.type === 'data') && block.labels[0]?.startsWith('aws_') === true) ||
      (block.type === 'provider' && block.labels[0] === 'aws'),
  );
}

/** The names that carry the parts of one credential, among those that are loaded together. */
function slotOf(file: SourceFile, name: string): string {
  // Terraform loads these together; any other tfvars file is chosen, so that its parts belong to each other alone.
  const together = !isTfvars(file) || /(^|\/)(terraform|[^/]*\.auto)\.tfvars(\.json)?$/.test(file.path);
  return `${together ? file.directory : file.path}#variables:${credentialStem(name)}`;
}
