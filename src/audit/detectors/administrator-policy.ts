/** Administrator rights for a pipeline's role, for the shared deployment user or role. */

import type { HclExpression } from '../../formats/hcl/syntax.ts';
import type { Severity } from '../../kernel/diagnostic.ts';
import { type Detector, defineDetector } from '../detector.ts';
import type { AuthenticationClass } from '../inventory.ts';
import { givesEverything, type PolicyAttachment, policyAttachments } from '../terraform/administrator.ts';
import { type ModuleCode, moduleCode } from '../terraform/module-code.ts';
import { moduleSources } from '../terraform/module-source.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { addressOf, referredResource } from '../terraform/resources.ts';
import { isWebIdentityStatement, trustOf } from '../terraform/role-trust.ts';

export const administratorPolicy: Detector = defineDetector({
  id: 'administrator-policy',
  title: 'Administrator rights for an identity that machines use',
  severity: 'high',
  class: 'dynamic',
  why: 'Whoever can make that identity act, by a pull request or by a leaked key, owns the account.',
  fix: 'Give the pipeline the rights of the stacks it applies, with a read-only role for plans, and a permissions boundary where it makes roles.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  flagged: [
    {
      path: 'main.tf',
      text: ciRole(
        'resource "aws_iam_role_policy_attachment" "admin" {\n  role       = aws_iam_role.ci.name\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n',
      ),
    },
    {
      path: 'main.tf',
      text: ciRole(
        'resource "aws_iam_role_policy" "all" {\n  role   = aws_iam_role.ci.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })\n}\n',
      ),
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_user_policy_attachment" "admin" {\n  user       = "deployment"\n  policy_arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_role" "deployment" {\n  assume_role_policy  = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws-cn:iam::111122223333:root" } }] })\n  managed_policy_arns = ["arn:aws-cn:iam::aws:policy/AdministratorAccess"]\n}\n',
    },
    {
      path: 'main.tf',
      text: 'module "ci" {\n  source   = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role"\n  policies = { all = "arn:aws:iam::aws:policy/AdministratorAccess" }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: ciRole(
        'resource "aws_iam_role_policy_attachment" "read" {\n  role       = aws_iam_role.ci.name\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n',
      ),
    },
    {
      path: 'main.tf',
      text: ciRole(
        'resource "aws_iam_role_policy" "s3" {\n  role   = aws_iam_role.ci.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })\n}\n',
      ),
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_role" "node" {\n  assume_role_policy  = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })\n  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const attachment of policyAttachments(file)) {
      const whose = whoseRights(attachment, module);
      if (whose === undefined || !givesEverything(attachment.policy, file, module)) continue;
      const subject = addressOf(attachment.block);
      report.finding({
        at: attachment.at,
        identity: subject,
        usedBy: 'made-by-code',
        severity: whose.severity,
        class: whose.class,
        detail: `${subject} gives administrator rights to ${whose.name}.`,
      });
    }
    for (const { subject, source, block } of moduleSources(file)) {
      const policies = block?.settings.all().filter(({ name }) => /polic/.test(name)) ?? [];
      if (!/oidc/.test(source)) continue;
      for (const policy of policies) {
        if (!valuesIn(policy.value).some((value) => givesEverything(value, file, module))) continue;
        report.finding({
          at: policy.start,
          identity: subject,
          usedBy: 'made-by-code',
          detail: `${subject} gives administrator rights to a role that tokens of an OIDC issuer open.`,
        });
      }
    }
  },
});

function valuesIn(expression: HclExpression): readonly HclExpression[] {
  if (expression.kind === 'object') return expression.items.map((item) => item.value);
  return expression.kind === 'tuple' ? expression.elements : [expression];
}

function whoseRights(
  { principalKind, principal, block }: PolicyAttachment,
  module: ModuleCode,
): { readonly name: string; readonly class: AuthenticationClass; readonly severity: Severity } | undefined {
  const written =
    principal === undefined ? addressOf(block) : (possibleTexts(principal, module, block.file.text)[0] ?? '');
  switch (principalKind) {
    case 'user':
      return { name: `IAM user ${written}`, class: 'static', severity: 'high' };
    case 'group':
      return { name: `IAM group ${written}`, class: 'static', severity: 'medium' };
    case 'permission-set':
      // People may need it in an emergency; one set for everybody is judged where it is assigned.
      return undefined;
    case 'role': {
      const role = principal === undefined ? block : referredResource(principal, 'aws_iam_role', module);
      if (role === undefined) return undefined;
      const { statements } = trustOf(role, module);
      if (statements.some(isWebIdentityStatement)) {
        return { name: `${addressOf(role)}, which a pipeline becomes by OIDC`, class: 'dynamic', severity: 'high' };
      }
      if (statements.some(({ principals }) => principals.has('AWS') || principals.has('*'))) {
        return { name: `${addressOf(role)}, which other identities assume`, class: 'indirect', severity: 'medium' };
      }
      return undefined;
    }
  }
}

function ciRole(attachment: string): string {
  return `resource "aws_iam_role" "ci" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/infra:environment:live" } }
    }]
  })
}
${attachment}`;
}
