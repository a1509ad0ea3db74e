/** AWS keys in the query string of a module source. */
import { readPlainCredential } from '../credential-value.ts';
import { type CredentialPart, type Detector, defineDetector } from '../detector.ts';
import { moduleSources, queryOf } from '../terraform/module-source.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const moduleSourceStaticKey: Detector = defineDetector({
  id: 'module-source-static-key',
  title: 'Module source carries an AWS key in its URL',
  severity: 'critical',
  class: 'static',
  why: 'The URL with the key stands in every clone, in .terraform/modules/modules.json and in the output of terraform init.',
  fix: 'Drop the parameters: go-getter signs with the credentials of the environment, session tokens included.',
  fixRule: 'module-source',
  source: 'https://github.com/hashicorp/go-getter#s3-s3',
  flagged: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/modules/vpc.zip?aws_access_key_id=AKIAIOSFODNN7EXAMPLE&aws_access_key_secret=wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY"\n}\n',
    },
    {
      path: 'terragrunt.hcl',
      text: 'terraform {\n  source = "s3::https://s3.amazonaws.com.cn/m/v.zip?aws_access_key_id=AKIAIOSFODNN7EXAMPLE"\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/modules/vpc.zip"\n}\n',
    },
    { path: 'main.tf', text: 'module "vpc" {\n  source = "git::https://example.com/vpc.git?ref=v1"\n}\n' },
  ],
  detect(file, report) {
    for (const { subject, setting, source } of moduleSources(file)) {
      const given = [...queryOf(source)].filter(([name, value]) => name in parts && value !== '');
      if (given.length === 0) continue;
      const at = setting.start;
      for (const [name, value] of given) {
        const read = readPlainCredential(value);
        if (read.kind !== 'literal') continue;
        const part = parts[name] as CredentialPart;
        report.use({ at, slot: `${file.path}#source@${at}`, part, source: { kind: 'literal', value: read.value } });
      }
      const detail = `${subject} is downloaded with ${given.map(([name]) => name).join(' and ')} in its URL.`;
      reportPlace(report, {
        at,
        kind: 'module-source-static-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});

const parts: Readonly<Record<string, CredentialPart>> = {
  aws_access_key_id: 'keyId',
  aws_access_key_secret: 'secret',
  aws_access_token: 'token',
};
