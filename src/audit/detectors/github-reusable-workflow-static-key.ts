/** Keys that travel between a reusable workflow and its callers. */
import { type Detector, defineDetector } from '../detector.ts';
import { inWorkflow, reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubReusableWorkflowStaticKey: Detector = defineDetector({
  id: 'github-reusable-workflow-static-key',
  title: 'A reusable workflow is called with an access key',
  severity: 'high',
  class: 'static',
  why: 'The key is part of a contract between workflows: neither side can drop it alone, so it stays everywhere.',
  fix: 'Change the called workflow and all its callers together: a role-arn input instead of the secrets, id-token: write on the calling jobs.',
  fixRule: 'G6',
  source: 'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows',
  flagged: [
    {
      path: '.github/workflows/run.yml',
      text: `on:
  workflow_call:
    secrets:
      AWS_ACCESS_KEY_ID: { required: true }
      AWS_SECRET_ACCESS_KEY: { required: true }
jobs: {}
`,
    },
    {
      path: '.github/workflows/caller.yml',
      text: `on: push
jobs:
  run:
    uses: ./.github/workflows/run.yml
    secrets:
      aws_access_key_id: \${{ secrets.LIVE_KEY }}
      aws_secret_access_key: \${{ secrets.LIVE_SECRET }}
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/run.yml',
      text: `on:
  workflow_call:
    inputs:
      role-arn: { type: string, required: true }
    secrets:
      AWS_SECRETS_MANAGER_ARN: { required: false }
jobs: {}
`,
    },
    {
      path: '.github/workflows/caller.yml',
      text: `on: push
jobs:
  run:
    permissions: { id-token: write, contents: read }
    uses: ./.github/workflows/run.yml
    with: { role-arn: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
  ],
  detect(file, report, repository) {
    reportGithubCredentials(file, report, repository, inWorkflow('reusable-declaration', 'reusable-call'), (place) =>
      place.form === 'reusable-declaration'
        ? 'the reusable workflow asks its callers for a static key'
        : `${place.subject} hands a static key to ${place.job?.uses?.text.text ?? 'another workflow'}`,
    );
  },
});
