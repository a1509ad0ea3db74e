/** Vault logins that prove an AWS identity. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { valueSources } from '../terraform/value-source.ts';

export const vaultAwsLogin: Detector = defineDetector({
  id: 'vault-aws-login',
  title: 'Vault login takes a static AWS key',
  severity: 'high',
  class: 'static',
  why: 'The key opens AWS and, through it, everything the Vault role may read.',
  fix: 'Remove the key arguments of auth_login_aws: the provider then signs with the session in the environment.',
  source: 'https://registry.terraform.io/providers/hashicorp/vault/latest/docs#aws',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "vault" {\n  auth_login_aws {\n    role                  = "ci"\n    aws_access_key_id     = var.key\n    aws_secret_access_key = var.secret\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'provider "vault" {\n  auth_login_aws {\n    role                        = "ci"\n    aws_web_identity_token_file = "/tmp/t"\n    aws_role_arn                = "arn:aws:iam::222233334444:role/ci"\n  }\n}\n',
    },
    { path: 'main.tf', text: 'provider "vault" {\n  auth_login_jwt {\n    role = "ci"\n  }\n}\n' },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const provider of blocksOfType(file, 'provider', 'vault')) {
      for (const login of provider.settings.nested('auth_login_aws')) {
        const keys = Object.entries(keyNames).flatMap(([name, part]) => {
          const setting = login.get(name);
          return setting === undefined || plainString(setting.value) === '' ? [] : [{ setting, part }];
        });
        for (const { setting, part } of keys) {
          for (const source of valueSources(setting.value, module)) {
            report.use({ at: setting.start, slot: `${file.path}#vault@${login.brace}`, part, source });
          }
        }
        const [first] = keys;
        if (first !== undefined) {
          const origin = keys
            .map(({ setting }) => `${setting.name} ${describeOrigin(setting.value, file.text)}`)
            .join(', ');
          report.finding({
            at: first.setting.start,
            identity: 'auth_login_aws',
            usedBy: 'terraform',
            detail: `provider "vault" logs in with ${origin}.`,
          });
        }
        report.method({
          at: login.start,
          kind: 'vault-aws-login',
          class: first !== undefined ? 'static' : login.has('aws_web_identity_token_file') ? 'dynamic' : 'indirect',
          usedBy: 'terraform',
          subject: 'provider "vault"',
          stack: file.directory,
          detail: `provider "vault" proves its AWS identity to Vault${first === undefined ? '' : ' with a static key'}.`,
        });
      }
    }
  },
});

const keyNames = { aws_access_key_id: 'keyId', aws_secret_access_key: 'secret', aws_session_token: 'token' } as const;
