/** Keys in `env:` of a workflow, a job, a step, a container or a service. */
import { type Detector, defineDetector } from '../detector.ts';
import { defineGithubTerraformVariables, inWorkflow, reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubEnvironmentStaticKey: Detector = defineDetector({
  id: 'github-environment-static-key',
  title: 'A workflow puts an access key into the environment',
  severity: 'high',
  class: 'static',
  why: 'Every process of every step below it can read a long-lived key. Left beside OIDC it wins over the exported session or mixes an old key id with a new token.',
  fix: 'Remove the pair at every level and let one configure-aws-credentials step with role-to-assume export a session.',
  fixRule: 'G2',
  source: 'https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws',
  flagged: [
    {
      path: '.github/workflows/drift.yml',
      text: `on: workflow_dispatch
env:
  AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}
  AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
jobs:
  drift:
    steps:
      - run: terraform -chdir=stacks/db plan
`,
    },
    {
      path: '.github/workflows/step.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: terraform plan
        env:
          TF_VAR_aws_access_key: \${{ secrets.AWS_ACCESS_KEY_ID }}
          TF_VAR_aws_secret_key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`,
    },
    {
      path: '.github/workflows/container.yml',
      text: `on: push
jobs:
  a:
    container:
      image: hashicorp/terraform:1.11
      env:
        AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE
        AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    steps: [{ run: terraform plan }]
`,
    },
    {
      path: '.github/workflows/broken.yml',
      text: `on: push
jobs:
  a:
    env:
      AWS_ACCESS_KEY_ID: \${{ secrets.ID }}
      AWS_SECRET_ACCESS_KEY: \${{ secrets.SECRET }}
    steps:
      - run: "never closed
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: push
env:
  AWS_REGION: eu-west-1
  AWS_SECRET_NAME: orders/db
  ARM_ACCESS_KEY: \${{ secrets.ARM_ACCESS_KEY }}
  SECRET_KEY: \${{ secrets.DJANGO_SECRET_KEY }}
jobs: {}
`,
    },
    {
      path: '.github/workflows/from-a-step.yml',
      text: `on: push
jobs:
  a:
    steps:
      - id: vault
        uses: hashicorp/vault-action@v3
      - run: terraform plan
        env:
          AWS_ACCESS_KEY_ID: \${{ steps.vault.outputs.access_key }}
          AWS_SECRET_ACCESS_KEY: \${{ steps.vault.outputs.secret_key }}
          AWS_SESSION_TOKEN: \${{ steps.vault.outputs.security_token }}
`,
    },
    {
      path: '.github/workflows/emulator.yml',
      text: `on: push
jobs:
  a:
    env: { AWS_ACCESS_KEY_ID: test, AWS_SECRET_ACCESS_KEY: test }
    steps: [{ run: tflocal apply }]
`,
    },
  ],
  detect(file, report, repository) {
    defineGithubTerraformVariables(file, report);
    reportGithubCredentials(
      file,
      report,
      repository,
      inWorkflow('environment'),
      ({ subject }) =>
        `${subject === 'every job' ? 'the environment of every job' : `the environment of ${subject}`} holds a static key`,
    );
  },
});
