/** Where a script lives on a static key: what audit finds in it, with those places left out that hold a session. */
import { findShellCredentials, type ShellCredential, weighSlot } from '../../audit/index.ts';
import type { ShellDialect } from '../../formats/shell/index.ts';

/** In order of position; one group a credential and form, as audit counts them. */
export function staticKeys(source: string, dialect: ShellDialect): readonly ShellCredential[] {
  const groups = Map.groupBy(findShellCredentials(source, dialect), ({ form, scope }) => `${form}/${scope}`);
  return [...groups.values()]
    .filter(
      (group) =>
        weighSlot(group.map(({ part, name, value, index }) => ({ part, name, value, at: index }))) === 'static',
    )
    .flat()
    .sort((a, b) => a.index - b.index);
}
