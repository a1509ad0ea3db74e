/** API tokens of HCP Terraform written into `cloud { }` or `backend "remote"`. */
import type { SourceFile } from '../../repository/index.ts';
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector, type Report } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { reportPlace } from '../terraform/report-place.ts';

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
    {
      path: 'home/.terraformrc',
      text: 'credentials "app.terraform.io" {\n  token = "notarealtoken0.atlasv1.0123456789"\n}\n',
    },
    {
      path: '.terraform.d/credentials.tfrc.json',
      text: '{"credentials": {"app.terraform.io": {"token": "notarealtoken0.atlasv1.0123456789"}}}',
    },
  ],
  clean: [
    { path: '.terraformrc', text: 'plugin_cache_dir = "$HOME/.terraform.d/plugin-cache"\n' },
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
        reportPlace(report, {
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
    if (/(^|\/)(\.terraformrc|terraform\.rc|\.tofurc|tofu\.rc|[^/]*\.tfrc(\.json)?)$/.test(file.path))
      reportCliConfig(file, report);
  },
});

/** The configuration of the command line, in either syntax. */
function reportCliConfig(file: SourceFile, report: Report): void {
  for (const match of file.text.matchAll(/"?\btoken"?\s*[=:]\s*"([^"]+)"/g)) {
    if (readPlainCredential(match[1] as string).kind === 'nothing') continue;
    const detail = 'The configuration of the Terraform command line holds a token.';
    report.finding({ at: match.index, identity: 'credentials', usedBy: 'person', detail });
    report.method({
      at: match.index,
      kind: 'backend-token',
      class: 'static',
      usedBy: 'person',
      subject: 'Terraform command line',
      detail,
    });
  }
}
