/** Roles that OIDC tokens can assume, and the ways in which such a trust lets in more than was meant. */
import { type Detector, defineDetector } from '../detector.ts';
import type { PolicyStatement } from '../terraform/policy-statements.ts';
import { addressOf } from '../terraform/resources.ts';
import { issuerOf, isWebIdentityStatement, placeIn, roleTrusts } from '../terraform/role-trust.ts';
import { terraformModule } from '../terraform/terraform-module.ts';
import { subjectFaults } from '../terraform/web-identity-subject.ts';

export const roleTrustWebIdentity: Detector = defineDetector({
  id: 'role-trust-web-identity',
  title: 'Trust of an OIDC issuer is wider than one pipeline',
  severity: 'high',
  class: 'dynamic',
  why: 'Issuers are shared: a wildcard in the wrong place lets repositories, branches or pull requests of others become this role.',
  fix: 'Name the repository and its environment or branch in sub, with StringEquals, and check aud.',
  source: 'https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws',
  flagged: [
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:*"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme*"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/*"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/infra:*"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/infra:environment:*"') },
    { path: 'main.tf', text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/infra:*"', 'StringEquals') },
    {
      path: 'main.tf',
      text: trust(
        '"token.actions.githubusercontent.com:sub" = "repo:acme/infra:ref:refs/heads/main"',
        'StringLikeIfExists',
      ),
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme/infra:environment:live"', 'StringEquals'),
    },
    {
      path: 'main.tf',
      text: trust('"token.actions.githubusercontent.com:sub" = "repo:acme@12/infra@34:ref:refs/heads/main"'),
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_role" "pod" {\n  assume_role_policy = jsonencode({\n    Statement = [{\n      Effect    = "Allow"\n      Action    = "sts:AssumeRole"\n      Principal = { Service = "ec2.amazonaws.com" }\n    }]\n  })\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = terraformModule(repository, file.directory);
    for (const { role, statements } of roleTrusts(file, module)) {
      const web = statements.filter(isWebIdentityStatement);
      if (web.length === 0) continue;
      const subject = addressOf(role);
      report.method({
        at: role.start,
        kind: 'role-trust-web-identity',
        class: 'dynamic',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject} may be assumed with tokens of ${[...new Set(web.map(issuerOf))].join(' and ')}${subjectsOf(web)}.`,
      });
      for (const statement of web) {
        for (const fault of subjectFaults(statement)) {
          report.finding({
            at: placeIn(file, fault.place, role.start),
            identity: `${subject}: ${fault.kind} ${fault.detail}`,
            severity: fault.severity,
            usedBy: 'made-by-code',
            detail: `${subject}: ${fault.detail}`,
          });
        }
      }
    }
  },
});

function subjectsOf(statements: readonly PolicyStatement[]): string {
  const subjects = statements.flatMap((statement) =>
    statement.conditions
      .filter(({ key }) => key.endsWith(':sub'))
      .flatMap(({ values }) => values.map(({ text }) => text)),
  );
  return subjects.length === 0 ? '' : `, subject ${[...new Set(subjects)].join(' or ')}`;
}

function trust(subject: string, operator = 'StringLike'): string {
  return `resource "aws_iam_role" "ci" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::222233334444:oidc-provider/token.actions.githubusercontent.com" }
      Condition = {
        ${operator} = { ${subject} }
        StringEquals${operator === 'StringEquals' ? 'IgnoreCase' : ''} = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}
`;
}
