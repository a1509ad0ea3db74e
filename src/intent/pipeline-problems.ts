/** Jobs and workspaces of pipelines that point at nothing, or whose tokens would have no subject of their own. */
import type { IntentProblem } from './intent-problem.ts';
import { dangling, entries, items, type Placed, part, placedItems, problem, texts } from './written-values.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

export function pipelineProblems(source: YamlSource, accounts: readonly string[]): IntentProblem[] {
  const file = source.value;
  const environments = entries(part(file, 'github', 'environments')).map(([name]) => name);
  const jobs = items(part(file, 'github', 'jobs')).map(([index]): YamlPath => ['github', 'jobs', index]);
  const each = (key: string): Placed[] => jobs.flatMap((path) => placedItems(file, [...path, key]));
  const workspaces = entries(part(file, 'hcp_terraform', 'workspaces')).map(([name, workspace]) => ({
    path: ['hcp_terraform', 'workspaces', name, 'account'],
    value: part(workspace, 'account'),
  }));
  return [
    ...dangling(each('environments'), 'a GitHub environment', 'github.environments', environments, source),
    ...dangling([...each('accounts'), ...workspaces], 'an account', 'accounts', accounts, source),
    ...jobs.flatMap((path) => subjectProblems(path, source)),
  ];
}

/**
 * The subject of a token is its environment, else `pull_request`, else the branch or tag; a job must tell which, and its
 * account. https://docs.github.com/en/actions/reference/security/oidc
 */
function subjectProblems(path: YamlPath, source: YamlSource): IntentProblem[] {
  const job = part(source.value, ...path);
  if (typeof job !== 'object' || job === null) return [];
  const list = (key: string) => texts(job, [key]);
  const hasEnvironment = list('environments').length > 0;
  const onPullRequest = list('triggers').includes('pull_request');
  const refs = [...list('branches'), ...list('tags')];
  const told = (found: string, expected: string) => [problem(source, path, found, expected)];
  if (hasEnvironment === list('accounts').length > 0) {
    return hasEnvironment
      ? told('a job with both environments and accounts', '`environments` alone: each brings its account')
      : told('a job with neither environments nor accounts', '`environments`, or `accounts` for a job without one');
  }
  if (!hasEnvironment && !onPullRequest && refs.length === 0) {
    return told(
      'a job whose tokens have no subject to go by',
      '`branches` or `tags` that it runs on, `triggers: [pull_request]`, or `environments`',
    );
  }
  if (hasEnvironment && onPullRequest && refs.length > 0) {
    return told(
      'a job of pull requests that is bound to branches',
      'no branches: the ref of a pull request is its merge, refs/pull/…/merge',
    );
  }
  if (onPullRequest && !hasEnvironment && list('phases').some((phase) => phase !== 'plan')) {
    return told('a job of pull requests that takes more than plan', '`phases: [plan]`: anyone who can push opens one');
  }
  return [];
}
