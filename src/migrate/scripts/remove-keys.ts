/**
 * Takes the static keys out of a script: whole commands and words of fixed shapes, each pass on what the one before it
 * left. What has another shape stays, with the reason.
 */
import { parseScript, type ShellCredential } from '../../audit/index.ts';
import { type Edit, sortEdits } from '../../formats/edit.ts';
import { PieceTable } from '../../formats/piece-table.ts';
import {
  isRefusal,
  parseShellAssignments,
  removeAssignments,
  type ShellAssignment,
  type ShellCommand,
  type ShellDialect,
} from '../../formats/shell/index.ts';
import { commandAt, emptiedBlocks, removeBlock, removeCommand, removeWords, wordAt } from './script-commands.ts';
import { staticKeys } from './static-keys.ts';

export interface ScriptObstacle {
  /** Offset in the script. */
  readonly index: number;
  readonly reason: string;
  readonly todo: string;
}

export interface KeyRemoval {
  readonly edits: readonly Edit[];
  readonly obstacles: readonly ScriptObstacle[];
  readonly text: string;
}

export interface KeyContext {
  /** True for a Terraform variable that no code takes any more. */
  readonly isGone: (variable: string) => boolean;
  /** True when something still asks for this profile of the AWS tools. */
  readonly isUsedProfile: (profile: string) => boolean;
}

export function removeKeysFromScript(source: string, dialect: ShellDialect, context: KeyContext): KeyRemoval {
  const keys = staticKeys(source, dialect);
  const pieces = new PieceTable(source);
  const obstacles = new Map<string, ScriptObstacle>();
  const work: Pass = { dialect, context, obstacles, blocked: (key) => obstacles.has(keyOf(key)) };
  for (const key of keys) {
    const obstacle = obstacleTo(source, key, work);
    if (obstacle !== undefined) obstacles.set(keyOf(key), { index: key.index, ...obstacle });
  }
  if (keys.length > 0) {
    for (const pass of [handOnSessions, dropArguments, dropBlocks, dropAssignments, dropCommands, keepSessions]) {
      // A block inside another may be what keeps that one from being empty.
      const again = pass === dropBlocks;
      for (let edits = pass(pieces.text, work); edits.length > 0; edits = again ? pass(pieces.text, work) : []) {
        pieces.apply(sortEdits(pieces.text, edits));
      }
    }
  }
  return { edits: pieces.edits(), obstacles: [...obstacles.values()], text: pieces.text };
}

interface Pass {
  readonly dialect: ShellDialect;
  readonly context: KeyContext;
  readonly obstacles: Map<string, ScriptObstacle>;
  readonly blocked: (key: ShellCredential) => boolean;
}

/** One place over all passes; offsets move, names and forms do not. */
function keyOf({ form, scope, name }: ShellCredential): string {
  return `${form}/${scope}/${name}`;
}

function open(source: string, work: Pass, ...forms: readonly ShellCredential['form'][]): ShellCredential[] {
  return staticKeys(source, work.dialect).filter((key) => forms.includes(key.form) && !work.blocked(key));
}

/** What keeps a place from being taken out, known before anything is tried. */
function obstacleTo(source: string, key: ShellCredential, work: Pass): Omit<ScriptObstacle, 'index'> | undefined {
  if (otherEndpoint.test(source)) {
    return {
      reason: 'The script talks to an endpoint of its own, so the key may be that of another service.',
      todo: 'See whose key it is; take it out by hand if it is one of AWS.',
    };
  }
  if (isReadByAnother(source, key)) {
    return {
      reason: `The AWS tools do not read ${key.name}; a program of its own does, and would be left without a key.`,
      todo: 'Let that program take the session of its environment, or give it a role of its own; then take the key out by hand.',
    };
  }
  const variable = terraformVariable(key);
  if (variable !== undefined && !work.context.isGone(variable)) {
    return {
      reason: `Terraform code still takes the variable ${variable}.`,
      todo: `See what uses var.${variable}; once no code declares it, run again.`,
    };
  }
  if (key.form === 'aws-configure' || key.form === 'credentials-file') {
    const profile = profileOf(source, key);
    if (profile !== 'default' && work.context.isUsedProfile(profile)) {
      return {
        reason: `The profile ${profile} that it writes is used elsewhere.`,
        todo: `Let what names the profile ${profile} take the session instead; then run again.`,
      };
    }
    const command = commandAt(source, work.dialect, key.index);
    if (command === undefined || !isFixedShape(source, command)) {
      return { reason: 'The command does more than write the key.', todo: 'Take the key out of it by hand.' };
    }
  }
  if (key.form === 'argument' && containerRun(source, key, work.dialect) === undefined) {
    return {
      reason: `A program is given the key as ${key.name}.`,
      todo: 'Let the program take the session of its environment (AWS_SESSION_TOKEN has to come along), or give what it deploys a role of its own.',
    };
  }
  return undefined;
}

/** MinIO, Cloudflare R2, LocalStack … */
const otherEndpoint = /--endpoint-url(?![ =]\S*amazonaws)|AWS_ENDPOINT_URL|AWS_S3_ENDPOINT/;

/** A name of the team's own, unless all that the script does with it is hand it on under a name of the AWS tools. */
function isReadByAnother(source: string, { form, name }: ShellCredential): boolean {
  if (form !== 'assignment' && form !== 'passed-on' && form !== 'pipeline-environment') return false;
  if (/^(TF_VAR_\w+|AWS_(ACCESS_KEY(_ID)?|SECRET_(ACCESS_)?KEY|(SESSION|SECURITY)_TOKEN))$/.test(name)) return false;
  const read = `(?:\\$[({]?|\\$env:|%)${name}(?!\\w)`;
  const reads = [...source.matchAll(new RegExp(read, 'g'))].length;
  const handedOn = new RegExp(`\\bAWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)\\s*:?=\\s*["']?${read}`, 'g');
  return reads === 0 || reads > [...source.matchAll(handedOn)].length;
}

function terraformVariable({ form, name }: ShellCredential): string | undefined {
  if (form === 'terraform-variable') return name;
  return name.startsWith('TF_VAR_') ? name.slice('TF_VAR_'.length) : undefined;
}

function profileOf(source: string, key: ShellCredential): string {
  if (key.form === 'aws-configure') return key.scope === '' ? 'default' : key.scope;
  const header = [...source.slice(0, key.index).matchAll(/\[(?:profile )?([\w.-]+)\]/g)].at(-1);
  return header?.[1] ?? 'default';
}

/** `aws configure set`, or a file of the AWS tools written with nothing but settings of a profile. */
function isFixedShape(source: string, command: ShellCommand): boolean {
  const words = command.words.slice(command.assignmentCount).map(({ text }) => text);
  if (words[0] === 'aws' && words[1] === 'configure') return words[2] === 'set' && command.before !== '|';
  if (!/^(echo|printf|cat|tee)$/.test(words[0] ?? '')) return false;
  const written = command.heredocs.map(({ body }) => source.slice(body.start, body.end)).join('\n');
  return written.split('\n').every((line) => /^\s*(\[[^\]]*\]|#.*|[\w ]+=.*)?\s*$/.test(line));
}

/** `docker run -e AWS_SECRET_ACCESS_KEY=…`: the container gets the whole session of the environment. */
function handOnSessions(source: string, work: Pass): Edit[] {
  const keys = open(source, work, 'argument');
  return [...Map.groupBy(keys, (key) => commandAt(source, work.dialect, key.index)?.start).values()].flatMap(
    (group) => {
      const places = group.flatMap((key) => containerRun(source, key, work.dialect) ?? []);
      const last = places.at(-1);
      if (last === undefined) return [];
      const named = places.flatMap(({ flag, name, start, end, text }) =>
        text === `${flag}${name}` ? [] : [{ start, end, text: `${flag}${name}` }],
      );
      const token = ` ${last.option}AWS_SESSION_TOKEN`;
      const onLast = named.find(({ end }) => end === last.end);
      if (onLast === undefined) return [...named, { start: last.end, end: last.end, text: token }];
      return named.map((edit) => (edit === onLast ? { ...edit, text: edit.text + token } : edit));
    },
  );
}

interface ContainerArgument {
  /** `--env=` where name and flag are one word. */
  readonly flag: string;
  /** As it is written for another name: `-e ` or `--env=`. */
  readonly option: string;
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function containerRun(source: string, key: ShellCredential, dialect: ShellDialect): ContainerArgument | undefined {
  const command = commandAt(source, dialect, key.index);
  const program = command?.words.slice(command.assignmentCount).map(({ text }) => text) ?? [];
  if (!/^(docker|podman)$/.test(program.find((word) => word !== 'sudo') ?? '') || !program.includes('run'))
    return undefined;
  if (!/^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/.test(key.name)) return undefined;
  const place = wordAt(source, dialect, key.index);
  const word = place?.words[place.index];
  if (place === undefined || word === undefined) return undefined;
  const flag = /^["']?((?:--env|-e)=?)/.exec(word.text)?.[1] ?? '';
  const previous = place.words[place.index - 1]?.text ?? '';
  if (flag === '' && !/^(-e|--env)$/.test(previous)) return undefined;
  const { name } = key;
  return { flag, option: flag === '' ? `${previous} ` : flag, name, text: word.text, start: word.start, end: word.end };
}

/** `-var aws_access_key=…` and `-backend-config=access_key=…`. */
function dropArguments(source: string, work: Pass): Edit[] {
  const keys = open(source, work, 'terraform-variable', 'backend-config');
  const places = keys.flatMap(({ index }) => wordAt(source, work.dialect, index) ?? []);
  const lists = Map.groupBy(places, ({ words, list }) => list?.start ?? words[0]?.start);
  return [...lists.values()].flatMap((group) => {
    const [{ words, list }] = group as [(typeof group)[number]];
    const gone = new Set(
      group.flatMap(({ index }) =>
        /^--?(var|backend-config)$/.test(words[index - 1]?.text ?? '') ? [index - 1, index] : [index],
      ),
    );
    if (list !== undefined && gone.size === words.length) {
      const edit = removeCommand(source, list, work.dialect);
      if (!isRefusal(edit)) return [edit];
    }
    return [...removeWords(words, gone)];
  });
}

/** An `if` around nothing but keys goes with them. */
function dropBlocks(source: string, work: Pass): Edit[] {
  const blocks = emptiedBlocks(source, work.dialect, (command) => goesWhole(source, command, work));
  return blocks.flatMap((block) => {
    const edit = block.kind === 'if' ? removeBlock(source, block) : undefined;
    if (edit !== undefined && !isRefusal(edit)) return [edit];
    for (const key of keysOf(source, block.commands, work)) {
      work.obstacles.set(keyOf(key), {
        index: key.index,
        reason: 'It is all that a block of the script does, and an empty block is none.',
        todo: 'Take the block out by hand.',
      });
    }
    return [];
  });
}

function goesWhole(source: string, command: ShellCommand, work: Pass): boolean {
  const keys = keysOf(source, [command], work);
  if (keys.length === 0) return false;
  if (keys.some(({ form }) => form === 'aws-configure' || form === 'credentials-file')) return true;
  const all = assignmentsIn(source, command, work);
  return (
    all.length > 0 &&
    all.every((assignment) => keys.some(({ name }) => name === assignment.name)) &&
    !runsProgram(command)
  );
}

function runsProgram(command: ShellCommand): boolean {
  const name = command.words[command.assignmentCount]?.text;
  return name !== undefined && !/^(export|declare|typeset|local|readonly|set|echo|printf|env)$/.test(name);
}

function keysOf(source: string, commands: readonly ShellCommand[], work: Pass): ShellCredential[] {
  const forms = ['assignment', 'passed-on', 'aws-configure', 'credentials-file', 'pipeline-environment'] as const;
  return open(source, work, ...forms).filter(({ index }) => {
    const command = commandAt(source, work.dialect, index);
    return commands.some(({ start }) => start === command?.start);
  });
}

function assignmentsIn(source: string, command: ShellCommand, work: Pass): ShellAssignment[] {
  return parseShellAssignments(source, work.dialect).filter(
    ({ nameStart, inComment }) => !inComment && command.start <= nameStart && nameStart < command.end,
  );
}

function dropAssignments(source: string, work: Pass): readonly Edit[] {
  const keys = open(source, work, 'assignment', 'passed-on', 'pipeline-environment');
  const all = parseShellAssignments(source, work.dialect);
  const gone = keys.flatMap((key) => {
    const found =
      key.assignment === undefined
        ? all.find((each) => each.form === 'file-line' && each.name === key.name && holds(each, key))
        : all.find((each) => each.nameStart === key.assignment?.nameStart);
    return found === undefined ? [] : [{ key, found }];
  });
  const edits = removeAssignments(
    source,
    work.dialect,
    gone.map(({ found }) => found),
  );
  if (!isRefusal(edits)) return edits;
  // One that can't go must not keep the others.
  return [...Map.groupBy(gone, ({ found }) => found.statement).values()].flatMap((statement) => {
    const alone = removeAssignments(
      source,
      work.dialect,
      statement.map(({ found }) => found),
    );
    if (!isRefusal(alone)) return alone;
    for (const { key } of statement) {
      work.obstacles.set(keyOf(key), {
        index: key.index,
        reason: `${key.name} can't be taken out, because ${alone.reason.replace(/^.*can't be cut out: /, '')}.`,
        todo: 'Take it out by hand.',
      });
    }
    return [];
  });
}

function holds(assignment: ShellAssignment, { index }: ShellCredential): boolean {
  return assignment.statement.start <= index && index < assignment.statement.end;
}

/** `aws configure set …` and what writes `~/.aws/credentials`. */
function dropCommands(source: string, work: Pass): Edit[] {
  const keys = open(source, work, 'aws-configure', 'credentials-file');
  const commands = new Map<number, { readonly command: ShellCommand; readonly keys: ShellCredential[] }>();
  for (const key of keys) {
    const command = commandAt(source, work.dialect, key.index);
    if (command === undefined) continue;
    const known = commands.get(command.start);
    if (known === undefined) commands.set(command.start, { command, keys: [key] });
    else known.keys.push(key);
  }
  const edits = [...commands.values()].flatMap(({ command, keys: group }) => {
    const edit = removeCommand(source, command, work.dialect);
    if (!isRefusal(edit)) return [edit];
    for (const key of group) {
      work.obstacles.set(keyOf(key), {
        index: key.index,
        reason: `The command can't be taken out, because ${edit.reason}.`,
        todo: 'Take it out by hand.',
      });
    }
    return [];
  });
  return [...edits, ...profileHeaders(source, work, edits)];
}

/** `echo "[default]" >> ~/.aws/credentials` on its own, when the lines below it went. */
function profileHeaders(source: string, work: Pass, gone: readonly Edit[]): Edit[] {
  if (gone.length === 0) return [];
  return parseScript(source, work.dialect).flatMap((command) => {
    const words = command.words.map(({ text }) => text);
    const target = command.redirects.find(({ operator }) => operator.includes('>'))?.target?.text ?? '';
    const header = /^(echo|printf)$/.test(words[0] ?? '') && /^["']?\[[^\]]+\](\\n)?["']?$/.test(words.at(-1) ?? '');
    if (!header || !/\.aws\/credentials["']?$/.test(target)) return [];
    const edit = removeCommand(source, command, work.dialect);
    return isRefusal(edit) || gone.some(({ start, end }) => start < edit.end && edit.start < end) ? [] : [edit];
  });
}

/** `unset AWS_SESSION_TOKEN` made room for the key; now it would take the session away. */
function keepSessions(source: string, work: Pass): readonly Edit[] {
  const unset = parseShellAssignments(source, work.dialect).filter(
    ({ form, name, inComment, inHeredoc }) =>
      form === 'unset' &&
      !inComment &&
      !inHeredoc &&
      /^AWS_(PROFILE|DEFAULT_PROFILE|SESSION_TOKEN|SECURITY_TOKEN|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)$/.test(name),
  );
  const edits = removeAssignments(source, work.dialect, unset);
  if (!isRefusal(edits)) return edits;
  for (const { name, nameStart } of unset) {
    work.obstacles.set(`unset/${name}`, {
      index: nameStart,
      reason: `It takes away ${name}, on which a session depends.`,
      todo: `Take \`unset ${name}\` out by hand.`,
    });
  }
  return [];
}
