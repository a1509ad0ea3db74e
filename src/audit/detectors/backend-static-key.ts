/** Static keys in the configuration of the S3 backend: in the block, in a partial configuration file, in Terragrunt. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeKeys, reportKeyUses, weightOfKeys } from '../terraform/aws-arguments.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendStaticKey: Detector = defineDetector({
  id: 'backend-static-key',
  title: 'S3 backend takes a static access key',
  severity: 'critical',
  class: 'static',
  why: 'Terraform copies the key into .terraform/terraform.tfstate of every clone and into every saved plan.',
  fix: 'Remove access_key, secret_key and token; the backend then takes the same session as the provider. Old .terraform folders and plan files hold the key too.',
  fixRule: 'B1',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    bucket     = "state"\n    access_key = "AKIAIOSFODNN7EXAMPLE"\n    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n  }\n}\n',
    },
    { path: 'live.tfbackend', text: 'bucket     = "state"\naccess_key = "AKIAIOSFODNN7EXAMPLE"\n' },
    { path: 'backend.hcl', text: 'secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n' },
    {
      path: 'terragrunt.hcl',
      text: 'remote_state {\n  backend = "s3"\n  config = {\n    bucket     = "state"\n    access_key = get_env("KEY")\n  }\n}\n',
    },
    {
      path: 'main.tf.json',
      text: '{"terraform": {"backend": {"s3": {"bucket": "b", "access_key": "AKIAIOSFODNN7EXAMPLE"}}}}',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    bucket = "state"\n  }\n}\n' },
    { path: 'main.tf', text: 'terraform {\n  backend "azurerm" {\n    access_key = var.key\n  }\n}\n' },
    {
      path: 'azure.tfbackend',
      text: 'storage_account_name = "state"\nkey = "x"\naccess_key = "AKIAIOSFODNN7EXAMPLE"\n',
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, module, read, slot } of stateAccesses(file, repository)) {
      const [first] = read.keys;
      if (role !== 'backend' || first === undefined) continue;
      const at = first.setting.start;
      const origin = describeKeys(read, file.text);
      const weight = weightOfKeys(read);
      if (weight === 'emulator' || weight === 'placeholder') {
        report.finding({
          at,
          severity: weight === 'emulator' ? 'info' : 'medium',
          identity: `${subject}: ${weight}`,
          detail:
            weight === 'emulator'
              ? `${subject} has dummy keys for an emulator (${origin}). They open nothing at AWS.`
              : `${subject} has a place where somebody is meant to put a key (${origin}).`,
        });
        continue;
      }
      reportKeyUses(read, slot, module, report);
      const foreign = read.endpoint === 'foreign';
      report.finding({
        at,
        identity: subject,
        usedBy: 'terraform',
        ...(foreign
          ? {
              severity: 'high' as const,
              fix: 'The service is not AWS, so no AWS session opens it: hand the key over in the environment, short-lived if the service can issue such keys.',
            }
          : {}),
        detail: `${subject} takes ${origin}${foreign ? ', for an S3-compatible service that is not AWS' : ''}.`,
      });
      report.method({
        at,
        kind: 'backend-static-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail: `${subject} reaches the state with a static key: ${origin}.`,
      });
    }
  },
});
