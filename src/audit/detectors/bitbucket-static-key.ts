/** Keys in Bitbucket Pipelines: variables of pipes, exports, and steps that live on deployment variables. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportUnseenCredentials, reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const bitbucketStaticKey: Detector = defineDetector({
  id: 'bitbucket-static-key',
  title: 'A Bitbucket pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: 'Repository and deployment variables hold the key for years, and every step of the pipeline can read them.',
  fix: 'Set oidc: true on the step, write BITBUCKET_STEP_OIDC_TOKEN to a file and name it with AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE; unset and delete the key variables.',
  source: 'https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/',
  flagged: [
    {
      path: 'bitbucket-pipelines.yml',
      text: `pipelines:
  default:
    - step:
        script:
          - pipe: atlassian/aws-s3-deploy:1.1.0
            variables:
              AWS_ACCESS_KEY_ID: $AWS_ACCESS_KEY_ID
              AWS_SECRET_ACCESS_KEY: $AWS_SECRET_ACCESS_KEY
`,
    },
    {
      path: 'bitbucket-pipelines.yml',
      text: 'pipelines:\n  default:\n    - step:\n        deployment: live\n        script:\n          - terraform init\n          - terraform apply\n',
    },
  ],
  clean: [
    {
      path: 'bitbucket-pipelines.yml',
      text: `pipelines:
  default:
    - step:
        oidc: true
        script:
          - export AWS_WEB_IDENTITY_TOKEN_FILE=$(pwd)/token
          - echo $BITBUCKET_STEP_OIDC_TOKEN > token
          - terraform apply
`,
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'bitbucket') return;
    const count = reportYamlCredentials(file, report, { kind: 'bitbucket-static-key', label: 'Bitbucket' });
    if (count > 0 || /oidc:\s*true|OIDC|assume-role|AWS_PROFILE/.test(file.text)) return;
    reportUnseenCredentials(file, report, 'bitbucket-static-key', 'Bitbucket', 'repository or deployment variables');
  },
});
