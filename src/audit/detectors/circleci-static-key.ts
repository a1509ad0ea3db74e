/** Keys in CircleCI: orbs that read them from a context, `environment:`, and steps that export them. */
import { type Detector, defineDetector } from '../detector.ts';
import { findOrbCalls, roleOfOrbCall } from '../pipelines/circleci-orbs.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportUnseenCredentials, reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const circleciStaticKey: Detector = defineDetector({
  id: 'circleci-static-key',
  title: 'A CircleCI job uses an access key',
  severity: 'high',
  class: 'static',
  why: 'The key lies in a context or in the project settings, where every job that names the context can read it.',
  fix: 'Give aws-cli/setup a role_arn, keep a context on the job (only then CircleCI issues an OIDC token), and delete the key from the context.',
  source: 'https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/',
  flagged: [
    {
      path: '.circleci/config.yml',
      text: `version: 2.1
orbs: { aws-cli: circleci/aws-cli@5.1 }
jobs:
  plan:
    steps:
      - aws-cli/setup:
          aws_access_key_id: LIVE_KEY_ID
          aws_secret_access_key: LIVE_SECRET
      - run: terraform plan
`,
    },
    {
      path: '.circleci/config.yml',
      text: `version: 2.1
orbs: { aws: circleci/aws-cli@3.1 }
jobs:
  plan:
    steps:
      - aws/setup
      - run: terraform plan
workflows: { all: { jobs: [{ plan: { context: aws-live } }] } }
`,
    },
    {
      path: '.circleci/config.yml',
      text: `version: 2
jobs:
  plan:
    steps:
      - run: |
          echo 'export AWS_ACCESS_KEY_ID=$LIVE_AWS_ACCESS_KEY_ID' >> $BASH_ENV
          echo 'export AWS_SECRET_ACCESS_KEY=$LIVE_AWS_SECRET_ACCESS_KEY' >> $BASH_ENV
`,
    },
  ],
  clean: [
    {
      path: '.circleci/config.yml',
      text: `version: 2.1
orbs: { aws-cli: circleci/aws-cli@5.1 }
jobs:
  plan:
    steps:
      - aws-cli/setup: { role_arn: 'arn:aws:iam::111122223333:role/plan' }
      - run: terraform plan
`,
    },
    { path: '.circleci/config.yml', text: 'version: 2.1\njobs: { test: { steps: [checkout, { run: npm test }] } }\n' },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'circleci') return;
    const seen = reportYamlCredentials(file, report, { kind: 'circleci-static-key', label: 'CircleCI' });
    let orbs = 0;
    for (const call of findOrbCalls(file)) {
      if (roleOfOrbCall(call) !== undefined || call.takesKeys) continue;
      orbs += 1;
      const detail = `${call.name} in ${call.subject} has no role: it takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from a context or the project settings.`;
      report.finding({ at: call.at, usedBy: 'pipeline', detail, identity: `${call.name} ${call.subject}` });
      report.method({
        at: call.at,
        kind: 'circleci-static-key',
        class: 'static',
        usedBy: 'pipeline',
        subject: call.subject,
        detail,
      });
    }
    if (seen + orbs > 0 || /CIRCLE_OIDC_TOKEN|role[_-]arn|assume-role|AWS_PROFILE/i.test(file.text)) return;
    reportUnseenCredentials(file, report, 'circleci-static-key', 'CircleCI', 'a context or the project settings');
  },
});
