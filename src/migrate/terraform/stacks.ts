/** What keyless.yaml says of a folder: the workspaces of the stack in it and the account each of them lives in. */
import type { Intent, Stack } from '../../intent/index.ts';
import { type Repository, rootModules, type TerraformModule } from '../../repository/index.ts';

export interface KnownWorkspace {
  readonly workspace: string;
  readonly account: string;
  readonly accountId: string;
}

/** Every workspace with its account, or what is missing to say so. */
export type StackAccounts =
  | { readonly known: true; readonly workspaces: readonly KnownWorkspace[] }
  | { readonly known: false; readonly missing: string; readonly todo: string };

export function stackAt(intent: Intent, directory: string): Stack | undefined {
  return intent.stacks.find(({ path }) => (path === '.' ? '' : path) === directory);
}

export function accountsOf(intent: Intent, directory: string): StackAccounts {
  const stack = stackAt(intent, directory);
  const folder = directory === '' ? '.' : directory;
  if (stack === undefined) {
    return missing(
      `keyless.yaml has no stack ${folder}`,
      `Add \`path: ${folder}\` under \`stacks:\` with its account or workspaces.`,
    );
  }
  const [unassigned] = stack.unassigned ?? [];
  if (unassigned !== undefined) {
    const key = unassigned === 'default' ? '`account:`' : `the account of workspace \`${unassigned}\``;
    return missing(
      `keyless.yaml does not say in which account workspace ${unassigned} of ${folder} lives`,
      `Fill in ${key} of ${folder} in keyless.yaml.`,
    );
  }
  const workspaces: KnownWorkspace[] = [];
  for (const [workspace, account] of stack.workspaces) {
    const accountId = accountIdOf(intent, account);
    if (accountId === undefined) {
      return missing(
        `keyless.yaml has no id for account ${account}`,
        `Fill in \`accounts.${account}\` in keyless.yaml.`,
      );
    }
    workspaces.push({ workspace, account, accountId });
  }
  if (workspaces.length === 0)
    return missing(`stack ${folder} has no workspace`, `List its workspaces in keyless.yaml.`);
  return { known: true, workspaces };
}

/** The same for a module; one that others call is no stack, whatever keyless.yaml says. */
export function accountsOfModule(intent: Intent, repository: Repository, module: TerraformModule): StackAccounts {
  const isStack = stackAt(intent, module.directory) !== undefined || rootModules(repository).includes(module);
  if (isStack) return accountsOf(intent, module.directory);
  return missing(
    'this module runs in whatever account its callers are in',
    'Move the provider block into the root modules that call this one.',
  );
}

export function accountIdOf(intent: Intent, account: string | undefined): string | undefined {
  return account === undefined ? undefined : intent.accounts.get(account)?.id;
}

/** The team's name for an account id. */
export function accountNameOf(intent: Intent, accountId: string): string | undefined {
  return [...intent.accounts.values()].find(({ id }) => id === accountId)?.name;
}

function missing(what: string, todo: string): StackAccounts {
  return { known: false, missing: what, todo };
}
