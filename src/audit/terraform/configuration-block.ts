/**
 * The top-level blocks of Terraform code, whichever way they are written down: native syntax, `*.tf.json`, and the HCL
 * that Terragrunt's `generate` blocks hold as a string.
 */
import { parseHcl } from '../../formats/hcl/index.ts';
import type { HclBlock, HclBody, HclHeredoc } from '../../formats/hcl/syntax.ts';
import { oncePer } from '../../kernel/once-per.ts';
import type { Placed, SourceFile } from '../../repository/index.ts';
import { Settings } from './settings.ts';

export interface ConfigurationBlock extends Placed<HclBlock> {
  readonly type: string;
  readonly labels: readonly string[];
  readonly settings: Settings;
  readonly start: number;
  readonly end: number;
  /** It stands in a string that Terragrunt writes to a file. */
  readonly generated: boolean;
}

/** The top-level blocks of a file in source order; empty for a file that holds no Terraform code. */
export const configurationBlocks: (file: SourceFile) => readonly ConfigurationBlock[] = oncePer((file) => {
  const body = file.terraformBody();
  return body === undefined ? [] : [...blocksIn(file, body, false), ...generatedBlocks(file, body)];
});

/** The blocks of one type and, where given, with these first labels. */
export function blocksOfType(file: SourceFile, type: string, ...labels: string[]): readonly ConfigurationBlock[] {
  return configurationBlocks(file).filter(
    (block) => block.type === type && labels.every((label, index) => block.labels[index] === label),
  );
}

/** The top-level arguments of a file: tfvars, partial backend configuration, Terragrunt. */
export function topLevelSettings(file: SourceFile): Settings | undefined {
  const body = file.terraformBody();
  return body === undefined ? undefined : new Settings(body);
}

function blocksIn(file: SourceFile, body: HclBody, generated: boolean): readonly ConfigurationBlock[] {
  return body.items.flatMap((item): readonly ConfigurationBlock[] => {
    if (item.kind === 'block') {
      const labels = item.labels.map((label) => label.value);
      const { type, start, end } = item;
      return [{ file, node: item, type, labels, settings: new Settings(item.body, item), start, end, generated }];
    }
    return [];
  });
}

/** Terragrunt: `generate "provider" { contents = <<EOF … EOF }`, and the attribute form `generate = { … }`. */
function generatedBlocks(file: SourceFile, body: HclBody): readonly ConfigurationBlock[] {
  if (file.format !== 'terragrunt') return [];
  return new Settings(body).nested('generate').flatMap((generate) => {
    const contents = generate.get('contents')?.value;
    return contents?.kind === 'heredoc' ? blocksIn(file, parseInPlace(file.text, contents), true) : [];
  });
}

/**
 * Parses what a heredoc holds at the offsets it has in the file: everything before it is replaced by spaces. `"$${x}"`,
 * Terragrunt's way to write `"${x}"`, is put back at the same length.
 */
function parseInPlace(text: string, heredoc: HclHeredoc): HclBody {
  const first = text.indexOf('\n', heredoc.start) + 1;
  const raw = text.slice(first, heredoc.end);
  const last = raw.lastIndexOf(heredoc.marker);
  const contents = (last === -1 ? raw : raw.slice(0, last)).replace(/"\$\$\{([^"{}]*)\}"/g, `"\${$1}" `);
  return parseHcl(' '.repeat(first) + contents).body;
}
