/** What jobs of other servers say to take a role by the server's own token, ready to copy. */
import type { PipelineKind } from '../../audit/index.ts';

export interface PipelinePatch {
  /** What people call the server. */
  readonly server: string;
  /** `undefined` where the change is made outside the file. */
  readonly patch: string | undefined;
  /** What has to be done beside it. */
  readonly afterwards: string;
}

export function pipelinePatch(kind: PipelineKind | 'jenkins', roleArn: string): PipelinePatch {
  switch (kind) {
    case 'gitlab':
      return {
        server: 'GitLab',
        patch: `id_tokens:
  AWS_ID_TOKEN:
    aud: sts.amazonaws.com
variables:
  AWS_ROLE_ARN: ${roleArn}
  AWS_ROLE_SESSION_NAME: gitlab-$CI_PIPELINE_ID-$CI_JOB_ID
  AWS_WEB_IDENTITY_TOKEN_FILE: $CI_BUILDS_DIR/.aws-token-$CI_JOB_ID
before_script:
  - (umask 077 && printf '%s' "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE")`,
        afterwards:
          'Delete AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from the CI/CD variables of the project and its groups: they win over the role. Trust sub project_path:<group>/<project>:ref_type:branch:ref:<branch>.',
      };
    case 'circleci':
      return {
        server: 'CircleCI',
        patch: `orbs:
  aws-cli: circleci/aws-cli@5
# in the steps of the job, which must use a context:
- aws-cli/setup:
    role_arn: ${roleArn}
    role_session_name: circleci-$CIRCLE_BUILD_NUM`,
        afterwards:
          'Delete the key from the context or the project. The job gets a token only when it uses a context; its audience is the id of your organisation, and sub names no branch.',
      };
    case 'bitbucket':
      return {
        server: 'Bitbucket',
        patch: `- step:
    oidc: true
    script:
      - export AWS_ROLE_ARN=${roleArn}
      - export AWS_ROLE_SESSION_NAME=bitbucket-$BITBUCKET_BUILD_NUMBER
      - export AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)"
      - printf '%s' "$BITBUCKET_STEP_OIDC_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
      - unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY`,
        afterwards: 'Delete the key from the repository, deployment and workspace variables: they win over the role.',
      };
    case 'buildkite':
      return {
        server: 'Buildkite',
        patch: `plugins:
  - aws-assume-role-with-web-identity#v1.6.0:
      role-arn: ${roleArn}`,
        afterwards:
          'Take the key out of the hooks and the environment of the agents. The plugin has to stand before those that need AWS.',
      };
    case 'azure':
      return {
        server: 'Azure',
        patch: undefined,
        afterwards:
          'Switch the AWS service connection of the project to OpenID Connect with the ARN of a role, and take AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY out of the pipeline and its variable groups.',
      };
    case 'jenkins':
      return {
        server: 'Jenkins',
        patch: `withAWS(role: '${roleArn}', roleSessionName: "jenkins-\${env.BUILD_NUMBER}") {
  sh 'terraform plan'
}`,
        afterwards:
          'Give the agents a role of their own (an instance profile, or a service account) that may assume this one, and delete the stored credentials.',
      };
    case 'atlantis':
      return {
        server: 'Atlantis',
        patch: undefined,
        afterwards:
          'Give the server a role (task role, service account or instance profile) and take the key out of its environment.',
      };
    default:
      return {
        server: 'Other',
        patch: undefined,
        afterwards:
          'If the server issues OIDC tokens, write the token to a file and set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE; else give its runners a role. Then take the key out.',
      };
  }
}
