/** What a command module exports. It parses options, calls one capability and hands the result to a view; it decides nothing. */
import type { Command } from 'commander';
import type { ExitStatus } from '../kernel/error-codes.ts';
import type { Ports } from '../ports/index.ts';

export interface CommandExample {
  readonly command: string;
  readonly text: string;
}

export interface CommandModule {
  /** Adds arguments and options. Options that every command has (`--json`, `--help`) are added by the program. */
  configure(command: Command): void;
  run(ports: Ports, args: readonly string[], options: CommandOptions): Promise<ExitStatus | ExactExit>;
}

/** The exit code of a command that was run for the person, passed through as it is, whatever was interrupted. */
export interface ExactExit {
  readonly exitCode: number;
}

/** Values as commander gives them: camelCase names, strings, booleans, or arrays of strings. */
export type CommandOptions = Readonly<Record<string, unknown>>;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** At least one; shown under `--help`. */
  readonly examples: readonly CommandExample[];
  readonly load: () => Promise<CommandModule>;
}
