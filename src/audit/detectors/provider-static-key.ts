/** Static keys as arguments of `provider "aws"` and `provider "awscc"`, by value or by name. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeKeys, reportKeyUses, weightOfKeys } from '../terraform/aws-arguments.ts';
import { awsProviders } from '../terraform/aws-provider.ts';

export const providerStaticKey: Detector = defineDetector({
  id: 'provider-static-key',
  title: 'AWS provider takes a static access key',
  severity: 'critical',
  class: 'static',
  why: 'The key outlives the person and the run that use it. Written out it is in every clone; handed over as a variable it is in every saved plan.',
  fix: 'Remove access_key, secret_key and token: the provider then takes the session of AWS_PROFILE (after `aws sso login`), or in a pipeline that of its OIDC role.',
  fixRule: 'P1',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  access_key = "AKIAIOSFODNN7EXAMPLE"\n  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n}\n',
    },
    {
      path: 'main.tf',
      text: `provider "aws" {\n  alias      = "live"\n  access_key = var.aws_access_key\n  secret_key = "\${var.aws_secret_key}"\n}\n`,
    },
    { path: 'main.tf', text: 'provider "awscc" { access_key = local.key }\n' },
    {
      path: 'main.tf.json',
      text: `{"provider": {"aws": [{"alias": "a", "access_key": "\${var.key}", "secret_key": "\${var.secret}"}]}}`,
    },
    {
      path: 'terragrunt.hcl',
      text: `generate "provider" {\n  path     = "provider.tf"\n  contents = <<EOF\nprovider "aws" {\n  access_key = "$\${var.key}"\n}\nEOF\n}\n`,
    },
  ],
  clean: [
    { path: 'main.tf', text: 'provider "aws" {\n  region = "eu-west-1"\n}\n' },
    { path: 'main.tf', text: 'provider "aws" {\n  access_key = ""\n  secret_key = null\n}\n' },
    { path: 'main.tf', text: 'provider "minio" {\n  access_key = var.minio_key\n}\n' },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  access_key = data.vault_aws_access_credentials.run.access_key\n  secret_key = data.vault_aws_access_credentials.run.secret_key\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { block, module, subject, own, effective, slot } of awsProviders(file, repository)) {
      const [first] = own.keys;
      if (first === undefined) continue;
      const weight = weightOfKeys({ ...own, endpoint: effective.endpoint });
      if (weight === 'leased') continue;
      const at = first.setting.start;
      const origin = describeKeys(own, file.text);
      if (weight === 'emulator') {
        report.finding({
          at,
          severity: 'info',
          identity: `${subject}: emulator`,
          detail: `${subject} has dummy keys for an emulator such as LocalStack (${origin}). They open nothing at AWS; keep them out of the code that plans real accounts.`,
        });
        continue;
      }
      if (weight === 'placeholder') {
        report.finding({
          at,
          severity: 'medium',
          identity: `${subject}: placeholder`,
          detail: `${subject} has a place where somebody is meant to put a key (${origin}).`,
        });
        continue;
      }
      reportKeyUses(own, slot, module, report);
      report.finding({
        at,
        identity: subject,
        usedBy: 'terraform',
        detail: `${subject} takes ${origin}.${block.generated ? ' The block is in a string that Terragrunt writes to a file.' : ''}`,
      });
      report.method({
        at,
        kind: 'provider-static-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail: `${subject} signs with a static key: ${origin}.`,
      });
    }
  },
});
