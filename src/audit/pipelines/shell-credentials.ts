/**
 * Where a shell script takes or hands on parts of an AWS credential: exports, `aws configure set`, a here-document that
 * becomes `~/.aws/credentials`, `-var`, `-backend-config`, `docker run -e`, `>> $GITHUB_ENV`. Each place keeps its offset
 * in the script and its form, which tells migration what may be deleted.
 */
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import { type CredentialValue, readShellCredential } from '../credential-value.ts';
import type { CredentialPart } from '../detector.ts';
import { readGithubCredential } from './github-expression.ts';
import { readShellCommands, type ShellCommand } from './shell-commands.ts';

export type ShellCredentialForm =
  /** `export AWS_ACCESS_KEY_ID=…` or in front of a command. */
  | 'assignment'
  /** `export AWS_ACCESS_KEY_ID` alone. */
  | 'passed-on'
  /** `aws configure set aws_access_key_id …`. */
  | 'aws-configure'
  /** A file in `~/.aws` written by the script. */
  | 'credentials-file'
  /** `>> $GITHUB_ENV`, `$BASH_ENV` and their like. */
  | 'pipeline-environment'
  /** `terraform … -var name=…`. */
  | 'terraform-variable'
  /** `terraform init -backend-config=access_key=…`. */
  | 'backend-config'
  /** Any other argument: `docker run -e`, `--build-arg`, `kubectl create secret --from-literal`. */
  | 'argument';

export interface ShellCredential {
  readonly form: ShellCredentialForm;
  readonly part: CredentialPart;
  /** The name it gets: of the variable, setting or argument. */
  readonly name: string;
  readonly value: CredentialValue;
  /** Offset in the script. */
  readonly index: number;
  readonly valueIndex: number;
  /** Offset of the command it stands in. */
  readonly command: number;
  /** What sets it apart from another credential of the same form: a profile, a prefix of the name. */
  readonly scope: string;
}

/** Places in order of appearance. Variables set earlier in the script are followed to what they were set from. */
export function findShellCredentials(script: string): ShellCredential[] {
  const commands = readShellCommands(script);
  const found = commands.flatMap((command, position) => credentialsOf(command, commands[position + 1]));
  const known = new Map<string, CredentialValue>();
  for (const command of commands) {
    for (const { name, value } of command.assignments) {
      if (value !== undefined && value !== '') known.set(name, readValue(value));
    }
  }
  return found
    .map((credential) => ({ ...credential, value: follow(credential.value, known) }))
    .sort((a, b) => a.index - b.index);
}

type Draft = Omit<ShellCredential, 'command'>;

function credentialsOf(command: ShellCommand, next: ShellCommand | undefined): ShellCredential[] {
  if (readers.has(command.name)) return [];
  const target = writtenTo(command, next);
  const drafts: Draft[] = [
    ...assignmentsOf(command),
    ...awsConfigure(command, next),
    ...inText(command.heredoc?.text ?? '', command.heredoc?.index ?? 0, target),
    ...argumentsOf(command, target),
  ];
  return drafts.map((draft) => ({ ...draft, command: command.index }));
}

function assignmentsOf(command: ShellCommand): Draft[] {
  return command.assignments.flatMap((assignment): Draft[] => {
    const part = awsCredentialPart(assignment.name) ?? terraformVariablePart(assignment.name);
    if (part === undefined || assignment.value === '') return [];
    const { name, index, valueIndex, value } = assignment;
    const scope = credentialStem(name);
    return value === undefined
      ? [{ form: 'passed-on', part, name, value: { kind: 'name', name }, index, valueIndex, scope }]
      : [{ form: 'assignment', part, name, value: readValue(value), index, valueIndex, scope }];
  });
}

/** `TF_VAR_access_key` promises a credential without saying AWS. */
function terraformVariablePart(name: string): CredentialPart | undefined {
  return /^TF_VAR_/i.test(name) ? credentialPartInAwsContext(name) : undefined;
}

function awsConfigure(command: ShellCommand, next: ShellCommand | undefined): Draft[] {
  if (command.name !== 'aws' || command.words[0]?.text !== 'configure') return awsConfigureInput(command, next);
  if (command.words[1]?.text !== 'set') return [];
  const [setting, value] = command.words.slice(2).filter((word) => !word.text.startsWith('--'));
  if (setting === undefined || value === undefined) return [];
  const name = setting.text.replace(/^.*\./, '');
  const part = awsCredentialPart(name);
  if (part === undefined) return [];
  const profileAt = command.words.findIndex((word) => word.text === '--profile');
  const profile =
    /^profile\.(.+)\.[^.]+$/.exec(setting.text)?.[1] ??
    (profileAt === -1 ? undefined : command.words[profileAt + 1]?.text) ??
    command.words.find((word) => word.text.startsWith('--profile='))?.text.slice('--profile='.length) ??
    'default';
  const read = readValue(value.raw.replaceAll('$$', '$'));
  return [
    { form: 'aws-configure', part, name, value: read, index: setting.index, valueIndex: value.index, scope: profile },
  ];
}

/** `echo "$ID\n$SECRET\n…" | aws configure`: the answers to its questions, id first. */
function awsConfigureInput(command: ShellCommand, next: ShellCommand | undefined): Draft[] {
  if (!command.piped || next?.name !== 'aws' || next.words[0]?.text !== 'configure') return [];
  const text = command.words.map((word) => word.text).join(' ');
  const names = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] as string);
  return names.flatMap((name): Draft[] => {
    const part = awsCredentialPart(name);
    const { index } = command;
    return part === undefined
      ? []
      : [
          {
            form: 'aws-configure',
            part,
            name,
            value: { kind: 'name', name },
            index,
            valueIndex: index,
            scope: 'default',
          },
        ];
  });
}

function argumentsOf(command: ShellCommand, target: Target | undefined): Draft[] {
  const printing = printers.has(command.name);
  if (printing && target === undefined) return [];
  return command.words.flatMap((word, position): Draft[] => {
    if (declarations.has(command.name)) return [];
    const previous = command.words[position - 1]?.text;
    // What is printed is a script or a file of its own; every other argument is `[--flag=]NAME=VALUE` at most.
    if (printing) return inText(word.text, word.index, target).map((draft) => ({ ...draft, index: word.index }));
    const passedOn = /^(-e|--env)$/.test(previous ?? '') && /^\w+$/.test(word.text);
    const assigned = /^(?:--?[\w-]+=)?["']?(?:[\w.-]+\.)?([A-Za-z_][\w-]*)=([\s\S]*?)["']?$/.exec(word.text);
    const name = passedOn ? word.text : (assigned?.[1] ?? flagName(word.text));
    if (name === undefined) return [];
    const form = formOf(command, word.text, previous);
    const part = form === 'argument' ? awsCredentialPart(name) : credentialPartInAwsContext(name);
    if (part === undefined) return [];
    const raw = passedOn ? `$${name}` : (assigned?.[2] ?? command.words[position + 1]?.raw ?? '');
    if (raw === '') return [];
    const value = readValue(raw.replaceAll('$$', '$'));
    const valueIndex = word.index + Math.max(0, word.raw.indexOf('=') + 1);
    return [{ form, part, name, value, index: word.index, valueIndex, scope: credentialStem(name) }];
  });
}

function flagName(text: string): string | undefined {
  return /^--(aws[\w-]+)$/.exec(text)?.[1];
}

function formOf(command: ShellCommand, text: string, previous: string | undefined): ShellCredentialForm {
  if (!/^(terraform|tofu|terragrunt|tf|packer|\$\(TF\)|\$\{?TF\}?|\$\{?TERRAFORM\}?)/i.test(command.name)) {
    if (/^--?backend-config=/.test(text)) return 'backend-config';
    if (/^--?var=/.test(text) || previous === '-var') return 'terraform-variable';
    return 'argument';
  }
  return /^--?backend-config(=|$)/.test(text) || /^--?backend-config$/.test(previous ?? '')
    ? 'backend-config'
    : 'terraform-variable';
}

/** Assignments and `key = value` lines inside a text that the script prints into a file. */
function inText(text: string, index: number, target: Target | undefined): Draft[] {
  if (target === undefined) return [];
  const found: Draft[] = [];
  for (const match of text.matchAll(
    /(?<![\w$])([A-Za-z_][\w-]*)[ \t]*(?:=|: )[ \t]*("[^"\n]*"|'[^'\n]*'|\$\([^)\n]*\)|\$\{\{[^}]*\}\}|[^\s"';]+)/g,
  )) {
    const name = match[1] as string;
    const part = target === 'credentials-file' ? credentialPartInAwsContext(name) : awsCredentialPart(name);
    if (part === undefined) continue;
    const at = index + match.index;
    const raw = (match[2] as string).replace(/\\[nr].*$/, '');
    found.push({
      form: target,
      part,
      name,
      value: readValue(raw),
      index: at,
      valueIndex: at + match[0].indexOf(match[2] as string),
      scope: credentialStem(name),
    });
  }
  return found;
}

type Target = 'credentials-file' | 'pipeline-environment' | 'argument';

/** What kind of file a command's output ends in, directly or through `tee`. */
function writtenTo(command: ShellCommand, next: ShellCommand | undefined): Target | undefined {
  const written = command.redirects.filter(({ operator }) => operator.includes('>')).map(({ target }) => target);
  if (command.piped && next?.name === 'tee') written.push(...next.words.map((word) => word.text));
  const target = written.at(-1);
  if (target === undefined || target === '/dev/null' || /^&?\d$/.test(target)) return undefined;
  if (/\.aws\/|credentials/.test(target)) return 'credentials-file';
  if (/GITHUB_ENV|GITHUB_OUTPUT|BASH_ENV|CI_ENV|ENV_FILE|envman/i.test(target)) return 'pipeline-environment';
  return 'argument';
}

/** Pipelines put their own expressions into scripts before any shell sees them. */
function readValue(raw: string): CredentialValue {
  return raw.includes('${{') ? readGithubCredential(raw) : readShellCredential(raw);
}

function follow(value: CredentialValue, known: ReadonlyMap<string, CredentialValue>): CredentialValue {
  let current = value;
  for (let steps = 0; steps < 5 && current.kind === 'name'; steps += 1) {
    const next = known.get(current.name);
    if (next === undefined || next.kind === 'nothing') break;
    current = next;
  }
  return current;
}

const printers: ReadonlySet<string> = new Set(['echo', 'printf', 'cat', 'tee', 'print', 'Write-Output']);
const declarations: ReadonlySet<string> = new Set([
  'export',
  'declare',
  'typeset',
  'local',
  'readonly',
  'set',
  'setenv',
  'unset',
]);
/** Commands whose arguments only look for a name. */
const readers: ReadonlySet<string> = new Set([
  'grep',
  'egrep',
  'rg',
  'awk',
  'sed',
  'test',
  '[',
  '[[',
  'unset',
  'printenv',
]);
