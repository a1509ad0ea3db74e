/** Roles that OIDC tokens can assume, and the ways in which such a trust lets in more than was meant. */
import type { SourceFile } from '../../repository/index.ts';
import { type Detector, defineDetector, type Report } from '../detector.ts';
import { type ModuleCode, moduleCode } from '../terraform/module-code.ts';
import { moduleSources } from '../terraform/module-source.ts';
import type { PolicyStatement } from '../terraform/policy-statements.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { addressOf } from '../terraform/resources.ts';
import { issuerOf, isWebIdentityStatement, placeIn, roleTrusts } from '../terraform/role-trust.ts';
import { githubSubjectWidth, subjectFaults } from '../terraform/web-identity-subject.ts';

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
    {
      path: 'main.tf',
      text: trust('"token.actions.githubusercontent.com:sub" = "workflow:deploy:repo:acme/infra"', 'StringEquals'),
    },
    {
      path: 'main.tf',
      text: 'module "ci" {\n  source   = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role"\n  subjects = ["acme/*"]\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'module "ci" {\n  source   = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role"\n  subjects = ["acme/infra:environment:live"]\n}\n',
    },
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
    const module = moduleCode(repository, file.directory);
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
    reportModules(file, report, module);
  },
});

/** Registry modules that make such a role; their subjects go without GitHub's `repo:`. */
function reportModules(file: SourceFile, report: Report, module: ModuleCode): void {
  for (const { subject, setting, source, block } of moduleSources(file)) {
    if (block === undefined || !/(github-oidc-role|iam-role-for-github|github-actions-oidc|oidc-github)/.test(source))
      continue;
    report.method({
      at: setting.start,
      kind: 'role-trust-web-identity',
      class: 'dynamic',
      usedBy: 'made-by-code',
      subject,
      stack: file.directory,
      detail: `${subject} makes a role that GitHub Actions may assume (${source}).`,
    });
    const subjects = ['subjects', 'oidc_subjects', 'github_repositories', 'repositories'].flatMap(
      (name) => block.settings.get(name) ?? [],
    );
    for (const { value } of subjects) {
      for (const element of value.kind === 'tuple' ? value.elements : []) {
        const text = possibleTexts(element, module, file.text)[0] ?? '';
        const width = githubSubjectWidth(text.startsWith('repo:') ? text : `repo:${text}`);
        if (width === undefined) continue;
        report.finding({
          at: element.start,
          identity: `${subject}: ${text}`,
          severity: width.severity,
          usedBy: 'made-by-code',
          detail: `${subject}: subject "${text}" ${width.says}.`,
        });
      }
    }
  }
}

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
