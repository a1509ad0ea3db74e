/**
 * What a script, a settings file, a Makefile or a Dockerfile gives a name to, and the simple commands it runs, with
 * the UTF-16 ranges they stand at, because edits are splices of those ranges.
 */

export interface ShellRange {
  /** First UTF-16 offset. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

/** A text that may be known, or depend on what runs. */
export interface ShellText extends ShellRange {
  /** Quotes and escapes resolved; `undefined` when it holds an expansion. */
  readonly value: string | undefined;
  /** True when `value` is known. */
  readonly literal: boolean;
  /** Names of the variables it reads, in order, each once: `$A`, `${A:-x}`, `$env:A`, `$(A)` in a Makefile. */
  readonly references: readonly string[];
  /** The inside of each `${{ … }}` that a workflow engine fills in before the shell reads the script, trimmed. */
  readonly templates: readonly string[];
}

export interface ShellWord extends ShellText {
  /** As written. */
  readonly text: string;
}

export interface ShellRedirect extends ShellRange {
  /** `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `&>` … without the descriptor number. */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

export interface ShellHeredoc {
  readonly delimiter: string;
  /** A quoted delimiter: nothing in the body is expanded. */
  readonly quoted: boolean;
  readonly body: ShellRange;
  /** After the delimiter line, newline excluded. */
  readonly end: number;
}

/** What stands between a command and its neighbours. */
export type ShellJoint = 'edge' | 'newline' | ';' | '&' | '&&' | '||' | '|' | 'keyword' | 'bracket';

/** A simple command, such as `A=1 aws s3 ls > out`; assignments in front of it are words too. */
export interface ShellCommand extends ShellRange {
  readonly words: readonly ShellWord[];
  /** How many of the words are assignments in front of the command name. */
  readonly assignmentCount: number;
  readonly redirects: readonly ShellRedirect[];
  readonly heredocs: readonly ShellHeredoc[];
  readonly before: ShellJoint;
  readonly after: ShellJoint;
  /** The only command between `then` and `fi`, `{` and `}` …: without it the script does not parse. */
  readonly sole: boolean;
  /** How many `$(…)` or backticks it stands in. */
  readonly depth: number;
}

export interface ShellScript {
  readonly source: string;
  /** In order of their first character. */
  readonly commands: readonly ShellCommand[];
  /** From `#` to the end of the line, newline excluded. */
  readonly comments: readonly ShellRange[];
}

/** How a name gets its value. */
export type AssignmentForm =
  /** `A=b` on its own, in a shell. */
  | 'variable'
  /** `A=b command`, `env A=b command`. */
  | 'prefix'
  /** `export A=b`, `declare -x A=b`. */
  | 'export'
  /** `set -gx A b` of fish. */
  | 'fish'
  /** `$env:A = "b"`. */
  | 'powershell'
  /** `setx A b` and `set A=b` of Windows. */
  | 'windows'
  /** A line of a dotenv file. */
  | 'dotenv'
  /** `A := b` in a Makefile. */
  | 'make'
  /** `ENV` of a Dockerfile. */
  | 'docker-env'
  /** `ARG` of a Dockerfile. */
  | 'docker-arg'
  /** `echo "A=b" >> "$FILE"`: a line another program reads as an assignment. */
  | 'file-line'
  /** `unset A`, `unexport A`: takes the value away. */
  | 'unset';

export interface ShellAssignment {
  readonly form: AssignmentForm;
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Quotes and escapes resolved; `undefined` when it isn't literal or (`export A`, `unset A`) no value is given. */
  readonly value: string | undefined;
  /** Range of the value as written, quotes included; empty at `nameEnd` when no value is given. */
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly literal: boolean;
  readonly references: readonly string[];
  readonly templates: readonly string[];
  /** Visible to the processes that the script starts. */
  readonly exported: boolean;
  /** Switched off by a comment sign. */
  readonly inComment: boolean;
  /** In the text of a heredoc. */
  readonly inHeredoc: boolean;
  /** For `file-line`: the file the line goes to, as written (`"$GITHUB_ENV"`). */
  readonly target: string | undefined;
  readonly statement: ShellStatement;
}

/** The statement an assignment is part of; the same object for all assignments of one statement. */
export interface ShellStatement extends ShellRange {
  /** Its assignments, each with the words around it: what can go on its own. */
  readonly members: readonly StatementMember[];
  /** Whole lines, ends of line included, when nothing but a comment stands beside the statement on them. */
  readonly lines: ShellRange | undefined;
  /** What to cut to take the whole statement out of its line; `undefined` when that can't be done: see `refusal`. */
  readonly cut: ShellRange | undefined;
  readonly refusal: string | undefined;
}

export interface StatementMember extends ShellRange {
  readonly name: string;
  /** End of the word before it, if that belongs to the statement. */
  readonly previousEnd: number | undefined;
  /** Start of the word behind it, if that belongs to the statement. */
  readonly nextStart: number | undefined;
}

/** How words are written. In a Makefile's recipe make expands `$(A)` before the shell sees `$$A` as `$A`. */
export type ShellSyntax = 'posix' | 'powershell' | 'make';

export type ShellDialect = 'shell' | 'dotenv' | 'makefile' | 'dockerfile' | 'powershell';
