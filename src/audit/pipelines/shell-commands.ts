/**
 * The commands of a script in the form that questions are asked in: which program, which arguments, where its output
 * goes. A view of `formats/shell`, which does the reading; Makefiles are read by their recipes, Dockerfiles by `RUN`.
 */
import {
  type ShellCommand as ParsedCommand,
  parseCommands,
  type ShellDialect,
  type ShellRange,
  type ShellSyntax,
} from '../../formats/shell/index.ts';

export interface CommandWord {
  /** As written. */
  readonly raw: string;
  /** Quotes taken off; `$…` left as it is. */
  readonly text: string;
  /** UTF-16 offset in the script. */
  readonly index: number;
}

export interface ScriptCommand {
  readonly index: number;
  /** The program without its folder; `''` for a line of assignments. */
  readonly name: string;
  /** Arguments after the name. */
  readonly words: readonly CommandWord[];
  /** Files its output goes to, by redirection or through `tee`. */
  readonly writesTo: readonly string[];
  readonly heredocs: readonly ShellRange[];
  /** The command its output is piped into. */
  readonly pipesInto: { readonly name: string; readonly words: readonly CommandWord[] } | undefined;
  /** It stands in `$(…)` or backticks. */
  readonly nested: boolean;
}

export function readCommands(script: string, dialect: ShellDialect = 'shell'): ScriptCommand[] {
  const parsed = parseScript(script, dialect);
  return parsed.flatMap((command, position) => {
    const next =
      command.after === '|' ? parsed.slice(position + 1).find((each) => each.depth === command.depth) : undefined;
    const into = next === undefined ? undefined : nameAndWords(next);
    const written = command.redirects.flatMap(({ operator, target }) =>
      operator.includes('>') && target !== undefined ? [unquote(target.text)] : [],
    );
    const teed =
      into?.name === 'tee' ? into.words.map((word) => word.text).filter((text) => !text.startsWith('-')) : [];
    const own: ScriptCommand = {
      index: command.start,
      ...nameAndWords(command),
      writesTo: [...written, ...teed].filter((target) => target !== '/dev/null' && !/^&?\d$/.test(target)),
      heredocs: command.heredocs.map((heredoc) => heredoc.body),
      pipesInto: into,
      nested: command.depth > 0,
    };
    return [own, ...command.words.flatMap((word) => arrayArguments(script, word, own))];
  });
}

/** The commands with their ranges, in every part of the text that a shell reads. */
export function parseScript(script: string, dialect: ShellDialect = 'shell'): ParsedCommand[] {
  return scriptRanges(script, dialect).flatMap(
    (range) => parseCommands(script, { range, syntax: syntaxOf(dialect) }).commands,
  );
}

/** `args+=(-var "key=$KEY")`: arguments that are collected for a later command. */
function arrayArguments(
  script: string,
  word: ShellRange & { readonly text: string },
  command: ScriptCommand,
): ScriptCommand[] {
  const lead = /^\w+\+?=\(/.exec(word.text)?.[0];
  if (lead === undefined || !word.text.endsWith(')')) return [];
  const range = { start: word.start + lead.length, end: word.end - 1 };
  const words = parseCommands(script, { range }).commands.flatMap((inner) => inner.words);
  return [{ ...command, name: '', words: words.map(readWord), writesTo: [], heredocs: [], pipesInto: undefined }];
}

function readWord(word: { readonly text: string; readonly start: number }): CommandWord {
  return { raw: word.text, text: unquote(word.text), index: word.start };
}

/** Quotes taken off a word as written; those inside `${{ … }}` belong to the pipeline's expression. */
export function unquote(text: string): string {
  return text.replace(/\$\{\{[\s\S]*?\}\}|\\\r?\n|\\(.)|["']/g, (piece, escaped: string | undefined) =>
    piece.startsWith('${{') ? piece : (escaped ?? ''),
  );
}

function nameAndWords(command: ParsedCommand): { name: string; words: CommandWord[] } {
  let rest = command.words.slice(command.assignmentCount);
  while (
    rest[0] !== undefined &&
    (wrappers.has(rest[0].text) || (rest.length < command.words.length && /^\w+=/.test(rest[0].text)))
  ) {
    rest = rest.slice(1);
  }
  const words = rest.map(readWord);
  return {
    name: (words[0]?.text ?? '').replace(/^[@+-]+(?=\w)/, '').replace(/^.*\/(?=[^/)}]+$)/, ''),
    words: words.slice(1),
  };
}

function scriptRanges(script: string, dialect: ShellDialect): ShellRange[] {
  const whole = { start: script.startsWith('\uFEFF') ? 1 : 0, end: script.length };
  const pattern = dialect === 'makefile' ? recipeLine : dialect === 'dockerfile' ? runInstruction : undefined;
  if (pattern === undefined) return dialect === 'dotenv' ? [] : [whole];
  return [...script.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length;
    return { start: end - (match[1] as string).length, end };
  });
}

function syntaxOf(dialect: ShellDialect): ShellSyntax {
  return dialect === 'makefile' ? 'make' : dialect === 'powershell' ? 'powershell' : 'posix';
}

const recipeLine = /^\t[ \t]*[@+-]*((?:.*\\\r?\n)*.*)$/gm;
const runInstruction = /^[ \t]*(?:ONBUILD[ \t]+)?RUN[ \t]+((?:(?:.*\\|[ \t]*#.*)\r?\n)*.*)$/gim;

/** Words in front of a command that leave it the command it is. */
const wrappers: ReadonlySet<string> = new Set([
  'time',
  'exec',
  'command',
  'builtin',
  'nohup',
  'sudo',
  'env',
  '-E',
  '!',
]);
