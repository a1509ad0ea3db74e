/** Jobs of CircleCI that exchange their OIDC token for a role. */
import { type Detector, defineDetector } from '../detector.ts';
import { findOrbCalls, roleOfOrbCall } from '../pipelines/circleci-orbs.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { matchesIn, reportRole } from '../pipelines/yaml-report.ts';

export const circleciOidc: Detector = defineDetector({
  id: 'circleci-oidc',
  title: 'A CircleCI job assumes a role by OIDC',
  severity: 'info',
  class: 'dynamic',
  why: 'The token names organisation and project and ends with the job; its subject holds no branch unless the trust policy asks for more.',
  fix: 'Nothing to do: make sure the role trusts no more than this project.',
  source: 'https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/',
  flagged: [
    {
      path: '.circleci/config.yml',
      text: `version: 2.1
orbs: { aws-cli: circleci/aws-cli@5.1 }
jobs:
  plan:
    steps:
      - aws-cli/setup: { role_arn: 'arn:aws:iam::111122223333:role/plan' }
`,
    },
    {
      path: '.circleci/config.yml',
      text: 'version: 2.1\njobs:\n  plan:\n    steps:\n      - run: aws sts assume-role-with-web-identity --role-arn $ROLE --web-identity-token $CIRCLE_OIDC_TOKEN_V2\n',
    },
  ],
  clean: [{ path: '.circleci/config.yml', text: 'version: 2.1\njobs: { test: { steps: [checkout] } }\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'circleci') return;
    for (const call of findOrbCalls(file)) {
      const role = roleOfOrbCall(call);
      if (role === undefined) continue;
      const detail = `${call.name} in ${call.subject} assumes ${role} by OIDC.`;
      reportRole(report, { at: call.at, kind: 'circleci-oidc', subject: call.subject, detail, roleText: role });
    }
    for (const { at, text, match } of matchesIn(file, /CIRCLE_OIDC_TOKEN(_V2)?/)) {
      const detail = `a script exchanges ${match[0]} for a role.`;
      reportRole(report, { at, kind: 'circleci-oidc', subject: match[0], detail, roleText: text.text });
    }
  },
});
