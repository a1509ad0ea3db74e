/** Every place where a text gives a name a value, in the dialects that carry credentials to a program. */
import { dockerfileAssignments } from './dockerfile.ts';
import { dotenvAssignments } from './dotenv.ts';
import { makefileAssignments } from './makefile.ts';
import { scriptAssignments } from './script-assignments.ts';
import type { ShellAssignment, ShellDialect } from './syntax.ts';

/**
 * In order of their names. Total: what is no assignment is passed over. Those in comments and in heredocs come with
 * their flag set, as a secret is one there too. `shell` also knows fish, PowerShell and `setx` by their shapes, since a
 * workflow's script rarely says which shell it is for.
 */
export function parseShellAssignments(source: string, dialect: ShellDialect): readonly ShellAssignment[] {
  const found = assignmentsOf(source, dialect);
  return found.sort((a, b) => a.nameStart - b.nameStart);
}

function assignmentsOf(source: string, dialect: ShellDialect): ShellAssignment[] {
  switch (dialect) {
    case 'shell':
      return scriptAssignments(source);
    case 'powershell':
      return scriptAssignments(source, { syntax: 'powershell' });
    case 'dotenv':
      return dotenvAssignments(source);
    case 'makefile':
      return makefileAssignments(source);
    case 'dockerfile':
      return dockerfileAssignments(source);
  }
}
