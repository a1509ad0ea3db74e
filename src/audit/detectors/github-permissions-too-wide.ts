/** Token permissions wider than the one job that needs AWS. */
import { type Detector, defineDetector } from '../detector.ts';
import {
  effectivePermission,
  findGithubCredentials,
  readGithubWorkflow,
  subjectOf,
  usesOidc,
} from '../pipelines/index.ts';

export const githubPermissionsTooWide: Detector = defineDetector({
  id: 'github-permissions-too-wide',
  title: 'More jobs can get an AWS token than need one',
  severity: 'low',
  class: 'dynamic',
  why: 'Every job with id-token: write can ask for the token that AWS trusts, and with it every action and dependency that runs there. write-all also lets them change the repository that the trust is tied to.',
  fix: 'Give id-token: write to the jobs that assume a role, each with a full list of what else it needs.',
  fixRule: 'G5',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions',
  flagged: [
    {
      path: '.github/workflows/all.yml',
      text: `on: push
permissions: write-all
jobs:
  apply:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/apply' }
`,
    },
    {
      path: '.github/workflows/everyone.yml',
      text: `on: push
permissions: { id-token: write, contents: read }
jobs:
  lint:
    steps: [{ run: npm ci }]
  apply:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/apply' }
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/narrow.yml',
      text: `on: push
permissions: { contents: read }
jobs:
  lint:
    steps: [{ run: npm ci }]
  apply:
    permissions: { id-token: write, contents: read }
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/apply' }
`,
    },
    {
      path: '.github/workflows/release.yml',
      text: 'on: push\npermissions: write-all\njobs: { a: { steps: [{ run: npm publish }] } }\n',
    },
  ],
  detect(file, report, repository) {
    const workflow = readGithubWorkflow(file);
    if (workflow === undefined) return;
    const oidcJobs = workflow.jobs.filter((job) => usesOidc(repository, job));
    const touchesAws = oidcJobs.length > 0 || findGithubCredentials(workflow, repository).length > 0;
    if (!touchesAws) return;
    for (const job of [undefined, ...workflow.jobs]) {
      const permissions = job === undefined ? workflow.permissions : job.permissions;
      if (permissions?.form !== 'write-all') continue;
      report.finding({
        at: permissions.range.start,
        severity: 'medium',
        usedBy: 'pipeline',
        detail: `${subjectOf(job)} of a workflow that uses AWS has permissions: write-all.`,
      });
    }
    const idToken = workflow.permissions?.scopes.find((entry) => entry.name === 'id-token');
    if (idToken === undefined || oidcJobs.length === 0) return;
    const others = workflow.jobs.filter(
      (job) =>
        job.permissions === undefined &&
        job.uses === undefined &&
        !oidcJobs.includes(job) &&
        effectivePermission(workflow, job, 'id-token') === 'write',
    );
    if (others.length === 0) return;
    report.finding({
      at: idToken.range.start,
      usedBy: 'pipeline',
      detail: `id-token: write at the level of the workflow reaches ${others.map((job) => `job ${job.id}`).join(', ')}, which assume${others.length === 1 ? 's' : ''} no role.`,
    });
  },
});
