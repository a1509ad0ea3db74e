/**
 * Environment variables that Terraform code sets for something it starts or makes: provisioners, functions, containers,
 * builds. Each way of writing them down is turned into names with values.
 */
import { type HclExpression, walkExpressions } from '../../formats/hcl/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { readPlainCredential } from '../credential-value.ts';
import type { CredentialPart } from '../detector.ts';
import { plainString, traversalPath, unwrap } from './expression.ts';
import { Settings } from './settings.ts';

export interface KeyAssignment {
  readonly name: string;
  readonly part: CredentialPart;
  readonly at: number;
  readonly value: HclExpression;
}

/** The assignments in a group and everything below it that give a part of an AWS credential. */
export function keyAssignments(settings: Settings): readonly KeyAssignment[] {
  const found = new Map<number, KeyAssignment>();
  const add = (name: string | undefined, at: number, value: HclExpression): void => {
    const part = name === undefined ? undefined : (awsCredentialPart(name) ?? partOfMadeKey(value));
    if (name === undefined || part === undefined || isNothing(value)) return;
    found.set(at, { name, part, at, value });
  };
  for (const setting of settings.everything()) {
    add(setting.name, setting.start, setting.value);
    for (const expression of walkExpressions(setting.value)) {
      if (expression.kind !== 'object') continue;
      for (const item of expression.items) add(item.name, item.start, item.value);
      addPair(new Settings(expression), add);
    }
  }
  for (const group of namedPairs(settings)) addPair(group, add);
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** `{ name = "AWS_ACCESS_KEY_ID", value = … }`: containers, CodeBuild, Elastic Beanstalk. */
function addPair(settings: Settings, add: (name: string | undefined, at: number, value: HclExpression) => void): void {
  const name = settings.get('name')?.value;
  const value = settings.get('value');
  if (name !== undefined && value !== undefined) add(plainString(name), value.start, value.value);
}

/** The blocks that hold such pairs, at any depth that AWS's resources have. */
function namedPairs(settings: Settings): readonly Settings[] {
  return [
    ...settings.nested('setting'),
    ...settings.nested('environment').flatMap((each) => each.nested('environment_variable')),
    ...settings.nested('environment_variables'),
  ];
}

/** Under any name, what comes from a key that the code makes is a part of it. */
function partOfMadeKey(value: HclExpression): CredentialPart | undefined {
  const inner = unwrap(value);
  if (inner.kind !== 'traversal' || inner.root !== 'aws_iam_access_key') return undefined;
  const attribute = traversalPath(inner).at(-1);
  if (attribute === 'id') return 'keyId';
  return attribute === 'secret' ? 'secret' : undefined;
}

function isNothing(value: HclExpression): boolean {
  const text = plainString(value);
  if (text !== undefined) return readPlainCredential(text).kind === 'nothing';
  return value.kind === 'literal' || value.kind === 'object' || value.kind === 'tuple';
}
