/** P4: a version constraint in a provider block moves to `required_providers`. */
import { findBlocks, type HclBlock, staticString } from '../../formats/hcl/index.ts';
import {
  type Placed,
  type Repository,
  type TerraformModule,
  terraformModules,
  type Version,
} from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { type Argument, argumentOf, argumentsOf, groupOfBlock, groupOfObject } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import type { ConfigurationEditor } from '../terraform/configuration-editor.ts';
import { groupsOfProvider, isAws } from '../terraform/provider-roles.ts';
import { placeOnlyBefore, terraformVersions } from '../terraform/terraform-version.ts';
import { object, text } from '../terraform/value.ts';

export const providerVersion: MigrationRule = defineRule({
  id: 'P4',
  title: 'Provider versions move to required_providers',
  step: 'guard',
  why: 'A constraint in a provider block is deprecated since Terraform 0.13, and tools that raise versions look for it in required_providers.',
  does: 'Removes `version` from `provider "aws"` and `provider "awscc"` and writes the constraint into required_providers, joined with one that is there.',
  refuses:
    'Constraints that are no plain string, and modules that Terraform older than 0.12.26 runs, which reads no requirement with a source.',
  source: 'https://developer.hashicorp.com/terraform/language/providers/configuration#version',
  plan(repository) {
    const changes = new Changes('P4');
    for (const module of terraformModules(repository)) {
      for (const name of ['aws', 'awscc']) moveVersions(module, name, repository, changes);
    }
    changes.refuseUnreadable(repository, /provider\s+"aws(cc)?"[^}]*\bversion\s*=/s);
    return changes.plan();
  },
});

function moveVersions(module: TerraformModule, name: string, repository: Repository, changes: Changes): void {
  const providers = module.providers.filter((provider) => isAws(provider) && provider.name === name);
  const versions = providers.flatMap(groupsOfProvider).flatMap((group) => argumentOf(group, 'version') ?? []);
  const [first] = versions;
  if (first === undefined) return;
  const constraints: string[] = [];
  for (const { group, node, value } of versions) {
    const constraint = staticString(value);
    if (constraint === undefined) {
      changes.refuse(
        { file: group.file, start: node.start },
        'The version is no plain string.',
        'Write the constraint into required_providers by hand and remove this line.',
      );
      return;
    }
    constraints.push(constraint);
  }
  const old = placeOnlyBefore(terraformVersions(repository, module), readsSources);
  if (old !== undefined) {
    changes.refuse(
      { file: first.group.file, start: first.node.start },
      `${old.location.path}:${old.location.line} keeps Terraform at ${old.text}, which reads no requirement with a source.`,
      'Leave it until the module runs on Terraform 0.13 or newer; `terraform 0.13upgrade` writes the requirement then.',
    );
    return;
  }
  changes.attempt({ file: first.group.file, start: first.node.start }, (edit) => {
    for (const version of versions) edit(version.group.file).removeArgument(version);
    const target = requirementOf(module, name, repository);
    requireVersion(edit(target.file), target, name, constraints);
  });
}

/** A requirement with a source is read from here on. */
const readsSources: Version = [0, 12, 26];

/** Where the requirement stands or goes: the entry, the block of requirements, the `terraform` block, or nothing yet. */
interface Requirement extends Omit<Placed<unknown>, 'node'> {
  readonly entry?: Argument;
  readonly requiredProviders?: HclBlock;
  readonly terraform?: HclBlock;
  /** The provider block before which a new `terraform` block goes. */
  readonly provider?: HclBlock;
}

function requirementOf(module: TerraformModule, name: string, repository: Repository): Requirement {
  const blocks = repository
    .inDirectory(module.directory)
    .filter(({ format }) => format === 'terraform' || format === 'terraform-json')
    .flatMap((file) =>
      (file.terraformBody()?.items ?? []).flatMap((item) =>
        item.kind === 'block' && item.type === 'terraform' ? [{ file, terraform: item }] : [],
      ),
    );
  const requirements = blocks.flatMap(({ file, terraform }) =>
    findBlocks(terraform.body, 'required_providers').map((requiredProviders) => ({
      file,
      terraform,
      requiredProviders,
    })),
  );
  for (const requirement of requirements) {
    const entry = argumentOf(groupOfBlock(requirement.file, requirement.requiredProviders), name);
    if (entry !== undefined) return { ...requirement, entry };
  }
  const [found] = [...requirements, ...blocks];
  if (found !== undefined) return found;
  const provider = module.providers.find((candidate) => candidate.name === name);
  if (provider === undefined) throw new RangeError(`module ${module.directory} has no provider ${name}`);
  return { file: provider.file, provider: provider.node };
}

function requireVersion(
  editor: ConfigurationEditor,
  { file, entry, requiredProviders, terraform, provider }: Requirement,
  name: string,
  constraints: readonly string[],
): void {
  const join = (existing: readonly string[]) => text([...new Set([...existing, ...constraints])].join(', '));
  if (entry !== undefined) {
    const plain = staticString(entry.value);
    if (plain !== undefined) {
      editor.setValue(entry, join([plain]));
      return;
    }
    if (entry.value.kind !== 'object') throw new RangeError('a requirement is a string or an object');
    const group = groupOfObject(file, entry.value);
    const version = argumentsOf(group).find((argument) => argument.name === 'version');
    const existing = version && staticString(version.value);
    if (version === undefined) editor.insertArgument(group, 'version', join([]), { after: 'source' });
    else editor.setValue(version, join(existing === undefined ? [] : existing.split(/\s*,\s*/)));
    return;
  }
  const requirement = object([
    ['source', text(`hashicorp/${name}`)],
    ['version', join([])],
  ]);
  if (requiredProviders !== undefined) {
    editor.insertArgument(groupOfBlock(file, requiredProviders), name, requirement);
  } else if (terraform !== undefined) {
    editor.insertNested(groupOfBlock(file, terraform), { type: 'required_providers', entries: [[name, requirement]] });
  } else if (provider !== undefined) {
    const requirements = { type: 'required_providers', entries: [[name, requirement]] } as const;
    editor.insertBlock({ type: 'terraform', blocks: [requirements] }, provider);
  }
}
