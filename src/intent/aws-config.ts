/** The profiles of keyless.yaml in a person's `~/.aws/config`: what would change, and the change. */
import { dirname } from 'node:path';
import { awsConfigPath, awsCredentialsPath } from '../aws/config-files.ts';
import { type AwsConfigPlan, planAwsConfig } from '../aws/config-profiles.ts';
import { applyEdits } from '../formats/edit.ts';
import { type IniFile, parseIni } from '../formats/ini/index.ts';
import { LineIndex } from '../formats/line-index.ts';
import { KeylessError } from '../kernel/error.ts';
import type { Files, Ports } from '../ports/index.ts';
import { awsProfiles } from './derived.ts';
import type { Intent } from './intent.ts';
import { type MissingValue, missingValues } from './missing-values.ts';

export interface AwsConfigChange extends Pick<AwsConfigPlan, 'added' | 'updated' | 'unchanged' | 'warnings'> {
  /** Absolute path of the file. */
  readonly path: string;
  /** Empty for a file that is not there yet. */
  readonly before: string;
  readonly after: string;
  /** Nothing is written while there is one; each with the line it stands on. */
  readonly conflicts: readonly { readonly section: string; readonly line: number; readonly reason: string }[];
}

/** The change, or the values that nobody has filled in yet. Throws AWS_CONFIG_UNREADABLE for a file it would not edit. */
export async function planAwsConfigFile(
  { files, env, home }: Pick<Ports, 'files' | 'env' | 'home'>,
  intent: Intent,
): Promise<AwsConfigChange | { readonly missing: readonly MissingValue[] }> {
  const wanted = awsProfiles(intent);
  if (wanted === undefined) {
    return { missing: missingValues(intent).filter(({ key }) => key.startsWith('identity_center.')) };
  }
  const path = awsConfigPath(env, home);
  const config = await readIni(files, path);
  const [problem] = config.problems;
  if (problem !== undefined) {
    const { line } = new LineIndex(config.source).position(problem.start);
    throw new KeylessError({
      code: 'AWS_CONFIG_UNREADABLE',
      message: `${path}:${line}: ${problem.message}; expected a file that every AWS tool reads in the same way`,
      hint: `mend line ${line} of ${path}, then run the command again`,
    });
  }
  const credentials = await readIni(files, awsCredentialsPath(env, home));
  const plan = planAwsConfig(config, wanted, credentials);
  const lines = new LineIndex(config.source);
  return {
    path,
    before: config.source,
    after: applyEdits(config.source, plan.edits),
    added: plan.added,
    updated: plan.updated,
    unchanged: plan.unchanged,
    warnings: plan.warnings,
    conflicts: plan.conflicts.map(({ section, at, reason }) => ({ section, line: lines.position(at).line, reason })),
  };
}

/**
 * Writes the change, readable by its owner alone. Throws FILE_CHANGED when the file is no longer what the change was
 * made from. With a conflict in it the change must not come here.
 */
export async function writeAwsConfigFile(files: Files, change: AwsConfigChange): Promise<void> {
  if (change.conflicts.length > 0) throw new RangeError('a change with conflicts must not be written');
  if (change.before === change.after) return;
  const { source } = await readIni(files, change.path);
  if (source !== change.before) {
    throw new KeylessError({
      code: 'FILE_CHANGED',
      message: `${change.path} has changed since the plan was made; nothing was written`,
      hint: 'keyless migrate --aws-config',
    });
  }
  await files.makeDirectory(dirname(change.path), { mode: 0o700 });
  // A symbolic link, as dotfile managers make it, stays one: what it points to is written.
  const target = (await files.stat(change.path)) === undefined ? change.path : await files.realPath(change.path);
  await files.writeAtomic(target, change.after, { mode: 0o600 });
}

/** The file, or an empty one where there is none. */
async function readIni(files: Files, path: string): Promise<IniFile> {
  if ((await files.stat(path)) === undefined) return parseIni('');
  const bytes = await files.read(path);
  try {
    return parseIni(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new KeylessError({
      code: 'AWS_CONFIG_UNREADABLE',
      message: `${path} is not UTF-8: expected a text in that encoding`,
      hint: `iconv -f latin1 -t utf-8 ${path}`,
      cause,
    });
  }
}
