import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyKind } from './document.ts';
import { parsePolicy } from './parse.ts';

const identity = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const bucket = { ...identity, Principal: '*' };
const trust = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' };

/** kind, statement, code, message, path */
const refusals: readonly (readonly [PolicyKind, object, string, string, string])[] = [
  [
    'identity',
    { ...identity, Effect: 'Maybe' },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].Effect',
  ],
  [
    'identity',
    { ...identity, Resource: 'arn:aws:s3::acme-state' },
    'MalformedPolicyDocument',
    'The policy failed legacy parsing',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Resource: 'aws:s3:::acme-state' },
    'MalformedPolicyDocument',
    'Partition "s3" is not valid for resource "arn:s3:::acme-state:*".',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Resource: 'arn:aws:iam::111122223333:deploy' },
    'MalformedPolicyDocument',
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Action: 'x', Resource: 'y' },
    'MalformedPolicyDocument',
    'Resource y must be in ARN format or "*".',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Principal: '*' },
    'MalformedPolicyDocument',
    'Policy document should not specify a principal.',
    'Statement[0].Principal',
  ],
  [
    'identity',
    { Effect: 'Allow', Action: 's3:*' },
    'MalformedPolicyDocument',
    'Policy statement must contain resources.',
    'Statement[0]',
  ],
  [
    'identity',
    { Effect: 'Allow', Resource: '*' },
    'MalformedPolicyDocument',
    'Policy statement must contain actions.',
    'Statement[0]',
  ],
  [
    'identity',
    { ...identity, Action: [] },
    'MalformedPolicyDocument',
    'Policy statement must contain actions.',
    'Statement[0]',
  ],
  [
    'identity',
    { ...identity, Action: 'GetObject' },
    'MalformedPolicyDocument',
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    'Statement[0].Action',
  ],
  [
    'identity',
    { ...identity, Action: 's3:Get:Object' },
    'MalformedPolicyDocument',
    'Actions/Condition can contain only one colon.',
    'Statement[0].Action',
  ],
  [
    'identity',
    { ...identity, Action: 's 3:GetObject' },
    'MalformedPolicyDocument',
    'Vendor s 3 is not valid',
    'Statement[0].Action',
  ],
  [
    'identity',
    { ...identity, Resource: 'acme-state' },
    'MalformedPolicyDocument',
    'Resource acme-state must be in ARN format or "*".',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Resource: 'arn:aws-xx:s3:::a' },
    'MalformedPolicyDocument',
    'Partition "aws-xx" is not valid for resource "arn:aws-xx:s3:::a".',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Resource: 'arn:aws' },
    'MalformedPolicyDocument',
    'Resource vendor must be fully qualified and cannot contain regexes.',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Resource: 'arn:aws:iam:eu-west-1:111122223333:user/x' },
    'MalformedPolicyDocument',
    'IAM resource arn:aws:iam:eu-west-1:111122223333:user/x cannot contain region information.',
    'Statement[0].Resource',
  ],
  [
    'identity',
    { ...identity, Sid: 'No spaces' },
    'MalformedPolicyDocument',
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    'Statement[0].Sid',
  ],
  [
    'identity',
    { ...identity, Effect: 'allow' },
    'MalformedPolicyDocument',
    'The policy failed legacy parsing',
    'Statement[0].Effect',
  ],
  [
    'identity',
    { ...identity, NotAction: 's3:*' },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].NotAction',
  ],
  [
    'identity',
    { ...identity, Comment: 'x' },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].Comment',
  ],
  [
    'identity',
    { ...identity, Condition: { StringIs: { a: 'b' } } },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].Condition.StringIs',
  ],
  [
    'identity',
    { ...identity, Condition: { NullIfExists: { a: 'true' } } },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].Condition.NullIfExists',
  ],
  [
    'identity',
    { ...identity, Condition: { StringEquals: { a: { b: 'c' } } } },
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'Statement[0].Condition.StringEquals.a',
  ],
  [
    'identity',
    { ...identity, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-30' } } },
    'MalformedPolicyDocument',
    'The policy failed legacy parsing',
    'Statement[0].Condition.DateLessThan.aws:CurrentTime',
  ],
  [
    'trust',
    { ...trust, Resource: '*' },
    'MalformedPolicyDocument',
    'Has prohibited field Resource',
    'Statement[0].Resource',
  ],
  [
    'trust',
    { ...trust, NotResource: '*' },
    'MalformedPolicyDocument',
    'AssumeRole policy must not contain resources.',
    'Statement[0].NotResource',
  ],
  [
    'trust',
    { Effect: 'Allow', Action: 'sts:AssumeRole' },
    'MalformedPolicyDocument',
    'Missing required field Principal',
    'Statement[0]',
  ],
  [
    'trust',
    { ...trust, Action: 's3:GetObject' },
    'MalformedPolicyDocument',
    'AssumeRole policy may only specify STS AssumeRole actions.',
    'Statement[0].Action',
  ],
  [
    'trust',
    { ...trust, Action: '*' },
    'MalformedPolicyDocument',
    'AssumeRole policy may only specify STS AssumeRole actions.',
    'Statement[0].Action',
  ],
  [
    'trust',
    { ...trust, Principal: { AWS: 'arn:aws:iam::*:role/x' } },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:iam::*:role/x"',
    'Statement[0].Principal.AWS',
  ],
  [
    'trust',
    { ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:role/ci-*' } },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/ci-*"',
    'Statement[0].Principal.AWS',
  ],
  [
    'trust',
    { ...trust, Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/plan/*' } },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:sts::111122223333:assumed-role/plan/*"',
    'Statement[0].Principal.AWS',
  ],
  [
    'trust',
    { ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:group/ops' } },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/ops"',
    'Statement[0].Principal.AWS',
  ],
  [
    'trust',
    { ...trust, Principal: { Service: 'cloudtrail' } },
    'MalformedPolicyDocument',
    'Invalid principal in policy: "SERVICE":"cloudtrail"',
    'Statement[0].Principal.Service',
  ],
  [
    'trust',
    { Effect: 'Allow', NotPrincipal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' },
    'MalformedPolicyDocument',
    'Allow with NotPrincipal is not allowed.',
    'Statement[0].NotPrincipal',
  ],
  [
    'trust',
    { Effect: 'Deny', NotPrincipal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' },
    'MalformedPolicyDocument',
    'AssumeRole policy must not contain NotPrincipal field.',
    'Statement[0].NotPrincipal',
  ],
  [
    'trust',
    { ...trust, Effect: undefined },
    'MalformedPolicyDocument',
    'Missing required field Effect',
    'Statement[0]',
  ],
  ['bucket', identity, 'MalformedPolicy', 'Missing required field Principal', 'Statement[0]'],
  [
    'bucket',
    { ...bucket, Principal: { AWS: 'arn:aws:iam::111122223333:role/ci-*' } },
    'MalformedPolicy',
    'Invalid principal in policy',
    'Statement[0].Principal.AWS',
  ],
  [
    'bucket',
    { ...bucket, Resource: 'acme-state' },
    'MalformedPolicy',
    'Policy has invalid resource',
    'Statement[0].Resource',
  ],
  ['bucket', { ...bucket, Action: 'GetObject' }, 'MalformedPolicy', 'Policy has invalid action', 'Statement[0].Action'],
  [
    'bucket',
    { ...bucket, Principal: '*', Action: undefined },
    'MalformedPolicy',
    'Missing required field Action',
    'Statement[0]',
  ],
  [
    'key',
    { ...bucket, Principal: { AWS: 'arn:aws:iam::*:root' } },
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
    'Statement[0].Principal.AWS',
  ],
  [
    'scp',
    bucket,
    'MalformedPolicyDocumentException',
    'The provided policy document does not meet the requirements of the specified policy type.',
    'Statement[0].Principal',
  ],
  [
    'rcp',
    { ...bucket, Principal: { AWS: '111122223333' } },
    'MalformedPolicyDocumentException',
    'The provided policy document does not meet the requirements of the specified policy type.',
    'Statement[0].Principal',
  ],
];

describe('a refused policy', () => {
  it.each(refusals)('%s %j', (kind, statement, code, message, path) => {
    const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), kind);
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.problems[0]).toEqual({ code, message, path });
  });

  it.each([
    ['identity', '', 'Syntax errors in policy.'],
    ['identity', '[]', 'Syntax errors in policy.'],
    ['identity', '{"Statement": []}', 'Syntax errors in policy.'],
    [
      'identity',
      `{"Statement": ${JSON.stringify(identity)}}`,
      'Policy document must be version 2012-10-17 or greater.',
    ],
    [
      'identity',
      `{"Version": "2008-10-17", "Statement": ${JSON.stringify(identity)}}`,
      'Policy document must be version 2012-10-17 or greater.',
    ],
    ['identity', '{"Version": "2012-10-17"}', 'Syntax errors in policy.'],
    ['identity', '{"Version": "2026-01-01", "Statement": []}', 'Syntax errors in policy.'],
    ['trust', 'nonsense', 'This policy contains invalid Json'],
    ['trust', '{"Version": "2012-10-17", "Statement": []}', 'Could not parse the policy: Statement is empty!'],
    ['bucket', '{', 'This policy contains invalid Json'],
  ] as const)('%s %s', (kind, text, message) => {
    const result = parsePolicy(text, kind);
    expect(!result.ok && result.problems[0]?.message).toBe(message);
  });

  it('has a Sid twice', () => {
    const statements = [
      { Sid: 'A', ...identity },
      { Sid: 'A', ...identity },
    ];
    const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
    expect(!result.ok && result.problems).toEqual([
      {
        code: 'MalformedPolicyDocument',
        message: 'Statement IDs (SID) in a single policy must be unique.',
        path: 'Statement[1].Sid',
      },
    ]);
  });

  it.each([
    '{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}',
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true"},"Bool":{"a":"false"}}}}',
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true","a":"false"}}}}',
  ])('names an element twice: %s', (text) => {
    expect(parsePolicy(text, 'identity').ok).toBe(false);
  });

  it('names every problem, not only the first', () => {
    const statement = { Effect: 'Allow', Action: 'x', Resource: 'y', Principal: '*' };
    const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement, {}] }), 'identity');
    expect(!result.ok && result.problems.length).toBeGreaterThan(4);
  });
});

describe('a policy that AWS takes', () => {
  it.each([
    ['bucket', { ...bucket, Principal: { AWS: ['111122223333', 'AROADBQP57FF2AEXAMPLE', '*'] } }],
    ['bucket', { ...bucket, Sid: 'With spaces, and more' }],
    [
      'trust',
      { ...trust, Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
    ['trust', { ...trust, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    ['identity', { ...identity, Action: '*' }],
    [
      'identity',
      {
        ...identity,
        Resource: [
          'arn:aws:s3:::${aws:username}',
          'arn:aws-cn:s3:::b',
          'arn:*:iam::*:role/*',
          'arn:aws:iam::*:root',
          'arn:aws:sqs',
        ],
      },
    ],
    [
      'identity',
      { ...identity, Condition: { Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 'x:y': [1, '2'] } } },
    ],
    ['scp', { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }],
  ] as const)('%s %j', (kind, statement) => {
    expect(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), kind)).toMatchObject({
      ok: true,
    });
  });

  it('of a resource may be of 2008, also without saying so', () => {
    const result = parsePolicy(JSON.stringify({ Statement: [bucket] }), 'bucket');
    expect(result.ok && result.policy.version).toBe('2008-10-17');
  });

  it('has numbers and Booleans of conditions as text', () => {
    const statement = {
      ...identity,
      Condition: { Bool: { 'aws:SecureTransport': false }, NumericEquals: { 'x:y': 7 } },
    };
    const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity');
    expect(result.ok && result.policy.statements[0]?.conditions.map(({ values }) => values)).toEqual([
      ['false'],
      ['7'],
    ]);
  });
});

describe('nonsense', () => {
  const kinds = fc.constantFrom<PolicyKind>('identity', 'trust', 'bucket', 'key', 'table', 'scp', 'rcp', 'session');

  it('is refused and never thrown at', () => {
    const fragment = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', '"', '"Statement"', '"Version"', '"2012-10-17"', '"Effect"', '"Allow"', 'null'],
      ...['"Principal"', '"AWS"', '"*"', '"Action"', '"Condition"', '"StringLike"', '1e999', '"__proto__"', '\\u0000'],
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fragment).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, kinds, (source, kind) => typeof parsePolicy(source, kind).ok === 'boolean'),
      { numRuns: 500 },
    );
  });

  it('in the place of any element is refused and never thrown at', () => {
    const names = [
      'Sid',
      'Effect',
      'Principal',
      'NotPrincipal',
      'Action',
      'NotAction',
      'Resource',
      'Condition',
    ] as const;
    const statement = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(fc.oneof(statement, fc.array(statement)), kinds, (statements, kind) => {
        const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
        return typeof parsePolicy(text, kind).ok === 'boolean';
      }),
      { numRuns: 100 },
    );
  });

  it('nested without end is refused', () => {
    expect(parsePolicy('['.repeat(100_000), 'identity').ok).toBe(false);
    expect(parsePolicy('{"Statement":'.repeat(50_000), 'identity').ok).toBe(false);
  });
});
