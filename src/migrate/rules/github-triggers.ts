/** G8: jobs that take a role keep out pull requests from forks, and hold their session as long as they may run. */
import {
  asText,
  findInput,
  findPart,
  findRoleSteps,
  type GithubJob,
  type GithubWorkflow,
  githubWorkflows,
  isOidcStep,
} from '../../audit/index.ts';
import type { YamlEditor } from '../../formats/yaml/index.ts';
import { type Intent, phases } from '../../intent/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Refusal, type Remark } from '../rule.ts';
import { editsOf } from '../workflows/federation-rule.ts';
import { guardedCondition, takesRoleOfVariable } from '../workflows/fork-guard.ts';
import { needsIdToken } from '../workflows/token-permissions.ts';
import { blockerOf, runWorks, type Work } from '../workflows/work.ts';
import { addEntry, setValue } from '../workflows/yaml-steps.ts';

export const githubTriggers: MigrationRule = defineRule({
  id: 'G8',
  title: 'Forks are kept out, and sessions last as long as the job',
  step: 'identity',
  why: 'A pull request from a fork gets no token, so its plan could only fail. A session ends after an hour unless it asks for more; the key never ended.',
  does: "Adds a condition to jobs that take their role from a variable and run in pull requests, joined to theirs, and role-duration-seconds where timeout-minutes is over an hour (at most the twelve that AWS allows). pull_request_target is refused by the rules that would move the job's key.",
  refuses: 'Conditions that are no plain expression, and files that cannot be edited.',
  source: 'https://docs.github.com/en/actions/reference/security/oidc',
  plan(repository, { intent }) {
    const editors = new Map<SourceFile, YamlEditor>();
    const refusals: Refusal[] = [];
    const remarks: Remark[] = [];
    let guarded: { readonly file: SourceFile; readonly at: number } | undefined;
    for (const workflow of githubWorkflows(repository)) {
      const events = new Set(workflow.triggers.map(({ event }) => event));
      for (const job of workflow.jobs) {
        if (!needsIdToken(repository, job) || !takesRoleOfVariable(repository, job)) continue;
        const guard = guardedCondition(job, events);
        const condition = typeof guard === 'object' ? guard.condition : undefined;
        if (guard === 'unreadable') {
          refusals.push({
            rule: 'G8',
            ...workflow.file.locationOf((job.condition?.range ?? job.entry.range).start),
            reason: `The condition of job ${job.id} mixes text with an expression, which GitHub takes for true.`,
            todo: 'Write it as one expression; then run again.',
          });
        }
        const works = [...guardWorks(workflow, job, condition), ...durationWorks(workflow, job)];
        for (const work of works) {
          const failed = runWorks([work], editors);
          if (failed === undefined) continue;
          const { file, at, reason, todo } = blockerOf(failed);
          refusals.push({ rule: 'G8', ...file.locationOf(at), reason, todo });
        }
        if (condition !== undefined) guarded ??= { file: workflow.file, at: job.entry.range.start };
        const seconds = durationOf(job);
        if (durationWorks(workflow, job).length > 0 && seconds !== undefined) {
          remarks.push(maximumSession(workflow, job, seconds, intent));
        }
      }
    }
    const dependabot = repository.files.find(({ path }) => /^\.github\/dependabot\.ya?ml$/.test(path));
    if (guarded !== undefined && dependabot !== undefined) {
      remarks.push({
        rule: 'G8',
        ...guarded.file.locationOf(guarded.at),
        text: "Pull requests of Dependabot run with a restricted token. Look at one of them with OIDC before the key is retired; if its plan gets no token, exclude it: `github.actor != 'dependabot[bot]'`.",
      });
    }
    return { edits: editsOf(editors), refusals, remarks };
  },
});

function guardWorks({ file }: GithubWorkflow, job: GithubJob, condition: string | undefined): Work[] {
  if (condition === undefined) return [];
  const path = ['jobs', job.id];
  const keys = job.body.entries.map(({ name }) => name);
  const after = ['needs', 'name'].find((name) => keys.includes(name));
  return [
    {
      rule: 'G8',
      file,
      at: (job.condition?.range ?? job.entry.range).start,
      order: 0,
      run: (editor) =>
        job.condition === undefined
          ? addEntry(editor, path, 'if', condition, after === undefined ? 'first' : { after })
          : setValue(editor, [...path, 'if'], condition),
    },
  ];
}

/** Seconds a session has to last, where that is more than the hour it lasts by itself. */
function durationOf(job: GithubJob): number | undefined {
  const minutes = Number(asText(findPart(job.body, 'timeout-minutes'))?.text ?? Number.NaN);
  return minutes > 60 ? Math.min(minutes * 60, maximumSessionSeconds) : undefined;
}

function durationWorks({ file }: GithubWorkflow, job: GithubJob): Work[] {
  const seconds = durationOf(job);
  if (seconds === undefined) return [];
  return findRoleSteps(job.steps)
    .filter((role) => isOidcStep(role) && findInput(role.step.inputs, 'role-duration-seconds') === undefined)
    .map(({ step }) => {
      const after = findInput(step.inputs, 'role-session-name')?.name ?? 'role-to-assume';
      return {
        rule: 'G8',
        file,
        at: step.body.range.start,
        order: 0,
        run: (editor) =>
          addEntry(editor, ['jobs', job.id, 'steps', step.index, 'with'], 'role-duration-seconds', seconds, { after }),
      };
    });
}

function maximumSession({ file }: GithubWorkflow, job: GithubJob, seconds: number, intent: Intent): Remark {
  const text = findRoleSteps(job.steps)
    .map(({ role }) => role.text)
    .join(' ');
  const named = phases.filter((phase) => text.includes(`TERRAFORM_${phase.toUpperCase()}_ROLE`));
  const roles = named.map((phase) => intent.pipelineRoles[phase].split('/').at(-1));
  return {
    rule: 'G8',
    ...file.locationOf(job.entry.range.start),
    text: `Job ${job.id} may run for ${Math.round(seconds / 60)} minutes: the role it takes must allow sessions that long.`,
    commands: (roles.length === 0 ? ['<role>'] : roles).map(
      (role) => `aws iam update-role --role-name ${role} --max-session-duration ${seconds}`,
    ),
  };
}

const maximumSessionSeconds = 43_200;
