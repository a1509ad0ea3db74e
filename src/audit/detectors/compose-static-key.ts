/** Keys handed to containers by Docker Compose. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportPassedOnKeys } from '../pipelines/compose-environment.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const composeStaticKey: Detector = defineDetector({
  id: 'compose-static-key',
  title: 'A container is given an access key',
  severity: 'high',
  class: 'static',
  why: 'The key of a person or a pipeline is in the environment of every process of the container, and docker inspect shows it.',
  fix: 'Mount ~/.aws read-only and set AWS_PROFILE to a profile of Identity Center, signed in with `aws sso login`.',
  source: 'https://docs.docker.com/compose/how-tos/use-secrets/',
  flagged: [
    {
      path: 'docker-compose.yml',
      text: `services:\n  terraform:\n    build: .\n    environment:\n      AWS_ACCESS_KEY_ID: \${AWS_ACCESS_KEY_ID}\n      AWS_SECRET_ACCESS_KEY: \${AWS_SECRET_ACCESS_KEY}\n`,
    },
    {
      path: 'compose.yaml',
      text: 'services:\n  app:\n    image: app\n    environment:\n      - AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n      - AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
    {
      path: 'docker-compose.ci.yml',
      text: 'services:\n  app:\n    image: app\n    environment:\n      - AWS_ACCESS_KEY_ID\n      - AWS_SECRET_ACCESS_KEY\n',
    },
  ],
  clean: [
    {
      path: 'docker-compose.yml',
      text: 'services:\n  localstack:\n    image: localstack/localstack\n    environment: { AWS_ACCESS_KEY_ID: test, AWS_SECRET_ACCESS_KEY: test }\n',
    },
    {
      path: 'docker-compose.yml',
      text: 'services:\n  app:\n    image: app\n    environment:\n      - AWS_ACCESS_KEY_ID\n      - AWS_SECRET_ACCESS_KEY\n      - AWS_SESSION_TOKEN\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'compose') return;
    reportYamlCredentials(file, report, { kind: 'container-static-key', label: 'Compose', usedBy: 'application' });
    reportPassedOnKeys(file, report);
  },
});
