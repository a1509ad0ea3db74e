/**
 * Random policy sets and requests that are likely to meet: few names, patterns cut out of them, every operator. For
 * comparing the prover with the evaluator.
 */
import type {
  Condition,
  ConditionOperator,
  Patterns,
  Policy,
  PrincipalElement,
  Statement,
} from '../../src/aws/policy/document.ts';
import type { AccessRequest, NamedPolicy, PolicyPrincipal, PolicySet } from '../../src/aws/policy/request.ts';

/** mulberry32: small, seedable, good enough to pick with. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  some<T>(values: readonly T[], most: number): T[] {
    return Array.from({ length: 1 + this.below(most) }, () => this.pick(values));
  }
}

const account = '111122223333';
const other = '444455556666';
const principals: readonly PolicyPrincipal[] = [
  { type: 'anonymous' },
  { type: 'root', account, arn: `arn:aws:iam::${account}:root` },
  { type: 'user', account, arn: `arn:aws:iam::${account}:user/deployment`, uniqueId: 'AIDAEXAMPLE' },
  {
    type: 'role-session',
    account,
    roleArn: `arn:aws:iam::${account}:role/ci/plan`,
    arn: `arn:aws:sts::${account}:assumed-role/plan/run-1`,
    uniqueId: 'AROAEXAMPLE',
  },
  { type: 'federated', provider: `arn:aws:iam::${account}:oidc-provider/token.example.com` },
  { type: 'service', name: 'cloudtrail.amazonaws.com' },
];
const namesOfPrincipals = [
  account,
  other,
  `arn:aws:iam::${account}:root`,
  `arn:aws:iam::${account}:user/deployment`,
  `arn:aws:iam::${account}:role/ci/plan`,
  `arn:aws:sts::${account}:assumed-role/plan/run-1`,
  'AROAEXAMPLE',
  'AIDAEXAMPLE',
];
const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'sts:AssumeRole', 'iam:CreateRole'];
const resources = [
  'arn:aws:s3:::state',
  'arn:aws:s3:::state/env:/live/key',
  'arn:aws:s3:::state/a.tflock',
  `arn:aws:iam::${account}:role/ci/plan`,
];
const texts = ['repo:acme/infra:pull_request', 'repo:acme/infra:ref:refs/heads/main', 'repo:acme-evil/x:y', 'ACME', ''];
const arns = [...resources, `arn:aws:iam::${other}:role/x`, 'no-arn'];
const numbers = ['0', '1', '2.5', '-3', '1e2'];
const dates = ['2026-01-01T00:00:00Z', '2026-06-01T12:00:00Z', '1767225600', '2027-01-01'];
const addresses = ['10.0.0.1', '10.1.2.3', '2001:db8::1', '203.0.113.9'];
const ranges = ['10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32', '203.0.113.9', '0.0.0.0/0'];

/** Key → the operators that may speak about it, what a request may hold, what a policy may say. */
interface KeyKind {
  readonly key: string;
  readonly many: boolean;
  readonly operators: readonly ConditionOperator[];
  readonly values: readonly string[];
  readonly patterns: (dice: Dice) => string;
}

const textOperators: readonly ConditionOperator[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
];
const textKey = (key: string, many: boolean): KeyKind => ({
  key,
  many,
  operators: textOperators,
  values: texts,
  patterns: (dice) => patternOf(dice, dice.pick(texts), true),
});
const keyKinds: readonly KeyKind[] = [
  textKey('token.example.com:sub', false),
  textKey('aws:PrincipalTag/team', false),
  textKey('aws:TagKeys', true),
  {
    key: 'aws:PrincipalArn',
    many: false,
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    values: arns,
    patterns: (dice) => patternOf(dice, dice.pick(arns), false),
  },
  {
    key: 's3:max-keys',
    many: false,
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    values: [...numbers, 'ten'],
    patterns: (dice) => dice.pick(numbers),
  },
  {
    key: 'aws:CurrentTime',
    many: false,
    operators: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    values: dates,
    patterns: (dice) => dice.pick(dates),
  },
  {
    key: 'aws:SourceIp',
    many: false,
    operators: ['IpAddress', 'NotIpAddress'],
    values: addresses,
    patterns: (dice) => dice.pick(ranges),
  },
  {
    key: 'aws:SecureTransport',
    many: false,
    operators: ['Bool'],
    values: ['true', 'false', 'True'],
    patterns: (dice) => dice.pick(['true', 'false']),
  },
];

export interface RandomCase {
  readonly principal: PolicyPrincipal;
  readonly resourceAccount: string;
  readonly policies: PolicySet;
}

export function randomCase(dice: Dice): RandomCase {
  const principal = dice.pick(principals);
  const list = (most: number): NamedPolicy[] =>
    Array.from({ length: dice.below(most + 1) }, () => named(randomPolicy(dice, false)));
  return {
    principal,
    resourceAccount: dice.chance(0.7) ? account : other,
    policies: {
      identity: list(2),
      ...(dice.chance(0.2) && { boundary: named(randomPolicy(dice, false)) }),
      ...(dice.chance(0.2) && { session: [named(randomPolicy(dice, false))] }),
      ...(dice.chance(0.7) && { resource: named(randomPolicy(dice, true)) }),
      ...(dice.chance(0.15) && { scps: [[named(randomPolicy(dice, false)), ...list(1)]] }),
      ...(dice.chance(0.1) && { rcps: [[named(randomPolicy(dice, true))]] }),
      ...(dice.chance(0.3) && { resourcePolicy: 'required' as const }),
    },
  };
}

export function randomRequest(dice: Dice, { principal, resourceAccount }: RandomCase): AccessRequest {
  const context = new Map<string, readonly string[]>();
  for (const { key, many, values } of keyKinds) {
    if (dice.chance(0.4)) continue;
    context.set(key.toLowerCase(), many ? dice.some(values, 3) : [dice.pick(values)]);
  }
  return { principal, resourceAccount, action: dice.pick(actions), resource: dice.pick(resources), context };
}

function randomPolicy(dice: Dice, withPrincipal: boolean): Policy {
  const statements = Array.from({ length: 1 + dice.below(3) }, (_, index) =>
    randomStatement(dice, index, withPrincipal),
  );
  return { version: '2012-10-17', id: undefined, statements };
}

function randomStatement(dice: Dice, index: number, withPrincipal: boolean): Statement {
  return {
    index,
    sid: undefined,
    effect: dice.chance(0.75) ? 'Allow' : 'Deny',
    principal: withPrincipal ? randomPrincipal(dice) : undefined,
    actions: randomPatterns(dice, actions),
    resources: dice.chance(0.3) ? { negated: false, values: ['*'] } : randomPatterns(dice, resources),
    conditions: Array.from({ length: dice.below(3) }, () => randomCondition(dice)),
  };
}

function randomPrincipal(dice: Dice): PrincipalElement {
  const any = dice.chance(0.3);
  return {
    negated: dice.chance(0.15),
    any,
    aws: any ? [] : dice.some(namesOfPrincipals, 3),
    service: dice.chance(0.2) ? ['cloudtrail.amazonaws.com'] : [],
    federated: dice.chance(0.3) ? [`arn:aws:iam::${account}:oidc-provider/token.example.com`] : [],
    canonicalUser: [],
  };
}

function randomPatterns(dice: Dice, values: readonly string[]): Patterns {
  return {
    negated: dice.chance(0.15),
    values: dice.some(values, 2).map((value) => patternOf(dice, value, false)),
  };
}

function randomCondition(dice: Dice): Condition {
  const kind = dice.pick(keyKinds);
  if (dice.chance(0.1)) {
    const values = [dice.pick(['true', 'false'])];
    return { operator: 'Null', quantifier: undefined, ifExists: false, key: kind.key, values };
  }
  const isText = kind.operators === textOperators;
  const quantifier =
    isText && dice.chance(kind.many ? 0.7 : 0.15) ? dice.pick(['ForAllValues', 'ForAnyValue'] as const) : undefined;
  return {
    operator: dice.pick(kind.operators),
    quantifier,
    ifExists: dice.chance(0.2),
    key: dice.chance(0.2) ? kind.key.toUpperCase() : kind.key,
    values: Array.from({ length: 1 + dice.below(2) }, () => kind.patterns(dice)),
  };
}

/** A piece of the text replaced by a wildcard, now and then by a variable. */
function patternOf(dice: Dice, text: string, variables: boolean): string {
  if (dice.chance(0.3)) return text;
  const [from, to] = [dice.below(text.length + 1), dice.below(text.length + 1)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const wildcard = dice.chance(0.8) ? '*' : '?'.repeat(Math.min(3, to - from));
  const middle = variables && dice.chance(0.05) ? '${*}' : wildcard;
  return text.slice(0, from) + middle + text.slice(to);
}

function named(policy: Policy): NamedPolicy {
  return { name: 'random', policy };
}
