/** The `provider "aws"` and `provider "awscc"` blocks of a file, each with the arguments that are in force for it. */
import { oncePer } from '../../kernel/once-per.ts';
import type { ProviderBlock, Repository, SourceFile } from '../../repository/index.ts';
import { type AwsArguments, awsArguments } from './aws-arguments.ts';
import { blocksOfType, type ConfigurationBlock } from './configuration-block.ts';
import { plainString } from './expression.ts';
import { type ModuleCode, moduleCode } from './module-code.ts';
import { Settings } from './settings.ts';

export interface AwsProvider {
  readonly block: ConfigurationBlock;
  readonly module: ModuleCode;
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

export function awsProviders(file: SourceFile, repository: Repository): readonly AwsProvider[] {
  return providersOf(repository)(file);
}

const providersOf = oncePer((repository: Repository) =>
  oncePer((file: SourceFile) => {
    const module = moduleCode(repository, file.directory);
    return ['aws', 'awscc']
      .flatMap((name) => blocksOfType(file, 'provider', name))
      .sort((a, b) => a.start - b.start)
      .map((block) => readProvider(block, module));
  }),
);

function readProvider(block: ConfigurationBlock, module: ModuleCode): AwsProvider {
  const alias = block.settings.get('alias')?.value;
  const name = alias === undefined ? undefined : plainString(alias);
  const own = awsArguments([block.settings]);
  const merged = module.terraform?.providers.find(({ node, overrides }) =>
    [node, ...overrides.map((override) => override.node)].includes(block.node),
  );
  const base = merged ?? block;
  const isBase = base.node === block.node;
  return {
    block,
    module,
    subject: `provider "${block.labels[0]}"${name === undefined ? '' : ` (alias ${name})`}`,
    own,
    effective: merged === undefined || !isBase ? own : awsArguments(settingsOf(merged)),
    isOverride: !isBase,
    slot: `${base.file.path}#provider@${new Settings(base.node.body).brace}`,
  };
}

function settingsOf({ node, overrides }: ProviderBlock): readonly Settings[] {
  return [node, ...overrides.map((override) => override.node)].map(({ body }) => new Settings(body));
}
