/** The condition that keeps a pull request from a fork out of a job: it would get no token, and fail for that alone. */
import { asText, findCalledWorkflow, type GithubJob } from '../../audit/index.ts';
import type { Repository } from '../../repository/index.ts';
import { isOutsidePullRequests } from './role-choice.ts';

const sameRepository = 'github.event.pull_request.head.repo.full_name == github.repository';

/**
 * The condition a job needs, `undefined` when it has one like it or never runs in a pull request; `unreadable` when its
 * own is no plain expression. `events` are those that start it.
 */
export function guardedCondition(
  job: GithubJob,
  events: ReadonlySet<string>,
): { readonly condition: string } | 'unreadable' | undefined {
  const condition = job.condition?.text.trim() ?? '';
  if (!events.has('pull_request') || isOutsidePullRequests(condition)) return undefined;
  if (/head\.repo|\.fork\b/.test(condition)) return undefined;
  const guard = events.size === 1 ? sameRepository : `(github.event_name != 'pull_request' || ${sameRepository})`;
  if (condition === '') return { condition: guard.replace(/^\((.*)\)$/, '$1') };
  const braces = /^\$\{\{([\s\S]*)\}\}$/.exec(condition);
  // Text around an expression makes it a string, which is always true.
  if (braces === null ? condition.includes('${{') : (braces[1] as string).includes('${{')) return 'unreadable';
  const inner = (braces?.[1] ?? condition).trim();
  const first = /\|\|/.test(inner) ? `(${inner})` : inner;
  return { condition: braces === null ? `${first} && ${guard}` : `\${{ ${first} && ${guard} }}` };
}

/** The job takes a role by a variable as these rules write it, itself or in the workflow it calls. */
export function takesRoleOfVariable(repository: Repository, job: GithubJob, depth = 0): boolean {
  const inputs = [...job.inputs, ...job.steps.flatMap((step) => step.inputs)];
  if (inputs.some(({ value }) => /\bvars\.\w*ROLE_ARN/.test(asText(value)?.text ?? ''))) return true;
  const called = depth < 5 ? findCalledWorkflow(repository, job) : undefined;
  return called?.jobs.some((each) => takesRoleOfVariable(repository, each, depth + 1)) ?? false;
}
