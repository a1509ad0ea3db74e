/** Keys in Buildkite pipelines and in the hooks beside them. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const buildkiteStaticKey: Detector = defineDetector({
  id: 'buildkite-static-key',
  title: 'A Buildkite pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: 'A key in env: or in a plugin setting is part of every job, its log group and its annotations.',
  fix: 'Use the aws-assume-role-with-web-identity plugin, or buildkite-agent oidc request-token --audience sts.amazonaws.com, and drop the key.',
  source: 'https://buildkite.com/docs/pipelines/security/oidc/aws',
  flagged: [
    {
      path: '.buildkite/pipeline.yml',
      text: 'env:\n  AWS_ACCESS_KEY_ID: $$LIVE_KEY_ID\n  AWS_SECRET_ACCESS_KEY: $$LIVE_SECRET_KEY\nsteps:\n  - command: terraform apply\n',
    },
  ],
  clean: [
    {
      path: '.buildkite/pipeline.yml',
      text: "steps:\n  - command: terraform apply\n    plugins:\n      - aws-assume-role-with-web-identity#v1.4.0: { role-arn: 'arn:aws:iam::111122223333:role/apply' }\n",
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'buildkite') return;
    reportYamlCredentials(file, report, { kind: 'buildkite-static-key', label: 'Buildkite' });
  },
});
