/** Jobs that assume a role by OIDC without the permission to get a token: "Credentials could not be loaded". */
import { type Detector, defineDetector } from '../detector.ts';
import {
  canRequestIdToken,
  findLocalAction,
  findRoleSteps,
  type GithubStep,
  isConfigureCredentials,
  isOidcStep,
  readGithubWorkflow,
  subjectOf,
} from '../pipelines/index.ts';

export const githubOidcWithoutIdToken: Detector = defineDetector({
  id: 'github-oidc-without-id-token',
  title: 'A job assumes a role without id-token: write',
  severity: 'medium',
  class: 'dynamic',
  why: "GitHub grants id-token to no job that does not ask for it, and a job's permissions replace the workflow's. Without it the step fails, or takes whatever credentials the runner happens to have.",
  fix: 'Add id-token: write to the permissions of the job, next to all that it had before, and to the jobs that call this workflow.',
  fixRule: 'G5',
  source:
    'https://docs.github.com/en/actions/reference/security/oidc#workflow-permissions-for-the-requesting-the-oidc-token',
  flagged: [
    {
      path: '.github/workflows/none.yml',
      text: `on: push
jobs:
  plan:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
    {
      path: '.github/workflows/replaced.yml',
      text: `on: push
permissions: { id-token: write, contents: read }
jobs:
  plan:
    permissions: { contents: read, pull-requests: write }
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
    {
      path: '.github/workflows/called.yml',
      text: `on: workflow_call
permissions: { id-token: write }
jobs:
  plan:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
      beside: [
        {
          path: '.github/workflows/caller.yml',
          text: 'on: push\npermissions: { contents: read }\njobs: { plan: { uses: ./.github/workflows/called.yml } }\n',
        },
      ],
    },
    {
      path: '.github/workflows/composite.yml',
      text: 'on: push\njobs:\n  plan:\n    steps:\n      - uses: ./.github/actions/aws\n',
      beside: [
        {
          path: '.github/actions/aws/action.yml',
          text: "runs:\n  using: composite\n  steps:\n    - uses: aws-actions/configure-aws-credentials@v5\n      with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }\n",
        },
      ],
    },
  ],
  clean: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: push
jobs:
  plan:
    permissions: { id-token: write, contents: read }
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
    {
      path: '.github/workflows/called.yml',
      text: `on: { workflow_call: {} }
jobs:
  plan:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
      beside: [
        {
          path: '.github/workflows/caller.yml',
          text: 'on: push\npermissions: write-all\njobs: { plan: { uses: ./.github/workflows/called.yml } }\n',
        },
      ],
    },
    {
      path: '.github/workflows/chained.yml',
      text: `on: push
jobs:
  plan:
    runs-on: [self-hosted]
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan', role-chaining: true }
`,
    },
  ],
  detect(file, report, repository) {
    const workflow = readGithubWorkflow(file);
    for (const job of workflow?.jobs ?? []) {
      if (workflow === undefined || canRequestIdToken(repository, workflow, job) !== 'no') continue;
      const step = job.steps.find((each, index) => {
        const local = each.uses === undefined ? undefined : findLocalAction(repository, each.uses);
        return (
          findRoleSteps([each, ...(local?.steps ?? [])]).some(isOidcStep) && !hasCredentialsBefore(job.steps, index)
        );
      });
      if (step === undefined) continue;
      const permissions = job.permissions ?? workflow.permissions;
      const reason =
        permissions === undefined
          ? 'neither the job nor the workflow asks for id-token'
          : job.permissions !== undefined
            ? 'the permissions of the job do not list id-token: write'
            : workflow.call !== undefined
              ? 'a job that calls the workflow does not grant id-token: write'
              : 'the permissions of the workflow do not list id-token: write';
      report.finding({
        at: step.body.range.start,
        usedBy: 'pipeline',
        identity: subjectOf(job, step),
        detail: `${subjectOf(job, step)} assumes a role by OIDC, but ${reason}.`,
      });
    }
  },
});

/** A step before it has configured a key, from which the role is assumed without any token. */
function hasCredentialsBefore(steps: readonly GithubStep[], index: number): boolean {
  return steps
    .slice(0, index)
    .some(
      (step) => isConfigureCredentials(step) && step.inputs.some((entry) => /^aws-access-key-id$/i.test(entry.name)),
    );
}
