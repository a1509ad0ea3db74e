import { expect, it, test } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { moduleCode } from './module-code.ts';
import { type PolicyStatement, policyStatements } from './policy-statements.ts';
import { resourcesOfType } from './resources.ts';

/** The statements of the `policy` of the one bucket policy in `main.tf`. */
function statements(main: string, beside: Readonly<Record<string, string>> = {}): readonly PolicyStatement[] {
  const files = Object.entries({ 'main.tf': main, ...beside }).map(([path, text]) => new SourceFile(path, text));
  const repository = new Repository(files);
  const file = files[0] as SourceFile;
  const policy = resourcesOfType(file, 'aws_s3_bucket_policy')[0]?.settings.get('policy')?.value;
  return policy === undefined ? [] : policyStatements(policy, { file, module: moduleCode(repository, '') });
}

const json =
  '{"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*", "Principal": {"AWS": "arn:aws:iam::222233334444:root"}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}}}]}';
const use = (policy: string): string => `resource "aws_s3_bucket_policy" "p" {\n  policy = ${policy}\n}\n`;

test.each([
  ['jsonencode', use(`jsonencode(${json})`), {}],
  [
    'jsonencode in HCL words',
    use(
      'jsonencode({ Statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "*", Principal = { AWS = ["arn:aws:iam::222233334444:root"] }, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } } } })',
    ),
    {},
  ],
  ['a heredoc', use(`<<EOF\n${json}\nEOF`), {}],
  ['a local', `locals {\n  p = jsonencode(${json})\n}\n${use('local.p')}`, {}],
  ['a file', use(`file("\${path.module}/p.json")`), { 'p.json': json }],
  [
    'aws_iam_policy_document',
    `data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["s3:GetObject"]\n    resources = ["*"]\n    principals {\n      type        = "AWS"\n      identifiers = ["arn:aws:iam::222233334444:root"]\n    }\n    condition {\n      test     = "StringEquals"\n      variable = "aws:PrincipalOrgID"\n      values   = ["o-1"]\n    }\n  }\n}\n${use('data.aws_iam_policy_document.d.json')}`,
    {},
  ],
])('reads the same statement from %s', (_, main, beside) => {
  const [statement, ...more] = statements(main, beside);
  expect(more).toEqual([]);
  expect(statement).toMatchObject({ allows: true, actions: ['s3:GetObject'], resources: ['*'] });
  expect(statement?.principals.get('AWS')?.map(({ text }) => text)).toEqual(['arn:aws:iam::222233334444:root']);
  expect(statement?.conditions).toMatchObject([
    { operator: 'StringEquals', key: 'aws:PrincipalOrgID', values: [{ text: 'o-1' }] },
  ]);
});

it('says where a principal stands in a heredoc', () => {
  const main = use(`<<EOF\n${json}\nEOF`);
  const at = statements(main)[0]?.principals.get('AWS')?.[0]?.at;
  expect(main.slice(at, (at ?? 0) + 17)).toBe('arn:aws:iam::2222');
});

it('keeps interpolations of a heredoc as written', () => {
  const main = use(`<<EOF\n${json.replace('222233334444', `\${data.aws_caller_identity.me.account_id}`)}\nEOF`);
  expect(statements(main)[0]?.principals.get('AWS')?.[0]?.text).toBe(
    `arn:aws:iam::\${data.aws_caller_identity.me.account_id}:root`,
  );
});

it('reads lists that are computed from locals', () => {
  const main = `locals {\n  ids  = ["222233334444", "333344445555"]\n  arns = [for id in local.ids : "arn:aws:iam::\${id}:root"]\n}\n${use('jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Principal = { AWS = local.arns } }] })')}`;
  expect(
    statements(main)[0]
      ?.principals.get('AWS')
      ?.map(({ text }) => text),
  ).toEqual(['arn:aws:iam::222233334444:root', 'arn:aws:iam::333344445555:root']);
});

test.each(['var.policy', '"not json"', `<<EOF\n{"Statement": \nEOF`, 'jsonencode(var.p)'])(
  'finds nothing in %j',
  (policy) => {
    expect(statements(use(policy))).toEqual([]);
  },
);
