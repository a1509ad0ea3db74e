/**
 * Where a script, Makefile, Dockerfile or dotenv file takes or hands on parts of an AWS credential: exports, `aws configure
 * set`, a here-document that becomes `~/.aws/credentials`, `-var`, `-backend-config`, `docker run -e`, `>> $GITHUB_ENV`.
 * Each place keeps its offset and its form, which tells migration what may be deleted.
 */
import { parseShellAssignments, type ShellAssignment, type ShellDialect } from '../../formats/shell/index.ts';
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import { type CredentialValue, readShellCredential } from '../credential-value.ts';
import type { CredentialPart } from '../detector.ts';
import { readGithubCredential } from './github-expression.ts';
import { readCommands, type ScriptCommand } from './shell-commands.ts';

export type ShellCredentialForm =
  /** `export AWS_ACCESS_KEY_ID=…`, in front of a command, a line of a dotenv file, `ENV`. */
  | 'assignment'
  /** `export AWS_ACCESS_KEY_ID` alone, `ARG AWS_ACCESS_KEY_ID`. */
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
  /** Any other argument or printed file: `docker run -e`, `--build-arg`, `kubectl create secret --from-literal`. */
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
  /** What sets it apart from another credential of the same form: a profile, a prefix of the name. */
  readonly scope: string;
  /** The assignment it is, for the forms `assignment` and `passed-on`. */
  readonly assignment?: ShellAssignment;
}

/** Places in order of appearance. Variables set in the script are followed to what they were set from. */
export function findShellCredentials(script: string, dialect: ShellDialect = 'shell'): ShellCredential[] {
  const assignments = parseShellAssignments(script, dialect).filter(isLive);
  const found = [
    ...assignments.flatMap((assignment) => fromAssignment(script, assignment)),
    ...readCommands(script, dialect).flatMap((command) => fromCommand(script, command)),
  ];
  const known = new Map(
    assignments.flatMap((assignment): [string, CredentialValue][] =>
      assignment.valueEnd > assignment.valueStart ? [[assignment.name, assignedValue(script, assignment)]] : [],
    ),
  );
  return found
    .map((credential) => ({ ...credential, value: follow(credential.value, credential.name, known) }))
    .sort((a, b) => a.index - b.index);
}

/** Commented lines hold no way to authenticate, heredocs and printed lines are read with the command that writes them. */
function isLive(assignment: ShellAssignment): boolean {
  return (
    !assignment.inComment && !assignment.inHeredoc && assignment.form !== 'file-line' && assignment.form !== 'unset'
  );
}

function fromAssignment(script: string, assignment: ShellAssignment): ShellCredential[] {
  const { name, nameStart: index, valueStart: valueIndex, valueEnd } = assignment;
  const part = awsCredentialPart(name) ?? (/^TF_VAR_/i.test(name) ? credentialPartInAwsContext(name) : undefined);
  if (part === undefined) return [];
  const scope = credentialStem(name);
  if (valueEnd > valueIndex) {
    return [
      {
        form: 'assignment',
        part,
        name,
        value: assignedValue(script, assignment),
        index,
        valueIndex,
        scope,
        assignment,
      },
    ];
  }
  // `export A=` sets nothing, `export A` hands on what is there.
  const bare = script[assignment.nameEnd] !== '=';
  if (!bare || (assignment.form !== 'export' && assignment.form !== 'docker-arg')) return [];
  return [{ form: 'passed-on', part, name, value: { kind: 'name', name }, index, valueIndex, scope, assignment }];
}

function assignedValue(script: string, assignment: ShellAssignment): CredentialValue {
  const raw = script.slice(assignment.valueStart, assignment.valueEnd);
  return assignment.literal && assignment.value !== undefined ? readValue(assignment.value) : readValue(raw);
}

function fromCommand(script: string, command: ScriptCommand): ShellCredential[] {
  if (readers.has(command.name)) return [];
  const target = targetOf(command);
  return [
    ...awsConfigure(command),
    ...command.heredocs.flatMap((body) => inText(script.slice(body.start, body.end), body.start, target)),
    ...(printers.has(command.name)
      ? command.words.flatMap((word) =>
          inText(word.text, word.index, target).map((found) => ({ ...found, index: word.index })),
        )
      : inArguments(command)),
  ];
}

function awsConfigure(command: ScriptCommand): ShellCredential[] {
  const into = command.pipesInto;
  if (into?.name === 'aws' && into.words[0]?.text === 'configure') return configureAnswers(command);
  if (command.name !== 'aws' || command.words[0]?.text !== 'configure' || command.words[1]?.text !== 'set') return [];
  const [setting, value] = command.words.slice(2).filter((word) => !word.text.startsWith('--'));
  if (setting === undefined || value === undefined) return [];
  const name = setting.text.replace(/^.*\./, '');
  const part = awsCredentialPart(name);
  if (part === undefined) return [];
  const { index } = setting;
  const scope = /^profile\.(.+)\.[^.]+$/.exec(setting.text)?.[1] ?? profileOf(command);
  return [{ form: 'aws-configure', part, name, value: readValue(value.raw), index, valueIndex: value.index, scope }];
}

/** `printf '%s\n' "$ID" "$SECRET" … | aws configure`: the answers to its questions. */
function configureAnswers(command: ScriptCommand): ShellCredential[] {
  const text = command.words.map((word) => word.raw).join(' ');
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)|\$\{\{[^}]*\}\}/g)].flatMap((match): ShellCredential[] => {
    const value = readValue(match[1] === undefined ? match[0] : `$${match[1]}`);
    const name = value.kind === 'name' || value.kind === 'stored' ? value.name : '';
    const part = awsCredentialPart(name);
    const { index } = command;
    return part === undefined
      ? []
      : [{ form: 'aws-configure', part, name, value, index, valueIndex: index, scope: 'default' }];
  });
}

function profileOf(command: ScriptCommand): string {
  const at = command.words.findIndex((word) => /^--profile(=|$)/.test(word.text));
  const inline = command.words[at]?.text.split('=')[1];
  return at === -1 ? 'default' : (inline ?? command.words[at + 1]?.text ?? 'default');
}

/** `[--flag=]NAME=VALUE`, `-e NAME`, `--aws-access-key VALUE`. */
function inArguments(command: ScriptCommand): ShellCredential[] {
  if (declarations.has(command.name)) return [];
  return command.words.flatMap((word, position): ShellCredential[] => {
    const previous = command.words[position - 1]?.text;
    const next = command.words[position + 1];
    const passedOn = /^(-e|--env)$/.test(previous ?? '') && /^\w+$/.test(word.text);
    const assigned = /^(?:--?[\w-]+=)?(?:[\w-]+\.)*([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(word.text);
    const flag = next === undefined || assigned !== null ? undefined : /^--(aws[\w-]+)$/.exec(word.text)?.[1];
    const name = passedOn ? word.text : (assigned?.[1] ?? flag);
    if (name === undefined) return [];
    const form = argumentForm(command, word.text, previous);
    const raw = passedOn ? `$${name}` : (assigned?.[2] ?? next?.raw ?? '');
    const value = readValue(raw);
    // `-v access_key_id=$AWS_ACCESS_KEY_ID` of any tool: the value says what the name leaves open.
    const saysAws = 'name' in value && awsCredentialPart(value.name) !== undefined;
    const inContext = form !== 'argument' || saysAws;
    const part = inContext ? credentialPartInAwsContext(name) : awsCredentialPart(name);
    if (part === undefined || raw === '') return [];
    const valueIndex = assigned === null ? (next?.index ?? word.index) : word.index + word.raw.indexOf('=') + 1;
    return [{ form, part, name, value, index: word.index, valueIndex, scope: credentialStem(name) }];
  });
}

function argumentForm(command: ScriptCommand, text: string, previous: string | undefined): ShellCredentialForm {
  if (/^--?backend-config(=|$)/.test(text) || /^--?backend-config$/.test(previous ?? '')) return 'backend-config';
  const variable = /^--?var=/.test(text) || /^--?var$/.test(previous ?? '');
  // A list of arguments is often built up first: `plan_args+=(-var "access_key=…")`.
  return variable || /^(terraform|tofu|terragrunt|packer)$/.test(command.name) ? 'terraform-variable' : 'argument';
}

/** Assignments and `key = value` lines inside a text that the script prints into a file. */
function inText(text: string, index: number, target: ShellCredentialForm | undefined): ShellCredential[] {
  if (target === undefined) return [];
  return [...text.matchAll(printedLine)].flatMap((match): ShellCredential[] => {
    const [all, name, written] = match as unknown as [string, string, string];
    const part = target === 'credentials-file' ? credentialPartInAwsContext(name) : awsCredentialPart(name);
    if (part === undefined) return [];
    const at = index + match.index;
    const value = readValue(written.replace(/\\[nr].*$/, ''));
    return [
      {
        form: target,
        part,
        name,
        value,
        index: at,
        valueIndex: at + all.indexOf(written),
        scope: credentialStem(name),
      },
    ];
  });
}

const printedLine =
  /(?<![\w$])([A-Za-z_][\w-]*)[ \t]*(?:=|: )[ \t]*("[^"\n]*"|'[^'\n]*'|\$\([^)\n]*\)|\$\{\{[^}]*\}\}|[^\s"';]+)/g;

function targetOf(command: ScriptCommand): ShellCredentialForm | undefined {
  const target = command.writesTo.at(-1);
  if (target === undefined) return undefined;
  if (/\.aws\/|credentials/.test(target)) return 'credentials-file';
  return /GITHUB_ENV|GITHUB_OUTPUT|BASH_ENV|CI_ENV|ENV_FILE/i.test(target) ? 'pipeline-environment' : 'argument';
}

/** Pipelines put their own expressions into scripts before any shell sees them. */
function readValue(raw: string): CredentialValue {
  return raw.includes('${{') ? readGithubCredential(raw) : readShellCredential(raw.replaceAll('$$', '$'));
}

function follow(value: CredentialValue, own: string, known: ReadonlyMap<string, CredentialValue>): CredentialValue {
  let current = value;
  for (let steps = 0; steps < 5 && current.kind === 'name' && current.name !== own; steps += 1) {
    const next = known.get(current.name);
    if (next === undefined || next.kind === 'nothing') break;
    current = next;
  }
  // A literal is reported where it stands; this place only leads to it.
  return current.kind === 'literal' ? value : current;
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
  'setx',
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
