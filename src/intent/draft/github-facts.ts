/** What the repository and its surroundings tell of GitHub: its name there, its environments and their accounts. */
import { githubWorkflows } from '../../audit/index.ts';
import { parseIni } from '../../formats/ini/index.ts';
import { LineIndex } from '../../formats/line-index.ts';
import type { Repository } from '../../repository/index.ts';
import type { DraftGitHub, DraftStack, Fact, Maybe } from './draft.ts';
import { type PipelineRun, pipelineRuns } from './pipeline-runs.ts';
import type { OutsideFile } from './surroundings.ts';

/** `undefined` for a repository without workflows. */
export function githubFacts(
  repository: Repository,
  gitConfig: OutsideFile | undefined,
  accountNames: ReadonlySet<string>,
  stacks: readonly DraftStack[],
): DraftGitHub | undefined {
  if (githubWorkflows(repository).length === 0) return undefined;
  const environments = new Map<string, Maybe<string>>();
  for (const run of pipelineRuns(repository)) {
    if (run.environment === undefined || environments.get(run.environment) !== undefined) continue;
    environments.set(run.environment, environmentAccount(run.environment, run, accountNames, stacks));
  }
  return { repository: repositoryName(repository, gitConfig), environments };
}

function environmentAccount(
  environment: string,
  run: PipelineRun,
  accountNames: ReadonlySet<string>,
  stacks: readonly DraftStack[],
): Maybe<string> {
  const { place } = run;
  if (accountNames.has(environment)) return { value: environment, because: 'the environment has its name', place };
  const used = stacks.filter(({ path }) => run.directories.includes(path));
  const byStack =
    commonAccount(used, run.workspace ?? 'default') ?? commonAccount(stacks, run.workspace ?? environment);
  if (byStack !== undefined) {
    return { value: byStack, because: `the account of workspace ${run.workspace ?? environment}`, place };
  }
  const byMatrix = Object.values(run.matrix).find((value) => accountNames.has(value));
  return byMatrix === undefined ? undefined : { value: byMatrix, because: 'the matrix of its job', place };
}

/** The account of a workspace, where all stacks that have it agree. */
function commonAccount(stacks: readonly DraftStack[], workspace: string): string | undefined {
  const accounts = new Set(stacks.flatMap(({ workspaces }) => workspaces.get(workspace)?.value ?? []));
  const [account] = accounts;
  return accounts.size === 1 ? account : undefined;
}

function repositoryName(repository: Repository, gitConfig: OutsideFile | undefined): Maybe<string> {
  return gitConfig === undefined ? badge(repository) : (remote(gitConfig) ?? badge(repository));
}

/** `origin`, else the only remote on GitHub. */
function remote({ path, text }: OutsideFile): Maybe<string> {
  const lines = new LineIndex(text);
  const found = parseIni(text).sections.flatMap((section): (Fact<string> & { readonly name: string })[] => {
    const [kind, name = ''] = section.words;
    const url = section.properties.find((property) => property.name === 'url');
    const match =
      url &&
      /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[^@/]+@)github[^/:]*(?::\d+)?[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/i.exec(
        url.value,
      );
    if (kind !== 'remote' || url === undefined || !match?.[1]) return [];
    return [{ name, value: match[1], because: `remote ${name}`, place: { path, ...lines.position(url.start) } }];
  });
  const chosen = found.find(({ name }) => name === 'origin') ?? (found.length === 1 ? found[0] : undefined);
  return chosen && { value: chosen.value, because: chosen.because, ...(chosen.place && { place: chosen.place }) };
}

/** A README shows the state of its own workflows. */
function badge(repository: Repository): Maybe<string> {
  for (const file of repository.files) {
    if (!/^readme\b/i.test(file.path) && !file.path.startsWith('docs/')) continue;
    const match = /github\.com\/([\w-]+\/[\w.-]+?)\/(?:actions|workflows)\b/.exec(file.text);
    if (match?.[1] !== undefined) {
      return { value: match[1], because: 'a link to its workflows', place: file.locationOf(match.index) };
    }
  }
  return undefined;
}
