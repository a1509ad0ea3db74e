/**
 * Places that a rule is about and that are never edited: text in heredocs (user data, generated files) and arguments on
 * the command line. They are reported, so that nobody believes they were dealt with.
 */
import { type HclBody, walkBodyExpressions } from '../../formats/hcl/index.ts';
import type { Repository } from '../../repository/index.ts';
import type { Spot } from './changes.ts';

/** Lines in heredocs that set one of these arguments. */
export function heredocMentions(repository: Repository, names: readonly string[]): readonly Spot[] {
  const setting = new RegExp(`^[ \\t]*(?:${names.join('|')})[ \\t]*=`, 'gm');
  return repository.files.flatMap((file) => {
    if (file.format !== 'terraform' && file.format !== 'terragrunt') return [];
    const heredocs = [...walkBodyExpressions(file.terraformBody() as HclBody)].filter(({ kind }) => kind === 'heredoc');
    return heredocs.flatMap(({ start, end }) =>
      [...file.text.slice(start, end).matchAll(setting)].map((match) => ({ file, start: start + match.index })),
    );
  });
}

/** `-backend-config=name=value` in scripts, Makefiles, pipelines and the like. */
export function backendConfigFlags(repository: Repository, names: readonly string[]): readonly Spot[] {
  const flag = new RegExp(`-backend-config[= \\t]+["']?(?:${names.join('|')})[ \\t]*=`, 'g');
  return repository.files
    .filter(({ format, path }) => format !== 'text' || /\.(bat|cmd|fish)$/.test(path))
    .flatMap((file) => [...file.text.matchAll(flag)].map(({ index }) => ({ file, start: index })));
}
