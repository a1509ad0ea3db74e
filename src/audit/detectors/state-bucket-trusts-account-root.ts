/** Bucket policies of the state that admit whole accounts. */
import { oncePer } from '../../kernel/once-per.ts';
import type { Repository } from '../../repository/index.ts';
import { type Detector, defineDetector } from '../detector.ts';
import type { ConfigurationBlock } from '../terraform/configuration-block.ts';
import { type ModuleCode, moduleCode } from '../terraform/module-code.ts';
import { type PolicyStatement, type PolicyValue, policyStatements } from '../terraform/policy-statements.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { addressOf, referredResource, resourcesOfType } from '../terraform/resources.ts';
import { placeIn } from '../terraform/role-trust.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const stateBucketTrustsAccountRoot: Detector = defineDetector({
  id: 'state-bucket-trusts-account-root',
  title: 'State bucket trusts whole accounts',
  severity: 'high',
  class: 'indirect',
  why: 'An account’s root as principal means every identity in that account that has S3 rights, old keys included: all of them read every secret in the state.',
  fix: 'Keep the account or the organisation as principal and narrow it with aws:PrincipalArn patterns of the permission-set and pipeline roles.',
  source:
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts',
  flagged: [
    {
      path: 'main.tf',
      text: bucketPolicy(
        'Principal = { AWS = ["arn:aws:iam::222233334444:root", "arn:aws-us-gov:iam::333344445555:root"] }',
      ),
    },
    { path: 'main.tf', text: bucketPolicy('Principal = { AWS = "222233334444" }') },
    { path: 'main.tf', text: bucketPolicy('Principal = "*"') },
    {
      path: 'main.tf',
      text: 'data "aws_iam_policy_document" "p" {\n  statement {\n    actions   = ["s3:*"]\n    resources = ["*"]\n    principals {\n      type        = "AWS"\n      identifiers = formatlist("arn:aws-cn:iam::%s:root", ["222233334444"])\n    }\n  }\n}\nresource "aws_s3_bucket_policy" "terraform_state" {\n  bucket = "b"\n  policy = data.aws_iam_policy_document.p.json\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_s3_bucket_policy" "tfstate" {\n  bucket = "b"\n  policy = <<-EOF\n    {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::222233334444:root"}}}\n  EOF\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: bucketPolicy(
        'Principal = { AWS = "arn:aws:iam::222233334444:root" }\n      Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::222233334444:role/aws-reserved/*" } }',
      ),
    },
    { path: 'main.tf', text: bucketPolicy('Principal = { AWS = "arn:aws:iam::222233334444:role/ci" }') },
    { path: 'main.tf', text: bucketPolicy('Principal = "*"').replace('"Allow"', '"Deny"') },
    {
      path: 'main.tf',
      text: bucketPolicy('Principal = { AWS = "arn:aws:iam::222233334444:root" }').replaceAll('state', 'photos'),
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const block of resourcesOfType(file, 'aws_s3_bucket_policy', 'aws_s3_bucket')) {
      const policy = block.settings.get('policy')?.value;
      if (policy === undefined || !holdsState(block, module)) continue;
      const subject = addressOf(block);
      for (const statement of policyStatements(policy, { file, module })) {
        if (!statement.allows || isNarrowed(statement)) continue;
        for (const principal of wholeAccounts(statement)) {
          report.finding({
            at: placeIn(file, principal, block.start),
            identity: `${subject}: ${principal.text}`,
            usedBy: 'terraform',
            detail: `${subject} admits ${principal.text === '*' ? 'everybody' : principal.text} without a condition on who that is.`,
          });
        }
      }
    }
  },
});

function wholeAccounts(statement: PolicyStatement): readonly PolicyValue[] {
  const principals = [...(statement.principals.get('AWS') ?? []), ...(statement.principals.get('*') ?? [])];
  return principals.filter(({ text }) =>
    /^(arn:[^:]+:iam::[^:]*:root|\d{12}|\*)$/.test(text.replaceAll(/\$\{[^}]*\}/g, 'x')),
  );
}

function isNarrowed(statement: PolicyStatement): boolean {
  return statement.conditions.some(
    ({ key, operator }) =>
      /^aws:(PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|PrincipalTag\/.*|userid|SourceVpce?|PrincipalIsAWSService)$/i.test(
        key,
      ) && !/IfExists$|^ForAllValues:|^(String|Arn)Not/i.test(operator),
  );
}

/** The bucket is one that a backend of the tree names, or its names say that it holds state. */
function holdsState(block: ConfigurationBlock, module: ModuleCode): boolean {
  const bucket = block.settings.get('bucket')?.value;
  const resource = bucket === undefined ? undefined : referredResource(bucket, 'aws_s3_bucket', module);
  const name = resource?.settings.get('bucket')?.value;
  const names = [
    ...(bucket === undefined ? [] : possibleTexts(bucket, module, block.file.text)),
    ...(resource === undefined || name === undefined ? [] : possibleTexts(name, module, resource.file.text)),
  ];
  if (/state|terraform/i.test([block.labels[1], resource?.labels[1], ...names].join(' '))) return true;
  return names.some((each) => backendBuckets(module.repository).has(each));
}

const backendBuckets = oncePer((repository: Repository): ReadonlySet<string> => {
  const buckets = repository.files
    .filter((file) => file.terraformBody() !== undefined)
    .flatMap((file) => stateAccesses(file, repository))
    .flatMap((access) => {
      const bucket = access.settings.get('bucket')?.value;
      return bucket === undefined ? [] : possibleTexts(bucket, access.module, access.file.text);
    });
  return new Set(buckets);
});

function bucketPolicy(principal: string): string {
  return `resource "aws_s3_bucket_policy" "state" {
  bucket = "acme-state"
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::acme-state/*"
      ${principal}
    }]
  })
}
`;
}
