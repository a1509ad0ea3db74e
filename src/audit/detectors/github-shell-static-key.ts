/** Keys that a `run:` script hands on by itself: `aws configure set`, `>> $GITHUB_ENV`, `-var`, `-backend-config`, a written credentials file. */
import { type Detector, defineDetector } from '../detector.ts';
import { inWorkflow, reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubShellStaticKey: Detector = defineDetector({
  id: 'github-shell-static-key',
  title: 'A workflow script hands an access key on',
  severity: 'high',
  class: 'static',
  why: 'A key on a command line shows in process lists and logs; given to -var or -backend-config it is copied into saved plans and into .terraform.',
  fix: 'Delete the command and let configure-aws-credentials with role-to-assume export a session for the whole job.',
  fixRule: 'G3',
  source: 'https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data',
  flagged: [
    {
      path: '.github/workflows/configure.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: |
          aws configure set aws_access_key_id \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws configure set aws_secret_access_key "\${{ secrets.AWS_SECRET_ACCESS_KEY }}"
`,
    },
    {
      path: '.github/workflows/github-env.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: |
          echo "AWS_ACCESS_KEY_ID=$DEPLOY_KEY" >> $GITHUB_ENV
          echo "AWS_SECRET_ACCESS_KEY=$DEPLOY_SECRET" >> $GITHUB_ENV
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
          DEPLOY_SECRET: \${{ secrets.DEPLOY_SECRET }}
`,
    },
    {
      path: '.github/workflows/backend.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: terraform init -backend-config="access_key=\${{ secrets.STATE_KEY }}" -backend-config="secret_key=\${{ secrets.STATE_SECRET }}"
      - run: >-
          terraform plan
          -var 'aws_access_key=\${{ secrets.AWS_ACCESS_KEY_ID }}'
          -var 'aws_secret_key=\${{ secrets.AWS_SECRET_ACCESS_KEY }}'
`,
    },
    {
      path: '.github/workflows/heredoc.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: |
          mkdir -p ~/.aws
          cat > ~/.aws/credentials <<EOF
          [default]
          aws_access_key_id = \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws_secret_access_key = \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          EOF
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/assume.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: |
          CREDENTIALS=$(aws sts assume-role --role-arn "$ROLE" --role-session-name ci)
          export AWS_ACCESS_KEY_ID=$(echo "$CREDENTIALS" | jq -r .Credentials.AccessKeyId)
          export AWS_SECRET_ACCESS_KEY=$(echo "$CREDENTIALS" | jq -r .Credentials.SecretAccessKey)
          export AWS_SESSION_TOKEN=$(echo "$CREDENTIALS" | jq -r .Credentials.SessionToken)
          terraform plan
`,
    },
    {
      path: '.github/workflows/check.yml',
      text: `on: push
jobs:
  a:
    steps:
      - run: |
          if grep -r 'AWS_ACCESS_KEY_ID=' .; then exit 1; fi
          [ -z "$AWS_SECRET_ACCESS_KEY" ] || echo "AWS_SECRET_ACCESS_KEY must not be set"
          aws configure set region eu-west-1
`,
    },
  ],
  detect(file, report, repository) {
    reportGithubCredentials(
      file,
      report,
      repository,
      inWorkflow('shell'),
      ({ subject }) => `the script of ${subject} hands on a static key`,
    );
  },
});
