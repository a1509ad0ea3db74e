/** Roles that Terragrunt assumes before it starts Terraform. */
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { onlyAccountOf } from '../terraform/aws-arguments.ts';
import { topLevelSettings } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';

export const terragruntIamRole: Detector = defineDetector({
  id: 'terragrunt-iam-role',
  title: 'Terragrunt assumes a role',
  severity: 'low',
  class: 'indirect',
  why: 'The role is as good as the credentials it is assumed from; with iam_web_identity_token it comes from a token instead.',
  fix: 'Drop iam_role where people and pipelines already hold a role in the target account; in pipelines set iam_web_identity_token or let the platform exchange the token.',
  source: 'https://terragrunt.gruntwork.io/docs/features/aws-authentication/',
  flagged: [
    { path: 'terragrunt.hcl', text: 'iam_role = "arn:aws:iam::222233334444:role/terragrunt"\n' },
    {
      path: 'live/terragrunt.hcl',
      text: `locals {\n  account = "333344445555"\n}\niam_role = "arn:aws-cn:iam::\${local.account}:role/terragrunt"\n`,
    },
    {
      path: 'terragrunt.hcl',
      text: 'iam_role               = "arn:aws:iam::222233334444:role/t"\niam_web_identity_token = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl"\n',
    },
  ],
  clean: [
    { path: 'terragrunt.hcl', text: 'include "root" {\n  path = find_in_parent_folders()\n}\n' },
    {
      path: 'terragrunt.hcl',
      text: 'iam_role               = "arn:aws:iam::222233334444:role/t"\niam_web_identity_token = get_env("TOKEN")\n',
    },
  ],
  detect(file, report, repository) {
    if (file.format !== 'terragrunt') return;
    const role = topLevelSettings(file)?.get('iam_role');
    if (role === undefined || plainString(role.value) === '') return;
    const roleArns = possibleTexts(role.value, moduleCode(repository, file.directory), file.text);
    const accountId = onlyAccountOf(roleArns);
    const token = topLevelSettings(file)?.get('iam_web_identity_token');
    const text = token === undefined ? undefined : plainString(token.value);
    // A path is fine: the file is written by the pipeline.
    const written = text !== undefined && !text.includes('/') && readPlainCredential(text).kind === 'literal';
    const detail = `Terragrunt assumes ${roleArns.join(' or ')}${token === undefined ? '' : ' with a web identity token'}.`;
    if (token === undefined || written) {
      report.finding({
        at: written ? (token?.start ?? role.start) : role.start,
        identity: 'iam_role',
        usedBy: 'terraform',
        ...(written ? { severity: 'high' as const, class: 'static' as const } : {}),
        detail: written ? 'iam_web_identity_token is written out: it is a credential in every clone.' : detail,
      });
    }
    report.method({
      at: role.start,
      kind: 'terragrunt-iam-role',
      class: written ? 'static' : token === undefined ? 'indirect' : 'dynamic',
      usedBy: 'terraform',
      subject: 'Terragrunt iam_role',
      stack: file.directory,
      roleArns,
      ...(accountId === undefined ? {} : { accountId }),
      detail,
    });
  },
});
