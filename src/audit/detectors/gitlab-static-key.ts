/** Keys in GitLab CI: `variables:`, exports in scripts, and jobs whose credentials come from settings outside the file. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportUnseenCredentials, reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const gitlabStaticKey: Detector = defineDetector({
  id: 'gitlab-static-key',
  title: 'A GitLab pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: 'A CI/CD variable holds the key for years, every job of a protected branch can print it, and variables of the project still win over those in the file.',
  fix: 'Give the job id_tokens and let AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE exchange the token; then delete the CI/CD variables of the project and group.',
  source: 'https://docs.gitlab.com/ci/cloud_services/aws/',
  flagged: [
    {
      path: '.gitlab-ci.yml',
      text: `plan:
  variables:
    AWS_ACCESS_KEY_ID: $LIVE_AWS_ACCESS_KEY_ID
    AWS_SECRET_ACCESS_KEY: $LIVE_AWS_SECRET_ACCESS_KEY
  script:
    - cd stacks/network
    - terraform plan
`,
    },
    {
      path: '.gitlab-ci.yml',
      text: `.aws: &aws
  before_script:
    - export AWS_ACCESS_KEY_ID="$DEPLOY_KEY"
    - export AWS_SECRET_ACCESS_KEY="$DEPLOY_SECRET"
apply:
  <<: *aws
  script: [terraform apply]
`,
    },
    { path: '.gitlab-ci.yml', text: 'plan:\n  script:\n    - terraform init\n    - terraform plan\n' },
    {
      path: 'ci/terraform.yml',
      text: 'plan:\n  script: terraform init -backend-config="access_key=$STATE_KEY" -backend-config="secret_key=$STATE_SECRET"\n',
      beside: [{ path: '.gitlab-ci.yml', text: 'include:\n  - local: /ci/terraform.yml\n' }],
    },
  ],
  clean: [
    {
      path: '.gitlab-ci.yml',
      text: `plan:
  id_tokens:
    AWS_TOKEN: { aud: https://gitlab.com }
  variables: { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/plan', AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/token }
  script:
    - echo "$AWS_TOKEN" > /tmp/token
    - terraform plan
`,
    },
    { path: '.gitlab-ci.yml', text: 'test:\n  script: [npm test, terraform fmt -check]\n' },
    {
      path: '.gitlab-ci.yml',
      text: `apply:
  script:
    - STS=$(aws sts assume-role --role-arn $ROLE --role-session-name ci)
    - export AWS_ACCESS_KEY_ID=$(echo $STS | jq -r .Credentials.AccessKeyId)
    - export AWS_SECRET_ACCESS_KEY=$(echo $STS | jq -r .Credentials.SecretAccessKey)
    - export AWS_SESSION_TOKEN=$(echo $STS | jq -r .Credentials.SessionToken)
    - aws s3 ls
`,
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'gitlab') return;
    const count = reportYamlCredentials(file, report, { kind: 'gitlab-static-key', label: 'GitLab job' });
    if (count > 0 || /id_tokens|CI_JOB_JWT|assume-role|AWS_ROLE_ARN|AWS_PROFILE/.test(file.text)) return;
    reportUnseenCredentials(
      file,
      report,
      'gitlab-static-key',
      'GitLab',
      'the CI/CD variables of the project or its runner',
    );
  },
});
