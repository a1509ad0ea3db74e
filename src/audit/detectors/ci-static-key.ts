/** Keys in the files of CI servers without a detector of their own: Travis, Drone, Harness, Codefresh, Bitrise, Spacelift, env0 and others. */
import { type Detector, defineDetector } from '../detector.ts';
import { otherCiName, pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const ciStaticKey: Detector = defineDetector({
  id: 'ci-static-key',
  title: 'A pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: 'Encrypted in the file or stored on the server, it is a long-lived key that every build can read and nobody rotates.',
  fix: "Exchange the server's OIDC token for a role where it has one, or run the job on a machine with a role of its own; then delete the key.",
  flagged: [
    {
      path: '.travis.yml',
      text: 'deploy:\n  provider: s3\n  access_key_id: AKIAIOSFODNN7EXAMPLE\n  secret_access_key: { secure: "c2VjcmV0" }\nenv:\n  global:\n    - AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n',
    },
    {
      path: '.drone.yml',
      text: 'kind: pipeline\nsteps:\n  - name: apply\n    environment:\n      AWS_ACCESS_KEY_ID: { from_secret: aws_key }\n      AWS_SECRET_ACCESS_KEY: { from_secret: aws_secret }\n    commands: [terraform apply]\n',
    },
    {
      path: '.harness/apply.yaml',
      text: 'pipeline:\n  stages:\n    - step:\n        envVariables:\n          AWS_ACCESS_KEY_ID: <+secrets.getValue("aws_key")>\n          AWS_SECRET_ACCESS_KEY: <+secrets.getValue("aws_secret")>\n',
    },
    {
      path: 'ci/pipeline.yml',
      text: 'resources: []\njobs:\n  - name: apply\n    plan:\n      - task: apply\n        params:\n          AWS_ACCESS_KEY_ID: ((aws-key))\n          AWS_SECRET_ACCESS_KEY: ((aws-secret))\n',
    },
    {
      path: 'buildspec.yml',
      text: 'version: 0.2\nenv:\n  parameter-store:\n    AWS_ACCESS_KEY_ID: /ci/aws-access-key-id\n    AWS_SECRET_ACCESS_KEY: /ci/aws-secret-access-key\n',
    },
  ],
  clean: [
    {
      path: '.travis.yml',
      text: 'language: node_js\nenv:\n  global:\n    - secure: "YWJj"\n    - AWS_REGION=eu-west-1\n',
    },
    { path: '.drone.yml', text: 'kind: pipeline\nsteps:\n  - name: test\n    commands: [npm test]\n' },
    {
      path: 'buildspec.yml',
      text: 'version: 0.2\nphases: { build: { commands: [terraform apply] } }\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'other-ci') return;
    reportYamlCredentials(file, report, { kind: 'ci-static-key', label: otherCiName(file.path) });
  },
});
