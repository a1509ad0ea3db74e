/** The `module` blocks of a file with their sources, as far as these are written out. */
import type { SourceFile } from '../../repository/index.ts';
import { blocksOfType, type ConfigurationBlock, topLevelSettings } from './configuration-block.ts';
import { plainString } from './expression.ts';
import type { Setting } from './settings.ts';

export interface ModuleSource {
  /** `module "vpc"`, `Terragrunt source`. */
  readonly subject: string;
  readonly setting: Setting;
  readonly source: string;
  readonly block?: ConfigurationBlock;
}

/** Module sources of Terraform, and `terraform { source = … }` of Terragrunt. */
export function moduleSources(file: SourceFile): readonly ModuleSource[] {
  const modules = blocksOfType(file, 'module').flatMap((block) =>
    sourceIn(block.settings.get('source'), `module "${block.labels[0]}"`).map((found) => ({ ...found, block })),
  );
  if (file.format !== 'terragrunt') return modules;
  const terragrunt = (topLevelSettings(file)?.nested('terraform') ?? []).flatMap((settings) =>
    sourceIn(settings.get('source'), 'Terragrunt source'),
  );
  return [...modules, ...terragrunt];
}

/** A source with parts computed keeps them as written, which is enough to read its scheme and query. */
function sourceIn(setting: Setting | undefined, subject: string): ModuleSource[] {
  if (setting === undefined) return [];
  const text = plainString(setting.value) ?? templateText(setting);
  return text === undefined ? [] : [{ subject, setting, source: text }];
}

function templateText({ value }: Setting): string | undefined {
  if (value.kind !== 'template') return undefined;
  return value.parts.map((part) => (part.kind === 'text' ? part.value : `\${…}`)).join('');
}

/** The parameters of a source's query string. */
export function queryOf(source: string): URLSearchParams {
  const question = source.indexOf('?');
  return new URLSearchParams(question === -1 ? '' : source.slice(question + 1));
}

/** go-getter fetches it from S3: a forced `s3::`, or a host that its detector knows. */
export function isS3Source(source: string): boolean {
  return /^s3::/.test(source) || /^(https?:\/\/)?[^/?]*\bs3[.-][^/?]*amazonaws\.com(\.cn)?\//.test(source);
}
