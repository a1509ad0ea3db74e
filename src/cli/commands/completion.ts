/** Completion scripts for bash, zsh and fish, made from the commands' own definitions. */

import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { CommandModule } from '../command.ts';

export const completionCommand: CommandModule = {
  configure: (command) => {
    command.argument('<shell>', 'bash, zsh or fish');
  },
  run: async (ports, args, options) => {
    const shell = args[0] as string;
    const render = renderers[shell];
    if (render === undefined) {
      throw new KeylessError({
        code: 'USAGE',
        message: `there is no completion for '${shell}'; expected bash, zsh or fish`,
        hint: 'keyless completion bash',
      });
    }
    const script = render(await describeAll());
    ports.output.write(
      options.json === true ? `${JSON.stringify({ schemaVersion: 1, shell, script }, null, 2)}\n` : script,
    );
    return ExitStatus.done;
  },
};

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly long: string; readonly text: string }[];
}

async function describeAll(): Promise<Described[]> {
  // Imported here: both modules name this one.
  const { commands } = await import('../commands.ts');
  const { describeCommand } = await import('../run-cli.ts');
  return await Promise.all(
    commands.map(async (entry) => ({
      name: entry.name,
      summary: entry.summary,
      options: (await describeCommand(entry)).options.flatMap(({ long, description }) =>
        long === undefined || long === null ? [] : [{ long, text: description }],
      ),
    })),
  );
}

const renderers: Readonly<Record<string, (commands: readonly Described[]) => string>> = {
  bash: (commands) => `# keyless completion for bash
_keyless() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `    ${name}) COMPREPLY=($(compgen -W "${options.map(({ long }) => long).join(' ')}" -- "$current") $(compgen -f -- "$current")) ;;`).join('\n')}
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
${commands
  .map(
    ({ name, options }) =>
      `    ${name}) _arguments ${options.map(({ long, text }) => zshQuote(`${long}[${text.replace(/[[\]]/g, '\\$&')}]`)).join(' ')} '*:file:_files' ;;`,
  )
  .join('\n')}
  esac
}
_keyless "$@"
`,
  fish: (commands) =>
    `# keyless completion for fish
${commands
  .flatMap(({ name, summary, options }) => [
    `complete -c keyless -n __fish_use_subcommand -a ${name} -d ${fishQuote(summary)}`,
    ...options.map(
      ({ long, text }) =>
        `complete -c keyless -n '__fish_seen_subcommand_from ${name}' -l ${long.replace(/^--/, '')} -d ${fishQuote(text)}`,
    ),
  ])
  .join('\n')}
`,
};

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
