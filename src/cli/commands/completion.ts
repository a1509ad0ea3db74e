/** Completion scripts for bash, zsh and fish, made from the commands' own definitions. */
import { Argument } from 'commander';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { CommandModule } from '../command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export const completionCommand: CommandModule = {
  configure: (command) => {
    command.addArgument(new Argument('<shell>', 'the shell to make it for').choices(shells));
  },
  run: async (ports, args, options) => {
    const shell = args[0] as (typeof shells)[number];
    const script = renderers[shell](await describeAll());
    ports.output.write(
      options.json === true ? `${JSON.stringify({ schemaVersion: 1, shell, script }, null, 2)}\n` : script,
    );
    return ExitStatus.done;
  },
};

interface Described {
  readonly name: string;
  readonly summary: string;
  /** What its argument can be; none when that is a path or anything. */
  readonly choices: readonly string[];
  readonly options: readonly DescribedOption[];
}

interface DescribedOption {
  readonly long: string;
  readonly text: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

async function describeAll(): Promise<Described[]> {
  // Imported here: both modules name this one.
  const { commands } = await import('../commands.ts');
  const { describeCommand } = await import('../run-cli.ts');
  return await Promise.all(
    commands.map(async (entry) => {
      const command = await describeCommand(entry);
      return {
        name: entry.name,
        summary: entry.summary,
        choices: command.registeredArguments[0]?.argChoices ?? [],
        options: command.options.flatMap(({ long, description, required, argChoices }) =>
          long === undefined || long === null
            ? []
            : [{ long, text: description, takesValue: required, choices: argChoices ?? [] }],
        ),
      };
    }),
  );
}

const renderers: Readonly<Record<(typeof shells)[number], (commands: readonly Described[]) => string>> = {
  bash: (commands) => `# keyless completion for bash
_keyless() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(({ name, options }) => options.filter(({ choices }) => choices.length > 0).map(({ long, choices }) => `    "${name} ${long}") COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current")); return ;;`)).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(bashCase).join('\n')}
  esac
}
complete -F _keyless keyless
`,
  zsh: (commands) => `#compdef keyless
_keyless() {
  if (( CURRENT == 2 )); then
    local -a verbs=(
${commands.map(({ name, summary }) => `      ${zshQuote(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command verbs
    return
  fi
  case "$words[2]" in
${commands.map(zshCase).join('\n')}
  esac
}
# Found on fpath it is called itself; read by a startup file it registers.
if [[ "$funcstack[1]" == _keyless ]]; then _keyless "$@"; else compdef _keyless keyless; fi
`,
  fish: (commands) =>
    `# keyless completion for fish
${commands
  .flatMap(({ name, summary, choices, options }) => [
    `complete -c keyless -n __fish_use_subcommand -f -a ${name} -d ${fishQuote(summary)}`,
    ...(choices.length === 0
      ? []
      : [`complete -c keyless -n '__fish_seen_subcommand_from ${name}' -f -a '${choices.join(' ')}'`]),
    ...options.map(
      ({ long, text, takesValue, choices: values }) =>
        `complete -c keyless -n '__fish_seen_subcommand_from ${name}' -l ${long.replace(/^--/, '')} -d ${fishQuote(text)}${takesValue ? ' -r' : ''}${values.length === 0 ? '' : ` -f -a '${values.join(' ')}'`}`,
    ),
  ])
  .join('\n')}
`,
};

function bashCase({ name, choices, options }: Described): string {
  const words = options.map(({ long }) => long).join(' ');
  const rest = choices.length === 0 ? 'compgen -f -- "$current"' : `compgen -W "${choices.join(' ')}" -- "$current"`;
  return `    ${name}) if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "${words}" -- "$current")); else COMPREPLY=($(${rest})); fi ;;`;
}

function zshCase({ name, choices, options }: Described): string {
  const specs = options.map(({ long, text, takesValue, choices: values }) => {
    const value = takesValue ? `:value:${values.length === 0 ? '_files' : `(${values.join(' ')})`}` : '';
    return zshQuote(`${long}[${text.replace(/[[\]:\\]/g, '\\$&')}]${value}`);
  });
  const rest = choices.length === 0 ? "'*:file:_files'" : zshQuote(`1:argument:(${choices.join(' ')})`);
  // The words from the command on, as _arguments expects them.
  return `    ${name}) shift words; (( CURRENT-- )); _arguments ${specs.join(' ')} ${rest} ;;`;
}

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
