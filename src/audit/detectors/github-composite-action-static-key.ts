/** Keys in actions of this repository, and in the steps that use those actions. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubCompositeActionStaticKey: Detector = defineDetector({
  id: 'github-composite-action-static-key',
  title: 'An action of the repository takes an access key',
  severity: 'high',
  class: 'static',
  why: 'A composite action hides where the key is used; every workflow that calls it has to hold the key.',
  fix: 'Replace the key inputs by role-to-assume and add id-token: write to the jobs that use the action: an action cannot declare permissions.',
  fixRule: 'G7',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax',
  flagged: [
    {
      path: '.github/actions/terraform/action.yml',
      text: `name: terraform
inputs:
  aws-access-key-id: { required: true }
  aws-secret-access-key: { required: true }
runs:
  using: composite
  steps:
    - uses: aws-actions/configure-aws-credentials@v4
      with:
        aws-access-key-id: \${{ inputs.aws-access-key-id }}
        aws-secret-access-key: \${{ inputs.aws-secret-access-key }}
    - run: terraform plan
      shell: bash
`,
    },
    {
      path: '.github/workflows/plan.yml',
      text: `on: push
jobs:
  plan:
    steps:
      - uses: ./.github/actions/terraform
        with:
          access-key: \${{ secrets.AWS_ACCESS_KEY_ID }}
          secret-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`,
      beside: [
        {
          path: '.github/actions/terraform/action.yml',
          text: 'runs: { using: composite, steps: [] }\n',
        },
      ],
    },
  ],
  clean: [
    {
      path: '.github/actions/terraform/action.yml',
      text: `inputs:
  role-to-assume: { required: true }
runs:
  using: composite
  steps:
    - uses: aws-actions/configure-aws-credentials@v5
      with: { role-to-assume: '\${{ inputs.role-to-assume }}' }
`,
    },
    {
      // An action made for others: nothing in this repository authenticates with it.
      path: 'action.yml',
      text: `inputs:
  aws-access-key-id: { required: false }
  aws-secret-access-key: { required: false }
runs: { using: node24, main: index.js }
`,
    },
  ],
  detect(file, report, repository) {
    reportGithubCredentials(
      file,
      report,
      repository,
      (place) => place.source.kind === 'action' || place.form === 'action-call',
      (place) => {
        if (place.form === 'action-input') return 'the action asks the steps that use it for a static key';
        return place.form === 'action-call'
          ? `${place.subject} gives a static key to ${place.step?.uses?.text.text ?? 'an action'}`
          : `${place.subject} of the action uses a static key`;
      },
    );
  },
});
