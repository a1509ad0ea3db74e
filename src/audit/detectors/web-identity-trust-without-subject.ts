/** Trust of a shared OIDC issuer that does not say whose tokens are meant. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf } from '../terraform/resources.ts';
import { issuerOf, isWebIdentityStatement, placeIn, roleTrusts } from '../terraform/role-trust.ts';
import { limitsTenancy, tenancyClaimOf } from '../terraform/web-identity-subject.ts';

export const webIdentityTrustWithoutSubject: Detector = defineDetector({
  id: 'web-identity-trust-without-subject',
  title: 'Trust of an OIDC issuer names no subject',
  severity: 'critical',
  class: 'dynamic',
  why: 'The issuer serves everybody: without a condition on the claim that tells tenants apart, anyone’s repository can become this role.',
  fix: 'Add a StringEquals condition on sub with the repository and its environment or branch.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html',
  flagged: [
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"') },
    {
      path: 'main.tf',
      text: trust('"gitlab.com:aud" = "https://gitlab.com"').replaceAll('arn:aws:', 'arn:aws-us-gov:'),
    },
    {
      path: 'main.tf',
      text: 'data "aws_iam_policy_document" "trust" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type        = "Federated"\n      identifiers = [aws_iam_openid_connect_provider.github.arn]\n    }\n  }\n}\nresource "aws_iam_role" "ci" {\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_role" "ci" {\n  assume_role_policy = <<EOF\n{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "arn:aws-cn:iam::222233334444:oidc-provider/token.actions.githubusercontent.com"}}]}\nEOF\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/infra:environment:live"') },
    { path: 'main.tf', text: trust('"oidc.vercel.com/acme:aud" = "https://vercel.com/acme"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:repository_id" = "1234"') },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const { role, statements } of roleTrusts(file, module)) {
      for (const statement of statements.filter(isWebIdentityStatement)) {
        if (limitsTenancy(statement)) continue;
        const subject = addressOf(role);
        const issuer = issuerOf(statement);
        report.finding({
          at: placeIn(
            file,
            statement.conditions[0] === undefined
              ? statement
              : { file: statement.file, at: statement.conditions[0].at },
            role.start,
          ),
          identity: `${subject}: ${issuer}`,
          usedBy: 'made-by-code',
          detail: `${subject} accepts every token of ${issuer}${statement.conditions.length === 0 ? '' : ` that has ${statement.conditions.map(({ key }) => key).join(' and ')}`}: no condition on ${tenancyClaimOf(issuer)}.`,
        });
      }
    }
  },
});

function trust(condition: string): string {
  return `resource "aws_iam_role" "ci" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::222233334444:oidc-provider/issuer.example.com" }
      Condition = { StringEquals = { ${condition} } }
    }]
  })
}
`;
}
