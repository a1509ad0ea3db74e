/**
 * What people run after a backend changed: `init -reconfigure`, because bucket and key stayed the same. Never
 * `-migrate-state`, which would copy state over itself.
 * https://developer.hashicorp.com/terraform/language/backend#change-configuration
 */
import { type Intent, profileName } from '../../intent/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import type { Changes } from './changes.ts';
import { stackAt } from './stacks.ts';
import type { StatePlace } from './state-places.ts';

export interface ReconfigureOptions {
  /** What changed, as the start of a sentence. */
  readonly what: string;
  /** People are themselves by now: name the profile, and check the plan of every workspace. */
  readonly asPeople: boolean;
}

/** One remark with the commands for all stacks whose backend was edited. */
export function remarkReconfigure(
  changes: Changes,
  intent: Intent,
  edited: readonly StatePlace[],
  { what, asPeople }: ReconfigureOptions,
): void {
  const [first] = edited;
  if (first === undefined) return;
  const commands = new Set(edited.flatMap((place) => commandsFor(intent, place, asPeople)));
  changes.remark(
    { file: first.group.file, start: first.group.start },
    `${what}; bucket and key are the same, so every working copy runs \`init -reconfigure\` once. Never \`-migrate-state\`: it would copy state over itself.`,
    [...commands],
  );
}

function commandsFor(intent: Intent, place: StatePlace, asPeople: boolean): readonly string[] {
  return place.modules.flatMap(({ directory }) => {
    const terraform = directory === '' ? 'terraform' : `terraform -chdir=${directory}`;
    const partial = place.together.filter(({ file }) => file.format === 'backend-config');
    const configurations =
      partial.length === 0 ? [''] : partial.map(({ file }) => ` -backend-config=${relativePath(directory, file)}`);
    const workspaces = [...(stackAt(intent, directory)?.workspaces ?? [])];
    const account = workspaces[0]?.[1];
    const profile = asPeople && account !== undefined ? `AWS_PROFILE=${profileName(intent, account, 'plan')} ` : '';
    const inits = configurations.map((configuration) => `${profile}${terraform} init -reconfigure${configuration}`);
    if (!asPeople) return inits;
    const plans = workspaces.map(([workspace, account]) => {
      const chosen = workspace === 'default' ? '' : `TF_WORKSPACE=${workspace} `;
      return `AWS_PROFILE=${profileName(intent, account, 'plan')} ${chosen}${terraform} plan`;
    });
    return [...inits, ...plans];
  });
}

function relativePath(from: string, file: SourceFile): string {
  const base = from === '' ? [] : from.split('/');
  const target = file.path.split('/');
  while (base.length > 0 && base[0] === target[0]) {
    base.shift();
    target.shift();
  }
  return [...base.map(() => '..'), ...target].join('/');
}
