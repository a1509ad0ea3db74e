/** Access keys that the code makes, whose secret is in the state. */
import { type Detector, defineDetector } from '../detector.ts';
import { plainString } from '../terraform/expression.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf, describeDependents, resourcesOfType } from '../terraform/resources.ts';

export const iamAccessKey: Detector = defineDetector({
  id: 'iam-access-key',
  title: 'Access key made by the code',
  severity: 'high',
  class: 'static',
  why: 'The secret is in the state in clear, even with pgp_key for the SES password of old providers, and in everything it is copied to.',
  fix: 'Give what uses the key a role; then set status = "Inactive", wait, and remove the resource.',
  fixRule: 'retire-user',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "aws_iam_access_key" "deployment" {\n  user = "deployment"\n}\noutput "secret" {\n  value     = aws_iam_access_key.deployment.secret\n  sensitive = true\n}\n',
    },
    { path: 'main.tf', text: 'resource "aws_lightsail_bucket_access_key" "b" {\n  bucket_name = "b"\n}\n' },
  ],
  clean: [{ path: 'main.tf', text: 'resource "tls_private_key" "k" {\n  algorithm = "ED25519"\n}\n' }],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const key of resourcesOfType(file, 'aws_iam_access_key', 'aws_lightsail_bucket_access_key')) {
      const subject = addressOf(key);
      const status = key.settings.get('status')?.value;
      const inactive = status !== undefined && plainString(status) === 'Inactive';
      report.finding({
        at: key.start,
        identity: subject,
        usedBy: 'made-by-code',
        gated: true,
        ...(inactive ? { severity: 'low' as const } : {}),
        detail: `${subject} is a long-lived key${inactive ? ', switched off,' : ''} with its secret in the state.${describeDependents(key, module)}`,
      });
      report.method({
        at: key.start,
        kind: 'iam-access-key',
        class: 'static',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject} is a long-lived key made by Terraform.`,
      });
    }
  },
});
