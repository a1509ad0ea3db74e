/**
 * From the words of the command line to an exit status. Parsing is commander's; which command runs, how help looks
 * and what an unknown word gets is decided here, once for all commands.
 */
import { Command, CommanderError } from 'commander';
import { KeylessError } from '../kernel/error.ts';
import { ExitStatus } from '../kernel/error-codes.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Ports } from '../ports/index.ts';
import type { CommandEntry, ExactExit } from './command.ts';
import { commands } from './commands.ts';
import { version } from './version.ts';

export async function runCli(ports: Ports, argv: readonly string[]): Promise<ExitStatus | ExactExit> {
  const [word, ...rest] = argv;
  if (word === undefined || word === '--help' || word === '-h') {
    ports.output.write(rootHelp());
    return word === undefined ? ExitStatus.usage : ExitStatus.done;
  }
  if (word === '--version' || word === '-V' || word === 'version') {
    ports.output.write(`${version}\n`);
    return ExitStatus.done;
  }
  if (word === 'help') return await runCli(ports, rest[0] === undefined ? ['--help'] : [rest[0], '--help']);
  const entry = commands.find((candidate) => candidate.name === word);
  if (entry === undefined) throw unknownCommand(word);
  return await runCommand(ports, entry, rest);
}

/** The commander definition of one command, as `--help` and completion see it. */
export async function describeCommand(entry: CommandEntry): Promise<Command> {
  const module = await entry.load();
  const command = new Command(entry.name).description(entry.summary).helpOption('-h, --help', 'show this help');
  module.configure(command);
  command.option('--json', 'print the result as JSON, whatever else is asked for');
  const examples = entry.examples.map(({ command: line, text }) => `  ${line}\n      ${text}`).join('\n');
  command.addHelpText(
    'after',
    `\nExamples:\n${examples}\n\nExit status: 0 done, 1 findings, 2 usage, 3 could not complete, 4 a person must act, 130 interrupted`,
  );
  return command;
}

async function runCommand(ports: Ports, entry: CommandEntry, args: readonly string[]): Promise<ExitStatus | ExactExit> {
  const command = await describeCommand(entry);
  let problem = '';
  command.exitOverride();
  command.showSuggestionAfterError(true);
  command.configureOutput({
    writeOut: (text) => ports.output.write(text),
    writeErr: (text) => {
      problem += text;
    },
    getOutHelpWidth: () => ports.output.columns,
    getOutHasColors: () => ports.output.color,
  });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitStatus.done;
    throw new KeylessError({
      code: 'USAGE',
      message: (problem || error.message).replace(/^error: /, '').trim(),
      hint: `keyless ${entry.name} --help`,
      cause: error,
    });
  }
  const module = await entry.load();
  return await module.run(ports, command.args, command.opts());
}

function unknownCommand(word: string): KeylessError {
  const suggestion = nearest(
    word,
    commands.map(({ name }) => name),
  );
  return new KeylessError({
    code: 'USAGE',
    message: `unknown command '${word}'${suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`}`,
    hint: suggestion === undefined ? 'keyless --help' : `keyless ${suggestion} --help`,
  });
}

function rootHelp(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  return `keyless: Terraform on AWS without a single static credential

Usage: keyless <command> [options]

Commands:
${list}

Start with:
  keyless audit                what stands in this repository
  keyless init                 draft keyless.yaml
  keyless migrate              the plan, with every diff; nothing is written

keyless <command> --help shows its options, with examples.
`;
}
