/** Vault's AWS secrets engine: the root key it is given, and the credentials it issues. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsArguments, describeKeys, reportKeyUses, weightOfKeys } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';

export const vaultAwsSecrets: Detector = defineDetector({
  id: 'vault-aws-secrets',
  title: 'Vault is given a static AWS key',
  severity: 'high',
  class: 'static',
  why: 'All credentials that Vault issues are only as safe as the root key it holds, and that key is in this code’s state.',
  fix: 'Let Vault use plugin workload identity or the role of the machine it runs on, and rotate the root key away.',
  source: 'https://registry.terraform.io/providers/hashicorp/vault/latest/docs/resources/aws_secret_backend',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "vault_aws_secret_backend" "aws" {\n  access_key = var.key\n  secret_key = var.secret\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "vault_aws_auth_backend_client" "c" {\n  access_key    = "AKIAIOSFODNN7EXAMPLE"\n  secret_key_wo = var.secret\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "vault_aws_secret_backend" "aws" {\n  role_arn                = "arn:aws:iam::222233334444:role/vault"\n  identity_token_audience = "vault"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "vault_aws_access_credentials" "run" {\n  backend = "aws"\n  role    = "deploy"\n  type    = "sts"\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const block of resourcesOfType(file, 'vault_aws_secret_backend', 'vault_aws_auth_backend_client')) {
      const subject = addressOf(block);
      const read = awsArguments([block.settings]);
      const secret = block.settings.get('secret_key_wo');
      const [first] = read.keys;
      const stored = first !== undefined && weightOfKeys(read) === 'stored';
      if (stored || secret !== undefined) {
        reportKeyUses(read, `${file.path}#vault@${block.settings.brace}`, module, report);
        report.finding({
          at: first?.setting.start ?? secret?.start ?? block.start,
          identity: subject,
          usedBy: 'terraform',
          detail: `${subject} takes ${describeKeys(read, file.text) || 'a secret key'}.`,
        });
      }
      report.method({
        at: block.start,
        kind: 'vault-aws-secrets',
        class: stored || secret !== undefined ? 'static' : 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail: stored
          ? `${subject}: Vault issues AWS credentials from a static root key.`
          : `${subject}: Vault issues AWS credentials with an identity of its own.`,
      });
    }
    for (const block of [...blocksOfType(file, 'data'), ...blocksOfType(file, 'ephemeral')]) {
      const type = block.labels[0] ?? '';
      if (!/^vault_aws_(access_credentials|static_access_credentials|static_credentials)$/.test(type)) continue;
      const kind = block.settings.get('type')?.value;
      const lease = type !== 'vault_aws_access_credentials' ? 'a static user’s rotated key' : 'a lease';
      const user = kind === undefined || plainString(kind) === 'creds';
      report.method({
        at: block.start,
        kind: 'vault-aws-secrets',
        class: lease === 'a lease' ? 'dynamic' : 'indirect',
        usedBy: 'terraform',
        subject: addressOf(block),
        stack: file.directory,
        detail: `${addressOf(block)} reads AWS credentials from Vault: ${lease}${lease === 'a lease' ? (user ? ' of a user made for it' : ' of an STS session') : ''}.`,
      });
    }
  },
});
