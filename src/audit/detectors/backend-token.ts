/** API tokens of HCP Terraform written into `cloud { }` or `backend "remote"`. */
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';

export const backendToken: Detector = defineDetector({
  id: 'backend-token',
  title: 'Backend holds an HCP Terraform token',
  severity: 'critical',
  class: 'static',
  why: 'The token reads every state and every variable of the organisation, AWS keys included, and is copied into .terraform and saved plans.',
  fix: 'Remove token and run terraform login, or set TF_TOKEN_app_terraform_io in the pipeline; revoke the token.',
  source: 'https://developer.hashicorp.com/terraform/cli/config/config-file#credentials',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  cloud {\n    organization = "o"\n    token        = "notarealtoken0.atlasv1.0123456789"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "remote" {\n    token = "notarealtoken0.atlasv1.0123456789"\n  }\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'terraform {\n  cloud {\n    organization = "o"\n  }\n}\n' },
    { path: 'main.tf', text: 'terraform {\n  cloud {\n    token = ""\n  }\n}\n' },
  ],
  detect(file, report) {
    for (const block of blocksOfType(file, 'terraform')) {
      const places = [
        ...block.settings.nested('cloud').map((settings) => ({ subject: 'cloud block', settings })),
        ...block.settings.labelled('backend', 'remote').map((settings) => ({ subject: 'backend "remote"', settings })),
      ];
      for (const { subject, settings } of places) {
        const token = settings.get('token');
        if (token === undefined) continue;
        const text = plainString(token.value);
        if (text !== undefined && readPlainCredential(text).kind === 'nothing') continue;
        const detail = `${subject} takes its token ${describeOrigin(token.value, file.text)}.`;
        report.finding({ at: token.start, identity: subject, usedBy: 'terraform', detail });
        report.method({
          at: token.start,
          kind: 'backend-token',
          class: 'static',
          usedBy: 'terraform',
          subject,
          stack: file.directory,
          detail,
        });
      }
    }
  },
});
