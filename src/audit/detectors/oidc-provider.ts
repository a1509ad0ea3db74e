/** OIDC providers in IAM: the account trusts tokens instead of keys. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';

export const oidcProvider: Detector = defineDetector({
  id: 'oidc-provider',
  title: 'OIDC provider accepts more than one audience',
  severity: 'low',
  class: 'dynamic',
  why: 'Each client id is an audience whose tokens the account accepts; one that no role asks for is only a way in.',
  fix: 'Keep the audience that your roles check: sts.amazonaws.com for GitHub Actions.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "aws_iam_openid_connect_provider" "github" {\n  url            = "https://token.actions.githubusercontent.com"\n  client_id_list = ["sts.amazonaws.com", "https://github.com/acme"]\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "aws_iam_openid_connect_provider" "github" {\n  url            = "https://token.actions.githubusercontent.com"\n  client_id_list = ["sts.amazonaws.com"]\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const provider of resourcesOfType(file, 'aws_iam_openid_connect_provider')) {
      const subject = addressOf(provider);
      const url = provider.settings.get('url')?.value;
      const issuer = url === undefined ? 'an issuer' : possibleTexts(url, module, file.text).join(' or ');
      const clients = provider.settings.get('client_id_list')?.value;
      const count = clients?.kind === 'tuple' ? clients.elements.length : 1;
      if (count > 1) {
        report.finding({
          at: provider.settings.get('client_id_list')?.start ?? provider.start,
          identity: subject,
          usedBy: 'made-by-code',
          detail: `${subject} accepts ${count} audiences from ${issuer}.`,
        });
      }
      report.method({
        at: provider.start,
        kind: 'oidc-provider',
        class: 'dynamic',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject}: the account trusts tokens of ${issuer}.`,
      });
    }
  },
});
