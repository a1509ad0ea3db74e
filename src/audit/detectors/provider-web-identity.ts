/** Providers that exchange an OIDC token for a role themselves: the way to be, unless the token is written down. */
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { onlyAccountOf } from '../terraform/aws-arguments.ts';
import { awsProviders } from '../terraform/aws-provider.ts';
import { plainString } from '../terraform/expression.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';

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
    for (const { module, subject, own } of awsProviders(file, repository)) {
      for (const identity of own.webIdentity) {
        const token = identity.get('web_identity_token');
        const text = token === undefined ? undefined : plainString(token.value);
        const written = token !== undefined && text !== undefined && readPlainCredential(text).kind === 'literal';
        const role = identity.get('role_arn')?.value;
        const roleArns = role === undefined ? [] : possibleTexts(role, module, file.text);
        const accountId = onlyAccountOf(roleArns);
        if (written) {
          report.finding({
            at: token.start,
            identity: subject,
            usedBy: 'terraform',
            detail: `${subject} has a web_identity_token written out.`,
          });
        }
        report.method({
          at: identity.start,
          kind: 'provider-web-identity',
          class: written ? 'static' : 'dynamic',
          usedBy: 'terraform',
          subject,
          stack: file.directory,
          roleArns,
          ...(accountId === undefined ? {} : { accountId }),
          detail: `${subject} exchanges an OIDC token for ${roleArns.length === 0 ? 'the role in the environment' : roleArns.join(', ')}.`,
        });
      }
    }
  },
});
