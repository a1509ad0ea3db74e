/** `aws-actions/configure-aws-credentials` fed with a stored key: the form most workflows have. */
import { type Detector, defineDetector } from '../detector.ts';
import { inWorkflow, reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubActionStaticKey: Detector = defineDetector({
  id: 'github-action-static-key',
  title: 'configure-aws-credentials takes a stored access key',
  severity: 'high',
  class: 'static',
  why: 'The workflow holds no secret and still lives on one: a long-lived key sits in the repository settings, readable by every job that names it, and nobody rotates it.',
  fix: 'Give the step role-to-assume and the job id-token: write, and drop the key inputs.',
  fixRule: 'G1',
  source: 'https://github.com/aws-actions/configure-aws-credentials#oidc',
  flagged: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: pull_request
jobs:
  plan:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - name: AWS
        uses: aws-actions/configure-aws-credentials@v2
        with:
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
      - run: terraform plan
        working-directory: stacks/network
`,
    },
    {
      path: '.github/workflows/flow-style.yml',
      text: `on: push
jobs:
  a:
    steps:
      - { uses: aws-actions/configure-aws-credentials@v4, with: { aws-access-key-id: "\${{ secrets[format('{0}_KEY', matrix.account)] }}", aws-secret-access-key: "\${{ secrets.S }}" } }
`,
    },
    {
      path: '.github/workflows/anchors.yml',
      text: `on: push
x-keys: &keys
  aws-access-key-id: \${{ vars.AWS_ACCESS_KEY_ID }}
  aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
jobs:
  a:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: *keys
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: push
permissions: { id-token: write, contents: read }
jobs:
  plan:
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: arn:aws:iam::111122223333:role/plan
          aws-region: eu-west-1
`,
    },
    {
      path: '.github/workflows/chained.yml',
      text: `on: push
jobs:
  plan:
    steps:
      - id: first
        uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/hub', output-credentials: true }
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          aws-access-key-id: \${{ steps.first.outputs.aws-access-key-id }}
          aws-secret-access-key: \${{ steps.first.outputs.aws-secret-access-key }}
          aws-session-token: \${{ steps.first.outputs.aws-session-token }}
          role-to-assume: arn:aws:iam::222233334444:role/spoke
`,
    },
    {
      path: '.github/workflows/localstack.yml',
      text: `on: push
jobs:
  test:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: { aws-access-key-id: test, aws-secret-access-key: test, aws-region: us-east-1 }
`,
    },
  ],
  detect(file, report, repository) {
    reportGithubCredentials(
      file,
      report,
      repository,
      inWorkflow('configure-action'),
      ({ subject }) => `${subject} configures AWS with a static key`,
    );
  },
});
