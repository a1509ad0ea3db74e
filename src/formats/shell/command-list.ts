/**
 * Collects the commands of one list (a script, a `$(…)`) and what stands between them: operators, reserved words,
 * brackets. That is what tells whether a command can be taken out.
 */
import type { ShellCommand, ShellHeredoc, ShellJoint, ShellRedirect, ShellWord } from './syntax.ts';
import { assignmentPattern } from './word-reader.ts';

export interface OpenCommand {
  readonly start: number;
  readonly words: ShellWord[];
  readonly redirects: ShellRedirect[];
  readonly heredocs: ShellHeredoc[];
  readonly before: ShellJoint;
}

export interface PendingHeredoc {
  readonly command: OpenCommand;
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

type Draft = { -readonly [Key in keyof ShellCommand]: ShellCommand[Key] };
/** The order of commands and of what opens, closes and joins them, to find a block's only command. */
type Mark = 'open' | 'close' | 'join' | Draft;

export class CommandList {
  /** Heredocs whose body starts on the next line. */
  readonly heredocs: PendingHeredoc[] = [];
  /** Open `(` of this list. */
  brackets = 0;
  /** Inside `[[ … ]]`, where operators are words. */
  inTest = false;
  /** At a place where `case` expects a pattern. */
  inPattern = false;
  readonly #depth: number;
  readonly #commands: ShellCommand[];
  readonly #marks: Mark[] = [];
  #current: OpenCommand | undefined;
  #before: ShellJoint = 'edge';
  #cases = 0;

  constructor(depth: number, commands: ShellCommand[]) {
    this.#depth = depth;
    this.#commands = commands;
  }

  get hasOneWord(): boolean {
    return this.#current?.words.length === 1;
  }

  /** The command that is being read; a new one at `start` when there is none. */
  open(start: number): OpenCommand {
    this.#current ??= { start, words: [], redirects: [], heredocs: [], before: this.#before };
    return this.#current;
  }

  word(word: ShellWord): void {
    const isFirst = this.#current === undefined || this.#current.words.length === 0;
    if (isFirst && this.#reserved(word.text)) return;
    const { words } = this.open(word.start);
    words.push(word);
    const [first] = words;
    if (isFirst) this.inTest = word.text === '[[';
    else if (word.text === ']]') this.inTest = false;
    else if (first?.text === 'function' && words.length === 2) this.dropCommand();
    else if (first?.text === 'case' && words.length === 3 && word.text === 'in') {
      this.close('keyword');
      this.#cases += 1;
      this.inPattern = true;
    }
  }

  /** Ends the command that is being read, if any. */
  close(joint: ShellJoint): void {
    this.inTest = false;
    const current = this.#current;
    this.#current = undefined;
    if (current !== undefined) this.#push(current, joint);
    if (continues(joint)) this.#marks.push('join');
    // A newline behind `&&`, `||` and `|` ends nothing.
    if (current !== undefined || joint !== 'newline' || !continues(this.#before)) this.#before = joint;
  }

  /** `f()`: the name is no command. */
  dropCommand(): void {
    this.#current = undefined;
    this.#before = 'keyword';
  }

  openBracket(): void {
    this.close('bracket');
    this.#marks.push('open');
    this.brackets += 1;
  }

  closeBracket(): void {
    this.close('bracket');
    this.#marks.push('close');
    this.brackets = Math.max(0, this.brackets - 1);
  }

  endPattern(): void {
    this.inPattern = false;
    this.#marks.push('open');
    this.#before = 'keyword';
  }

  /** `;;` */
  endClause(): void {
    this.close(';');
    this.#marks.push('close');
    this.inPattern = this.#cases > 0;
  }

  endCase(): void {
    this.inPattern = false;
    this.#cases = Math.max(0, this.#cases - 1);
    this.#marks.push('close');
    this.#before = 'keyword';
  }

  finish(): void {
    this.#marks.forEach((mark, at) => {
      if (typeof mark === 'object') mark.sole = this.#marks[at - 1] === 'open' && this.#marks[at + 1] === 'close';
    });
  }

  #push({ start, words, redirects, heredocs, before }: OpenCommand, after: ShellJoint): void {
    const end = Math.max(words.at(-1)?.end ?? start, redirects.at(-1)?.end ?? start);
    const first = words.findIndex((word) => !assignmentPattern.test(word.text));
    const assignmentCount = first === -1 ? words.length : first;
    const position = { start, end, before, after, sole: false, depth: this.#depth };
    const draft: Draft = { ...position, words, assignmentCount, redirects, heredocs };
    this.#marks.push(draft);
    this.#commands.push(draft);
  }

  #reserved(text: string): boolean {
    const closes = closers.has(text);
    const opens = openers.has(text);
    const joins = text === '!' || text === 'time';
    if (!closes && !opens && !joins) return false;
    if (text === 'esac') this.#cases = Math.max(0, this.#cases - 1);
    if (closes) this.#marks.push('close');
    if (opens) this.#marks.push('open');
    if (joins) this.#marks.push('join');
    this.#current = undefined;
    this.#before = 'keyword';
    return true;
  }
}

const openers: ReadonlySet<string> = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '{']);
const closers: ReadonlySet<string> = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', '}', 'esac']);

function continues(joint: ShellJoint): boolean {
  return joint === '&&' || joint === '||' || joint === '|';
}
