/** Roles that an IAM user may assume: as strong as the user's key. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf } from '../terraform/resources.ts';
import { placeIn, roleTrusts, trustedUsers } from '../terraform/role-trust.ts';

export const roleTrustsIamUser: Detector = defineDetector({
  id: 'role-trusts-iam-user',
  title: 'Role trusts an IAM user',
  severity: 'medium',
  class: 'indirect',
  why: 'The sessions of the role are only as short-lived as they look: behind them is the user’s key.',
  fix: 'Trust the pipeline’s OIDC role or the permission set’s role beside the user, move the callers, then remove the user from the trust.',
  fixRule: 'retire-user',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  flagged: [
    { path: 'main.tf', text: role('"arn:aws:iam::111122223333:user/deployment"') },
    { path: 'main.tf', text: `resource "aws_iam_user" "d" {\n  name = "d"\n}\n${role('aws_iam_user.d.arn')}` },
    {
      path: 'modules/role/main.tf',
      text: `variable "trusted" {}\n${role('var.trusted')}`,
      beside: [
        {
          path: 'main.tf',
          text: 'resource "aws_iam_user" "d" {\n  name = "d"\n}\nmodule "role" {\n  source  = "./modules/role"\n  trusted = aws_iam_user.d.arn\n}\n',
        },
      ],
    },
  ],
  clean: [
    { path: 'main.tf', text: role('"arn:aws:iam::111122223333:role/ci"') },
    { path: 'main.tf', text: role('var.trusted') },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const { role: block, statements } of roleTrusts(file, module)) {
      for (const user of statements.flatMap(trustedUsers)) {
        const subject = addressOf(block);
        report.finding({
          at: placeIn(file, user, block.start),
          identity: `${subject}: ${user.text}`,
          usedBy: 'made-by-code',
          gated: true,
          detail: `${subject} may be assumed by IAM user ${user.text}.`,
        });
      }
    }
  },
});

function role(principal: string): string {
  return `resource "aws_iam_role" "deployment" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = ${principal} }
    }]
  })
}
`;
}
