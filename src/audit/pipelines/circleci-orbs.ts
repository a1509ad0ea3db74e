/**
 * Calls of CircleCI's AWS orbs. The `setup` of circleci/aws-cli takes keys from the environment by default and an OIDC
 * role by parameter (https://circleci.com/developer/orbs/orb/circleci/aws-cli).
 */
import type { SourceFile } from '../../repository/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { asList, asText, entriesOf, findPart, readYamlTable, type YamlEntry, type YamlPart } from './yaml-reading.ts';

export interface OrbCall {
  /** `aws-cli/setup`, with the name the file gives the orb. */
  readonly name: string;
  readonly at: number;
  /** `job plan`, `command deploy`. */
  readonly subject: string;
  readonly parameters: readonly YamlEntry[];
  /** The call names the variables that hold the keys. */
  readonly takesKeys: boolean;
}

/** Steps that call `setup` of an AWS orb, and jobs of other AWS orbs that carry its parameters. */
export function findOrbCalls(file: SourceFile): OrbCall[] {
  const root = readYamlTable(file);
  const orbs = new Map(
    entriesOf(findPart(root, 'orbs')).flatMap(({ name, value }) => {
      const source = asText(value)?.text;
      return source !== undefined && /^circleci\/aws-/.test(source) ? [[name, source] as const] : [];
    }),
  );
  if (orbs.size === 0) return [];
  const calls: OrbCall[] = [];
  for (const group of ['jobs', 'commands'] as const) {
    for (const { name, value } of entriesOf(findPart(root, group))) {
      const subject = `${group.slice(0, -1)} ${name}`;
      for (const step of asList(findPart(value, 'steps'))) calls.push(...callsIn(step, subject, orbs));
    }
  }
  for (const { name, value } of entriesOf(findPart(root, 'workflows'))) {
    for (const job of asList(findPart(value, 'jobs'))) calls.push(...callsIn(job, `workflow ${name}`, orbs));
  }
  return calls;
}

/** The role a call assumes by OIDC, as written. */
export function roleOfOrbCall(call: OrbCall): string | undefined {
  return asText(call.parameters.find(({ name }) => /^role[_-]arn$/.test(name))?.value)?.text;
}

function callsIn(part: YamlPart, subject: string, orbs: ReadonlyMap<string, string>): OrbCall[] {
  const text = asText(part);
  if (text !== undefined) return callOf(text.text, text.range.start, [], subject, orbs);
  return entriesOf(part).flatMap((entry) => {
    // `when:` and `unless:` wrap steps.
    const wrapped = asList(findPart(entry.value, 'steps')).flatMap((step) => callsIn(step, subject, orbs));
    const parameters = entriesOf(entry.value);
    // An orb's own job authenticates by the `auth` steps it is given.
    const auth = asList(findPart(entry.value, 'auth')).flatMap((step) => callsIn(step, subject, orbs));
    return [...callOf(entry.name, entry.nameRange.start, parameters, subject, orbs), ...wrapped, ...auth];
  });
}

function callOf(
  name: string,
  at: number,
  parameters: readonly YamlEntry[],
  subject: string,
  orbs: ReadonlyMap<string, string>,
): OrbCall[] {
  const [orb = '', command = ''] = name.split('/');
  const source = orbs.get(orb);
  if (source === undefined) return [];
  const takesKeys = parameters.some((entry) => awsCredentialPart(entry.name) !== undefined);
  const setsUp = source.startsWith('circleci/aws-cli@') && command === 'setup';
  const carries = takesKeys || parameters.some((entry) => /^role[_-]arn$/.test(entry.name));
  return setsUp || carries ? [{ name, at, subject, parameters, takesKeys }] : [];
}
