/**
 * Pipelines of servers whose files are read and never edited. What such a pipeline runs keeps its key until a person has
 * moved the pipeline: taken out before that, its jobs would run as nobody, or as whatever their machine may be.
 */
import { type PipelineKind, pipelineKindOf } from '../audit/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { Repository, SourceFile } from '../repository/index.ts';

export type UneditedServer = Exclude<
  PipelineKind,
  'github' | 'github-action' | 'compose' | 'taskfile' | 'kubernetes' | 'configuration'
>;

/** The server that runs the file; `undefined` for files that no server runs, or that are edited. */
export function uneditedServerOf(file: SourceFile, repository: Repository): UneditedServer | 'jenkins' | undefined {
  if (file.format === 'jenkinsfile') return 'jenkins';
  const kind = pipelineKindOf(file, repository);
  return kind === undefined || !isServer(kind) ? undefined : kind;
}

/** Where an unedited pipeline sets the Terraform variable, by its environment or by `-var`. */
export function pipelineThatSets(repository: Repository, variable: string): Location | undefined {
  const setting = new RegExp(`\\bTF_VAR_${variable}\\b|-var[= ]\\s*["']?${variable}=`);
  return firstMention(uneditedPipelines(repository), setting);
}

/** Where an unedited pipeline, or a task file beside one, names the script. */
export function pipelineThatRuns(repository: Repository, script: string): Location | undefined {
  const pipelines = uneditedPipelines(repository);
  if (pipelines.length === 0) return undefined;
  const named = new RegExp(`(?:^|[\\s"'/=])${script.replace(/[^\w/-]/g, '\\$&')}(?![\\w./-])`, 'm');
  const tasks = repository.files.filter((file) => pipelineKindOf(file, repository) === 'configuration');
  return firstMention([...pipelines, ...tasks], named);
}

function uneditedPipelines(repository: Repository): readonly SourceFile[] {
  let found = known.get(repository);
  if (found === undefined) {
    found = repository.files.filter((file) => uneditedServerOf(file, repository) !== undefined);
    known.set(repository, found);
  }
  return found;
}

const known = new WeakMap<Repository, readonly SourceFile[]>();

function firstMention(files: readonly SourceFile[], pattern: RegExp): Location | undefined {
  for (const file of files) {
    const match = pattern.exec(file.text);
    if (match !== null) return file.locationOf(match.index + match[0].search(/[^\s"'/=]/));
  }
  return undefined;
}

function isServer(kind: PipelineKind): kind is UneditedServer {
  return !['github', 'github-action', 'compose', 'taskfile', 'kubernetes', 'configuration'].includes(kind);
}
