/**
 * In which folder a script runs Terraform, where that can be told from the text: `-chdir`, `cd` before the command, the
 * folder the step starts in.
 */
import { readCommands } from './shell-commands.ts';

export interface TerraformRun {
  /** Relative to the repository's root, `''` for the root; `undefined` when the text does not tell. */
  readonly directory: string | undefined;
  /** `init`, `plan`, `apply` …; `''` when there is none. */
  readonly command: string;
  /** Offset in the script. */
  readonly index: number;
}

/** Runs in a script that starts in `start` (`undefined` when unknown). */
export function findTerraformRuns(script: string, start: string | undefined): TerraformRun[] {
  if (!/terraform|tofu|terragrunt/.test(script)) return [];
  let directory = start;
  const runs: TerraformRun[] = [];
  for (const command of readCommands(script)) {
    if (command.nested) continue;
    if (command.name === 'cd' || command.name === 'pushd') {
      const target = command.words.find((word) => !word.text.startsWith('-'))?.text;
      directory = target === undefined ? undefined : joinPath(directory, target);
    } else if (/^(terraform|tofu|terragrunt)$/.test(command.name)) {
      const change = command.words
        .map((word) => /^-?-(?:chdir|terragrunt-working-dir|working-dir)=(.*)$/.exec(word.text)?.[1])
        .find((text) => text !== undefined);
      const verb = command.words.find((word) => !word.text.startsWith('-'))?.text ?? '';
      if (verb === 'fmt' || verb === 'version') continue;
      const at = change === undefined ? directory : joinPath(directory, change);
      runs.push({ directory: at, command: verb, index: command.index });
    }
  }
  return runs;
}

/** A path relative to a folder of the repository; `undefined` when it holds a variable or leaves the repository. */
export function joinPath(base: string | undefined, path: string): string | undefined {
  const clean = path
    .replace(
      /^(\$\{?GITHUB_WORKSPACE\}?|\$\{\{\s*github\.workspace\s*\}\}|\$\{?CI_PROJECT_DIR\}?|\$\{?BITBUCKET_CLONE_DIR\}?)\/?/,
      '/',
    )
    .trim();
  const absolute = clean.startsWith('/');
  if (/[$`*~]|<<|\{\{/.test(clean)) return undefined;
  if (absolute && clean === path.trim()) return undefined;
  if (!absolute && base === undefined) return undefined;
  const parts = absolute || base === undefined || base === '' ? [] : base.split('/');
  for (const part of clean.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
