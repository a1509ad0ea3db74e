/** Workflows that run on `pull_request_target` or `workflow_run` with AWS credentials: the code can be a stranger's. */
import { type Detector, defineDetector } from '../detector.ts';
import {
  asText,
  findGithubCredentials,
  type GithubJob,
  readGithubWorkflow,
  subjectOf,
  usesOidc,
} from '../pipelines/index.ts';

export const githubForeignCodeWithAws: Detector = defineDetector({
  id: 'github-foreign-code-with-aws',
  title: 'AWS credentials in a workflow that pull requests of strangers start',
  severity: 'medium',
  class: 'dynamic',
  why: 'pull_request_target and workflow_run run with the secrets and the OIDC identity of the base branch. When such a job runs code of the pull request, anyone with a GitHub account can use the role.',
  fix: 'Plan on pull_request, which gives forks no token; keep pull_request_target for jobs that only label and comment.',
  fixRule: 'G8',
  source: 'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
  flagged: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: pull_request_target
permissions: { id-token: write, contents: read }
jobs:
  plan:
    steps:
      - uses: actions/checkout@v4
        with: { ref: '\${{ github.event.pull_request.head.sha }}' }
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
      - run: terraform plan
`,
    },
    {
      path: '.github/workflows/label.yml',
      text: `on: [pull_request_target]
jobs:
  plan:
    env: { AWS_ACCESS_KEY_ID: '\${{ secrets.AWS_ACCESS_KEY_ID }}' }
    steps: [{ run: terraform plan }]
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: pull_request
permissions: { id-token: write, contents: read }
jobs:
  plan:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
    {
      path: '.github/workflows/label.yml',
      text: 'on: pull_request_target\njobs:\n  label:\n    steps: [{ uses: actions/labeler@v5 }]\n',
    },
  ],
  detect(file, report, repository) {
    const workflow = readGithubWorkflow(file);
    const trigger = workflow?.triggers.find(({ event }) => event === 'pull_request_target' || event === 'workflow_run');
    if (workflow === undefined || trigger === undefined) return;
    const keys = findGithubCredentials(workflow, repository);
    for (const job of workflow.jobs) {
      const oidc = usesOidc(repository, job);
      const key = keys.some((place) => place.job === undefined || place.job === job);
      if (!oidc && !key) continue;
      const foreign = checksOutForeignCode(job);
      // An `if:` on who opened the pull request, or from which repository, keeps strangers out.
      const guarded = guards.test(job.condition?.text ?? '');
      // After a run of the repository's own workflow the code is its own, unless it is checked out otherwise.
      if (trigger.event === 'workflow_run' && !foreign) continue;
      report.finding({
        at: trigger.range.start,
        usedBy: 'pipeline',
        identity: `${trigger.event} ${job.id}`,
        class: oidc ? 'dynamic' : 'static',
        ...(foreign && !guarded ? { severity: 'critical' } : {}),
        detail: `${subjectOf(job)} runs on ${trigger.event} with ${oidc ? 'a role by OIDC' : 'a static key'}${foreign ? " and checks out the pull request's code" : ''}${foreign && guarded ? ', guarded by its if' : ''}.`,
      });
    }
  },
});

const guards = /pull_request\.(user|head\.repo)|github\.actor|author_association|head_repository|labels/;

function checksOutForeignCode(job: GithubJob): boolean {
  return job.steps.some((step) => {
    const text = [step.run, ...step.inputs.map(({ value }) => asText(value))]
      .map((part) => part?.text ?? '')
      .join('\n');
    const checkout =
      step.uses?.action === 'actions/checkout' || /\bgit (checkout|fetch|pull)\b|gh pr checkout/.test(text);
    return checkout && /pull_request\.head|github\.head_ref|workflow_run\.head|refs\/pull|gh pr checkout/.test(text);
  });
}
