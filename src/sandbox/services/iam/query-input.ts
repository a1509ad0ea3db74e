/**
 * Parameters of STS and IAM calls as they come off the wire, where every leaf is a text; what breaks a constraint of the
 * service model is refused with the words that AWS's own validation uses.
 */
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';

export interface TextRule {
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of the whole text; `shown` is how AWS writes it. */
  readonly pattern?: RegExp;
  readonly shown?: string;
}

/** Names of users, roles, policies and sessions. */
export const nameRule: TextRule = { minimum: 1, maximum: 64, pattern: /^[\w+=,.@-]+$/, shown: '[\\w+=,.@-]+' };
export const arnRule: TextRule = { minimum: 20, maximum: 2048 };

export function requiredText(input: Input, name: string, rule: TextRule = {}): string {
  const text = optionalText(input, name, rule);
  if (text === undefined) throw invalid(`Value null at '${memberName(name)}'`, 'Member must not be null');
  return text;
}

export function optionalText(input: Input, name: string, rule: TextRule = {}): string | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw malformedInput(name);
  const at = `Value '${value.length > 128 ? `${value.slice(0, 128)}…` : value}' at '${memberName(name)}'`;
  if (rule.minimum !== undefined && value.length < rule.minimum) {
    throw invalid(at, `Member must have length greater than or equal to ${rule.minimum}`);
  }
  if (rule.maximum !== undefined && value.length > rule.maximum) {
    throw invalid(at, `Member must have length less than or equal to ${rule.maximum}`);
  }
  if (rule.pattern?.test(value) === false) {
    throw invalid(at, `Member must satisfy regular expression pattern: ${rule.shown ?? rule.pattern.source}`);
  }
  return value;
}

export function optionalInteger(input: Input, name: string, minimum: number, maximum: number): number | undefined {
  const text = optionalText(input, name);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw malformedInput(name);
  const value = Number(text);
  const at = `Value '${text}' at '${memberName(name)}'`;
  if (value < minimum) throw invalid(at, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum) throw invalid(at, `Member must have value less than or equal to ${maximum}`);
  return value;
}

export function optionalFlag(input: Input, name: string): boolean | undefined {
  const text = optionalText(input, name);
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw malformedInput(name);
  return text === 'true';
}

/** One of a set; `undefined` when it is not there. */
export function optionalChoice<Choice extends string>(
  input: Input,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = optionalText(input, name);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw invalid(
      `Value '${text}' at '${memberName(name)}'`,
      `Member must satisfy enum value set: [${choices.join(', ')}]`,
    );
  }
  return choice;
}

export function textList(input: Input, name: string): readonly string[] {
  const values = list(input, name);
  for (const value of values) if (typeof value !== 'string') throw malformedInput(name);
  return values as readonly string[];
}

export function structureList(input: Input, name: string): readonly Input[] {
  const values = list(input, name);
  for (const value of values) if (typeof value !== 'object' || value === null) throw malformedInput(name);
  return values as readonly Input[];
}

/** An empty list travels as an empty text. */
function list(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value)) throw malformedInput(name);
  return value;
}

export function invalid(at: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: ${at} failed to satisfy constraint: ${constraint}`,
  );
}

function malformedInput(name: string): AwsError {
  return new AwsError('MalformedInput', `The value of ${name} has the wrong form.`);
}

function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
