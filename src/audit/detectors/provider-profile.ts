/** A named profile in a provider: a pointer into somebody's `~/.aws`. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsProviders } from '../terraform/aws-provider.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const providerProfile: Detector = defineDetector({
  id: 'provider-profile',
  title: 'AWS provider names a profile',
  severity: 'medium',
  class: 'indirect',
  why: 'A profile is a name in one person’s ~/.aws: it may hold a static key, a pipeline has none of that name, and it beats the session in the environment.',
  fix: 'Remove profile from the provider and choose the account with AWS_PROFILE after `aws sso login`; in a pipeline the OIDC role decides.',
  fixRule: 'P2',
  source:
    'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#shared-configuration-and-credentials-files',
  flagged: [
    { path: 'main.tf', text: 'provider "aws" {\n  profile = "live"\n}\n' },
    { path: 'main.tf', text: 'provider "aws" {\n  alias   = "dns"\n  profile = var.profile\n}\n' },
    { path: 'main.tf.json', text: '{"provider": [{"aws": {"profile": "live"}}]}' },
  ],
  clean: [
    { path: 'main.tf', text: 'provider "aws" { region = "eu-west-1" }\n' },
    { path: 'main.tf', text: 'provider "aws" {\n  profile = ""\n}\n' },
  ],
  detect(file, report, repository) {
    for (const { module, subject, own } of awsProviders(file, repository)) {
      if (own.profile === undefined) continue;
      const at = own.profile.start;
      const names = possibleTexts(own.profile.value, module, file.text);
      const detail = `${subject} uses profile ${names.join(' or ')}; what that is depends on the ~/.aws of whoever runs it.`;
      reportPlace(report, {
        at,
        kind: 'provider-profile',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        credentialName: names.join(' or '),
        detail,
      });
    }
  },
});
