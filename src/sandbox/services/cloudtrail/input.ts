/** Members of an input by their type; a member of another type is refused as CloudTrail's front end does. */
import { AwsError } from '../../core/aws-error.ts';
import type { Input } from '../../core/service.ts';

export function textOf(input: Input, member: string): string | undefined {
  return memberOf(input, member, (value) => typeof value === 'string', 'a string') as string | undefined;
}

export function booleanOf(input: Input, member: string): boolean | undefined {
  return memberOf(input, member, (value) => typeof value === 'boolean', 'a boolean') as boolean | undefined;
}

export function numberOf(input: Input, member: string): number | undefined {
  return memberOf(input, member, (value) => typeof value === 'number', 'a number') as number | undefined;
}

/** Empty when the member is left out. */
export function listOf(input: Input, member: string): readonly unknown[] {
  return (memberOf(input, member, Array.isArray, 'a list') as readonly unknown[] | undefined) ?? [];
}

/** A list of structures. */
export function structuresOf(input: Input, member: string): readonly Input[] {
  const list = listOf(input, member);
  for (const item of list) {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw wrongType(member, 'a list of structures');
  }
  return list as readonly Input[];
}

function memberOf(input: Input, member: string, test: (value: unknown) => boolean, type: string): unknown {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!test(value)) throw wrongType(member, type);
  return value;
}

function wrongType(member: string, type: string): AwsError {
  return new AwsError('SerializationException', `The member ${member} is not ${type}.`);
}
