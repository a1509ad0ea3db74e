/** Providers that exchange an OIDC token for a role themselves: the way to be, unless the token is written down. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsProviders } from '../terraform/aws-provider.ts';
import { reportWebIdentity } from '../terraform/report-roles.ts';

export const providerWebIdentity: Detector = defineDetector({
  id: 'provider-web-identity',
  title: 'AWS provider holds a web identity token in its code',
  severity: 'high',
  class: 'static',
  why: 'A token in the code is a credential in every clone for as long as its issuer lets it live.',
  fix: 'Use web_identity_token_file with the file the pipeline writes, or leave both to the environment.',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role-using-a-web-identity',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  assume_role_with_web_identity {\n    role_arn           = "arn:aws:iam::222233334444:role/ci"\n    web_identity_token = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl"\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  assume_role_with_web_identity {\n    role_arn                = "arn:aws:iam::222233334444:role/ci"\n    web_identity_token_file = "/tmp/token"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  assume_role_with_web_identity {\n    role_arn           = var.role_arn\n    web_identity_token = var.token\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    const kind = 'provider-web-identity';
    for (const { module, subject, own } of awsProviders(file, repository)) {
      for (const identity of own.webIdentity) reportWebIdentity(report, { kind, subject, file, module }, identity);
    }
  },
});
