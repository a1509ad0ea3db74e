/** Which shell files are loaded by a person's shell, and which are run. */
import type { ShellDialect } from '../../formats/shell/index.ts';
import type { SourceFile } from '../../repository/index.ts';

/** `.envrc`, `.bashrc`, `config.fish`, history: in force for everything the person starts. */
export function isShellSetup(file: SourceFile): boolean {
  if (file.format !== 'shell') return false;
  const name = file.path.split('/').at(-1) ?? '';
  return (
    !/\.(sh|bash|zsh|ksh|command)$/.test(name) && (!name.endsWith('.fish') || /^(config|fish_variables)/.test(name))
  );
}

/** The dialect of a file that is run: scripts, Makefiles, justfiles, PowerShell, and files that start with `#!…sh`. */
export function scriptDialect(file: SourceFile): ShellDialect | undefined {
  switch (file.format) {
    case 'shell':
      return isShellSetup(file) ? undefined : 'shell';
    case 'makefile':
      return 'makefile';
    case 'powershell':
      return 'powershell';
    case 'justfile':
      return 'shell';
    case 'text':
      if (/\.(bat|cmd)$/i.test(file.path)) return 'shell';
      return /^#!.*\b(ba|z|k|da)?sh\b/.test(file.text.slice(0, 80)) ? 'shell' : undefined;
    default:
      return undefined;
  }
}
