/** Actions other than configure-aws-credentials that are given a key. Some of them can't take a session token at all. */
import { type Detector, defineDetector } from '../detector.ts';
import { inWorkflow, reportGithubCredentials } from '../pipelines/github-report.ts';

export const githubThirdPartyStaticKey: Detector = defineDetector({
  id: 'github-third-party-static-key',
  title: 'An action is given an access key',
  severity: 'high',
  class: 'static',
  why: 'Code of others runs with a long-lived key, and an action without an input for the session token can never run on OIDC.',
  fix: 'Configure a session with configure-aws-credentials before the step and drop the inputs; replace the action when it does not read the environment.',
  fixRule: 'G4',
  source: 'https://github.com/jakejarvis/s3-sync-action/issues/86',
  flagged: [
    {
      path: '.github/workflows/site.yml',
      text: `on: push
jobs:
  site:
    steps:
      - uses: einaregilsson/beanstalk-deploy@v22
        with:
          aws_access_key: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws_secret_key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`,
    },
    {
      path: '.github/workflows/image.yml',
      text: `on: push
jobs:
  image:
    steps:
      - uses: docker/login-action@v3
        with:
          registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com
          username: \${{ secrets.AWS_ACCESS_KEY_ID }}
          password: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/other-clouds.yml',
      text: `on: push
jobs:
  a:
    steps:
      - uses: docker/login-action@v3
        with: { username: '\${{ secrets.HUB_USER }}', password: '\${{ secrets.HUB_TOKEN }}' }
      - uses: someone/oss-upload@v1
        with: { access_key_id: '\${{ secrets.OSS_KEY }}', access_key_secret: '\${{ secrets.OSS_SECRET }}' }
`,
    },
  ],
  detect(file, report, repository) {
    reportGithubCredentials(file, report, repository, inWorkflow('third-party'), ({ subject, step }) => {
      const known = knownActions.find(([action]) => step?.uses?.action === action)?.[1];
      return `${subject} gives a static key to ${step?.uses?.action ?? 'an action'}${known === undefined ? '' : ` (${known})`}`;
    });
  },
});

/** What is known of actions that workflows often hand keys to. */
const knownActions: readonly (readonly [string, string])[] = [
  ['docker/login-action', 'replace it by aws-actions/amazon-ecr-login, which uses the session of the job'],
  ['einaregilsson/beanstalk-deploy', 'it also takes aws_session_token'],
  ['jakejarvis/s3-sync-action', 'it knows no session token: replace it by aws s3 sync'],
  ['kciter/aws-ecr-action', 'it knows no session token: replace it by aws-actions/amazon-ecr-login'],
  ['jwalton/gh-ecr-push', 'it knows no session token: replace it by aws-actions/amazon-ecr-login'],
  ['appleboy/lambda-action', 'it also takes aws_session_token'],
];
