/**
 * Every request that a set of policies allows one principal, as a region: not tried out, worked out. It follows AWS's
 * evaluation logic by itself and shares with the evaluator only how policies are parsed, so that each can find the
 * other's faults.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Condition, Patterns, Policy, PrincipalElement, Statement } from '../policy/document.ts';
import type { NamedPolicy, PolicyPrincipal, PolicySet } from '../policy/request.ts';
import { type Cardinality, conditionSet } from './condition-set.ts';
import { type KeySet, TextSet } from './key-set.ts';
import { type CharRange, Language } from './language.ts';
import {
  arnPatternLanguage,
  arnShaped,
  type KnownValue,
  type Variables,
  wildcardLanguage,
} from './pattern-language.ts';
import { type Box, difference, everything, intersection, narrowed, nothing, type Region, union } from './region.ts';

export const actionDimension = 'action';
export const resourceDimension = 'resource';

/** The dimension of a condition key; keys are compared in lower case. */
export function keyDimension(key: string): string {
  return `key ${key.toLowerCase()}`;
}

export interface Question {
  readonly principal: PolicyPrincipal;
  /** Account of the resources; that of the principal when left out. */
  readonly resourceAccount?: string;
  /** Only requests in here are looked at. Everything when left out. */
  readonly within?: Region;
  /** Keys whose values are the same in all requests, by key in lower case. What is not here is free. */
  readonly known?: (key: string) => KnownValue;
  /** By key in lower case; default: the keys that AWS documents as multi-valued have many. */
  readonly cardinality?: (key: string) => Cardinality;
}

/** @throws Undecidable where the policies use what cannot be decided exactly; then nothing is claimed. */
export function allowedRequests(question: Question, policies: PolicySet): Region {
  const reading: Reading = {
    principal: question.principal,
    known: question.known ?? (() => 'unknown'),
    cardinality: question.cardinality ?? documentedCardinality,
    hasBoundary: policies.boundary !== undefined,
  };
  const asked = intersection(wellFormed, question.within ?? everything);
  const granted = intersection(asked, grants(reading, question, policies));
  return difference(withinOrganization(reading, granted, policies), denials(reading, policies));
}

interface Reading {
  readonly principal: PolicyPrincipal;
  readonly known: (key: string) => KnownValue;
  readonly cardinality: (key: string) => Cardinality;
  readonly hasBoundary: boolean;
}

function grants(reading: Reading, question: Question, policies: PolicySet): Region {
  const { principal } = question;
  const resource = (naming: readonly Naming[]): Region =>
    policies.resource === undefined ? nothing : allowRegion(reading, policies.resource, naming);
  if (!('account' in principal)) return resource(allNamings);
  const identity = principal.type === 'root' ? everything : anyAllow(reading, policies.identity);
  const limits = intersection(
    policies.boundary === undefined ? everything : anyAllow(reading, [policies.boundary]),
    policies.session === undefined ? everything : anyAllow(reading, policies.session),
  );
  const delegated = intersection(identity, limits);
  if ((question.resourceAccount ?? principal.account) !== principal.account) {
    return intersection(resource(allNamings), delegated);
  }
  return union(
    resource(['itself', 'everyone']),
    intersection(resource(['role']), limits),
    policies.resourcePolicy === 'required' ? intersection(resource(allNamings), delegated) : delegated,
  );
}

function withinOrganization(reading: Reading, region: Region, { rcps = [], scps = [] }: PolicySet): Region {
  const byResource = rcps.reduce((left, level) => intersection(left, anyAllow(reading, level)), region);
  if (!('account' in reading.principal)) return byResource;
  return scps.reduce((left, level) => intersection(left, anyAllow(reading, level)), byResource);
}

function denials(reading: Reading, policies: PolicySet): Region {
  const { identity, boundary, session = [], resource, scps = [], rcps = [] } = policies;
  const all = [
    ...identity,
    ...session,
    ...(boundary === undefined ? [] : [boundary]),
    ...(resource === undefined ? [] : [resource]),
    ...rcps.flat(),
    ...('account' in reading.principal ? scps.flat() : []),
  ];
  return all.flatMap(({ policy }) => statementRegion(reading, policy, 'Deny', allNamings));
}

function anyAllow(reading: Reading, policies: readonly NamedPolicy[]): Region {
  return policies.flatMap((policy) => allowRegion(reading, policy, allNamings));
}

function allowRegion(reading: Reading, { policy }: NamedPolicy, namings: readonly Naming[]): Region {
  return statementRegion(reading, policy, 'Allow', namings);
}

function statementRegion(
  reading: Reading,
  policy: Policy,
  effect: Statement['effect'],
  namings: readonly Naming[],
): Region {
  const variables = policy.version === '2012-10-17' ? reading.known : undefined;
  return policy.statements.flatMap((statement) => {
    if (statement.effect !== effect) return [];
    if (statement.principal !== undefined) {
      const naming = namingOf(reading, statement.principal, effect);
      if (naming === undefined || !namings.includes(naming)) return [];
    }
    return statementBox(reading, statement, variables) ?? [];
  });
}

/** All but the principal; `undefined` when no request fits. */
function statementBox(reading: Reading, statement: Statement, variables: Variables): Box | undefined {
  let box: Box | undefined = new Map();
  box = narrowed(box, actionDimension, always(actionsOf(statement.actions)));
  if (box !== undefined && statement.resources !== undefined) {
    box = narrowed(box, resourceDimension, always(resourcesOf(statement.resources, variables)));
  }
  for (const condition of statement.conditions) {
    if (box === undefined) return undefined;
    box = withCondition(reading, box, condition, variables);
  }
  return box;
}

function withCondition(reading: Reading, box: Box, condition: Condition, variables: Variables): Box | undefined {
  const key = condition.key.toLowerCase();
  const set: KeySet = conditionSet(condition, reading.cardinality(key), variables);
  const known = reading.known(key);
  if (known === 'unknown') return narrowed(box, keyDimension(key), set);
  return set.accepts(known === 'missing' ? undefined : [known.value]) ? box : undefined;
}

/** Patterns never change, and a policy is asked many questions. */
const actionLanguages = new WeakMap<Patterns, Language>();
const resourceLanguages = new WeakMap<Patterns, Language>();

function actionsOf(patterns: Patterns): Language {
  // In lower case on both sides: actions are compared without regard to case.
  return remembered(actionLanguages, patterns, (value) => wildcardLanguage(value.toLowerCase(), undefined));
}

function resourcesOf(patterns: Patterns, variables: Variables): Language {
  const language = (value: string): Language => arnPatternLanguage(value, variables, 'filled-up');
  if (patterns.values.some((value) => value.includes('${'))) return anyOf(patterns, language);
  return remembered(resourceLanguages, patterns, language);
}

function remembered(
  known: WeakMap<Patterns, Language>,
  patterns: Patterns,
  language: (value: string) => Language,
): Language {
  const before = known.get(patterns);
  if (before !== undefined) return before;
  const made = anyOf(patterns, language);
  known.set(patterns, made);
  return made;
}

function anyOf({ negated, values }: Patterns, language: (value: string) => Language): Language {
  const any = values.map(language).reduce((a, b) => a.or(b), Language.none);
  return negated ? any.not() : any;
}

/** `service:Action` on an ARN, or on `*` where an action has no resource. Policies are silent about anything else. */
const letters: readonly CharRange[] = [
  [0x30, 0x39],
  [0x61, 0x7a],
];
const hyphen: CharRange = [0x2d, 0x2d];
const service = [
  { ranges: letters, star: false },
  { ranges: [...letters, hyphen], star: true },
  { ranges: letters, star: false },
];
const actionName = [
  { ranges: letters, star: false },
  { ranges: letters, star: true },
];
const wellFormed: Region = [
  new Map([
    [actionDimension, always(Language.sequence([...service, { ranges: [[0x3a, 0x3a]], star: false }, ...actionName]))],
    [resourceDimension, always(arnShaped.or(Language.of('*')))],
  ]),
];

function always(language: Language): TextSet {
  return new TextSet(false, language);
}

/** As what a `Principal` names the caller: this decides what can still limit the grant. */
type Naming = 'itself' | 'everyone' | 'role' | 'account';
const allNamings: readonly Naming[] = ['itself', 'everyone', 'role', 'account'];

function namingOf(reading: Reading, element: PrincipalElement, effect: Statement['effect']): Naming | undefined {
  if (!element.negated) return naming(element, reading.principal);
  if (effect === 'Deny' && reading.hasBoundary) return 'everyone';
  return isListed(element, reading.principal, effect) ? undefined : 'everyone';
}

function naming(element: PrincipalElement, principal: PolicyPrincipal): Naming | undefined {
  if (namesItself(element, principal)) return 'itself';
  if (element.any) return 'everyone';
  if (principal.type === 'role-session' && includesOne(element, [principal.roleArn, principal.uniqueId])) return 'role';
  return 'account' in principal && includesAccount(element, principal.account) ? 'account' : undefined;
}

function namesItself(element: PrincipalElement, principal: PolicyPrincipal): boolean {
  switch (principal.type) {
    case 'anonymous':
      return false;
    case 'service':
      return element.service.includes(principal.name);
    case 'federated':
      return element.federated.includes(principal.provider);
    case 'root':
      return includesAccount(element, principal.account);
    case 'user':
      return includesOne(element, [principal.arn, principal.uniqueId]);
    case 'role-session':
      return includesOne(element, [principal.arn]);
  }
}

/** Whether `NotPrincipal` lists the caller. A Deny spares only who is listed as account, as role and as itself. */
function isListed(element: PrincipalElement, principal: PolicyPrincipal, effect: Statement['effect']): boolean {
  const named = naming(element, principal);
  if (effect === 'Allow' || named === undefined || named === 'everyone') return named !== undefined;
  const account = 'account' in principal && includesAccount(element, principal.account);
  if (principal.type === 'user') return named === 'itself' && account;
  if (principal.type !== 'role-session') return true;
  return named === 'itself' && account && includesOne(element, [principal.roleArn, principal.uniqueId]);
}

function includesOne({ aws }: PrincipalElement, names: readonly (string | undefined)[]): boolean {
  return names.some((name) => name !== undefined && aws.includes(name));
}

function includesAccount({ aws }: PrincipalElement, account: string): boolean {
  return aws.some((name) => name === account || (name.endsWith(':root') && name.split(':')[4] === account));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, keys marked multivalued. */
const multivalued: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'sts:transitivetagkeys',
  'dynamodb:attributes',
  'dynamodb:leadingkeys',
  'kms:encryptioncontextkeys',
  'kms:grantoperations',
]);

export function documentedCardinality(key: string): Cardinality {
  return multivalued.has(key) || key.endsWith(':amr') ? 'many' : 'one';
}
