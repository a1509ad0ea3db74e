/** Providers that name no credential: what keyless wants, as long as the environment holds a session and not a key. */
import { type Detector, defineDetector } from '../detector.ts';
import { isAmbient } from '../terraform/aws-arguments.ts';
import { awsProviders } from '../terraform/aws-provider.ts';

export const providerAmbient: Detector = defineDetector({
  id: 'provider-ambient',
  title: 'AWS provider takes the credentials of its surroundings',
  severity: 'info',
  class: 'indirect',
  why: 'Nothing in the code decides who acts: a session from Identity Center or OIDC is as good as a forgotten key in ~/.aws.',
  fix: 'Nothing to change here; make sure that people and pipelines bring a session.',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration',
  flagged: [
    { path: 'main.tf', text: 'provider "aws" { region = "eu-west-1" }\n' },
    { path: 'main.tf.json', text: '{"provider": {"aws": {}}}' },
  ],
  clean: [
    { path: 'main.tf', text: 'provider "aws" {\n  profile = "live"\n}\n' },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  region = "eu-west-1"\n}\n',
      beside: [{ path: 'override.tf', text: 'provider "aws" {\n  profile = "live"\n}\n' }],
    },
  ],
  detect(file, report, repository) {
    for (const { block, subject, effective, isOverride } of awsProviders(file, repository)) {
      if (isOverride || effective.endpoint === 'local' || !isAmbient(effective)) continue;
      report.method({
        at: block.start,
        kind: 'provider-ambient',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail: `${subject} names no credential: it takes what it finds in the environment, ~/.aws or the machine it runs on.`,
      });
    }
  },
});
