/** Providers that work in whatever account their credentials lead to: they plan live with the session of dev without a word. */
import { type Detector, defineDetector } from '../detector.ts';
import { isAmbient } from '../terraform/aws-arguments.ts';
import { awsProviders } from '../terraform/aws-provider.ts';

export const providerWithoutAccountGuard: Detector = defineDetector({
  id: 'provider-without-account-guard',
  title: 'AWS provider accepts any account',
  severity: 'low',
  class: 'indirect',
  why: 'Without allowed_account_ids a plan of live runs in dev when the wrong session is in the environment: Terraform would offer to create everything anew.',
  fix: 'Add allowed_account_ids with the account of each workspace.',
  fixRule: 'P5',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids',
  flagged: [
    { path: 'main.tf', text: 'provider "aws" {\n  region = "eu-west-1"\n}\n' },
    { path: 'main.tf', text: 'provider "aws" {\n  assume_role { role_arn = var.role }\n}\n' },
    { path: 'main.tf.json', text: '{"provider": {"aws": {"region": "us-gov-west-1"}}}' },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  region              = "eu-west-1"\n  allowed_account_ids = ["222233334444"]\n}\n',
    },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  region = "eu-west-1"\n}\n',
      beside: [{ path: 'override.tf', text: 'provider "aws" {\n  forbidden_account_ids = ["333344445555"]\n}\n' }],
    },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  access_key = "test"\n  secret_key = "test"\n  endpoints { s3 = "http://localhost:4566" }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { block, subject, effective, isOverride } of awsProviders(file, repository)) {
      if (isOverride || effective.endpoint === 'local') continue;
      const counts = isAmbient(effective) || effective.roles.length > 0 || effective.profile !== undefined;
      if (effective.accountGuard || !counts || block.labels[0] !== 'aws') continue;
      report.finding({
        at: block.start,
        identity: subject,
        usedBy: 'terraform',
        detail: `${subject} has no allowed_account_ids: it works in whatever account its credentials lead to.`,
      });
    }
  },
});
