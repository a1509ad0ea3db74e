/**
 * The `sub` of the tokens that a job of a workflow asks for: by its environment, else by what starts it.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
import { asList, asText, callersOf, findPart, type GithubWorkflow } from '../../audit/index.ts';
import {
  githubEnvironmentSubject,
  githubPullRequestSubject,
  githubRepositorySubject,
  type Intent,
} from '../../intent/index.ts';
import type { Repository } from '../../repository/index.ts';

/** The repository is `<owner/name>` while keyless.yaml does not name it. */
export function subjectsOf(
  repository: Repository,
  intent: Intent,
  workflow: GithubWorkflow,
  { environment }: { readonly environment?: string },
): readonly string[] {
  const name = githubRepositorySubject(intent) ?? 'repo:<owner/name>';
  if (environment !== undefined)
    return [githubEnvironmentSubject(intent, environment) ?? `${name}:environment:${environment}`];
  const subjects = startedBy(repository, workflow, new Set()).flatMap(({ event, settings }): string[] => {
    if (event === 'pull_request') return [githubPullRequestSubject(intent) ?? `${name}:pull_request`];
    if (event === 'push' || event === 'create') {
      const refs = [
        ...textsAt(settings, 'branches').map((branch) => `refs/heads/${branch}`),
        ...textsAt(settings, 'tags').map((tag) => `refs/tags/${tag}`),
      ];
      return (refs.length === 0 ? ['refs/heads/<branch>'] : refs).map((ref) => `${name}:ref:${ref}`);
    }
    if (event === 'release') return [`${name}:ref:refs/tags/<tag>`];
    return [`${name}:ref:refs/heads/<default branch>`];
  });
  return [...new Set(subjects)];
}

/** The triggers of a workflow; those of its callers in place of `workflow_call`. */
function startedBy(
  repository: Repository,
  workflow: GithubWorkflow,
  seen: Set<GithubWorkflow>,
): GithubWorkflow['triggers'][number][] {
  if (seen.has(workflow)) return [];
  seen.add(workflow);
  return workflow.triggers.flatMap((trigger) =>
    trigger.event === 'workflow_call'
      ? callersOf(repository, workflow).flatMap((caller) => startedBy(repository, caller.workflow, seen))
      : [trigger],
  );
}

/** Events that start a workflow, its callers' included. */
export function eventsOf(repository: Repository, workflow: GithubWorkflow): ReadonlySet<string> {
  return new Set(startedBy(repository, workflow, new Set()).map(({ event }) => event));
}

function textsAt(part: Parameters<typeof findPart>[0], name: string): string[] {
  return asList(findPart(part, name)).flatMap((item) => asText(item)?.text ?? []);
}
