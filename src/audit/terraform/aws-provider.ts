/** The `provider "aws"` and `provider "awscc"` blocks of a file, each with the arguments that are in force for it. */
import type { Repository, SourceFile } from '../../repository/index.ts';
import { type AwsArguments, awsArguments } from './aws-arguments.ts';
import { blocksOfType, type ConfigurationBlock } from './configuration-block.ts';
import {
  aliasOf,
  effectiveProvider,
  isOverrideFile,
  overriddenProvider,
  type TerraformModule,
  terraformModule,
} from './terraform-module.ts';

export interface AwsProvider {
  readonly block: ConfigurationBlock;
  readonly module: TerraformModule;
  /** `provider "aws" (alias live)`. */
  readonly subject: string;
  /** What stands in this block. */
  readonly own: AwsArguments;
  /** What is in force once override files are merged. */
  readonly effective: AwsArguments;
  /** The block is merged into another one, which speaks for both. */
  readonly isOverride: boolean;
  /** The same for all blocks that make up one provider. */
  readonly slot: string;
}

const remembered = new WeakMap<SourceFile, readonly AwsProvider[]>();

export function awsProviders(file: SourceFile, repository: Repository): readonly AwsProvider[] {
  const known = remembered.get(file);
  if (known !== undefined && known[0]?.module.repository === repository) return known;
  const module = terraformModule(repository, file.directory);
  const providers = ['aws', 'awscc']
    .flatMap((name) => blocksOfType(file, 'provider', name))
    .sort((a, b) => a.start - b.start)
    .map((block) => readProvider(block, module));
  remembered.set(file, providers);
  return providers;
}

function readProvider(block: ConfigurationBlock, module: TerraformModule): AwsProvider {
  const alias = aliasOf(block);
  const base = overriddenProvider(module, block);
  return {
    block,
    module,
    subject: `provider "${block.labels[0]}"${alias === undefined ? '' : ` (alias ${alias})`}`,
    own: awsArguments([block.settings]),
    effective: awsArguments(effectiveProvider(module, block)),
    isOverride: isOverrideFile(block.file.path) && base !== block,
    slot: `${base.file.path}#provider@${base.settings.brace}`,
  };
}
