/** Roles that a provider assumes with whatever credentials it was given: no key, but a hop that hides who acts. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsProviders } from '../terraform/aws-provider.ts';
import { reportAssumedRoles } from '../terraform/report-roles.ts';

export const providerAssumeRole: Detector = defineDetector({
  id: 'provider-assume-role',
  title: 'AWS provider assumes a role',
  severity: 'low',
  class: 'indirect',
  why: 'The role is as good as the credentials it is assumed from. Once people and pipelines hold a role in the target account, the hop is not needed and only one shared identity shows in the logs.',
  fix: 'Keep it while the caller is in another account; drop it where the permission set or the OIDC role is already in the target account.',
  fixRule: 'P3',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  assume_role {\n    role_arn = "arn:aws:iam::222233334444:role/deployment"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'locals {\n  roles = { dev = "arn:aws-us-gov:iam::222233334444:role/d", live = "arn:aws-us-gov:iam::333344445555:role/d" }\n}\nprovider "aws" {\n  assume_role { role_arn = local.roles[terraform.workspace] }\n}\n',
    },
    { path: 'main.tf', text: 'provider "awscc" {\n  assume_role = {\n    role_arn = var.role_arn\n  }\n}\n' },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  dynamic "assume_role" {\n    for_each = var.roles\n    content { role_arn = assume_role.value }\n  }\n}\n',
    },
    {
      path: 'main.tf.json',
      text: '{"provider": {"aws": {"assume_role": [{"role_arn": "arn:aws-cn:iam::222233334444:role/d"}]}}}',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'provider "aws" {\n  region = var.region\n}\n' },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  assume_role_with_web_identity {\n    role_arn = var.role_arn\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { module, subject, own } of awsProviders(file, repository)) {
      reportAssumedRoles(report, { kind: 'provider-assume-role', subject, file, module }, own.roles);
    }
  },
});
