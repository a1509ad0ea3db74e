/** P5: providers say which account they may run in, so that live's plan cannot run in dev. */
import type { HclBlock } from '../../formats/hcl/index.ts';
import type { Intent } from '../../intent/index.ts';
import {
  type ProviderBlock,
  type Repository,
  resolveByWorkspace,
  resolveText,
  rootModules,
  type TerraformModule,
  type Version,
} from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { accountsBeyond } from '../terraform/accounts-beyond.ts';
import { argumentOf, groupOfBlock } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import {
  accountExpressionOf,
  assumedRoles,
  hasLocalEndpoint,
  providerArgument,
  resolveRole,
} from '../terraform/provider-roles.ts';
import { backendsOfRuns, usesWorkspaces } from '../terraform/run-variants.ts';
import { accountNameOf, accountsOf, type KnownWorkspace } from '../terraform/stacks.ts';
import { placeOnlyBefore, terraformVersions } from '../terraform/terraform-version.ts';
import { expression, list, object, text, type Value } from '../terraform/value.ts';

export const providerAccountGuard: MigrationRule = defineRule({
  id: 'P5',
  title: 'Providers name the account they may run in',
  step: 'guard',
  why: 'The session decides the account once assume_role is gone. The guard stops a plan for live that runs with a session for dev, before it reads or changes anything.',
  does: 'Adds allowed_account_ids: by literal for one account, else by a lookup of terraform.workspace in a map that the module has or gets. It holds with the old key as well.',
  refuses:
    'Stacks whose account is not known, roles whose account is not in the code, roles that can be in more accounts than keyless.yaml lists workspaces for, stacks whose runs differ by variable files and backend configurations alone, lookups by workspace below Terraform 0.12, and guards that say another account than keyless.yaml.',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids-1',
  plan(repository, { intent }) {
    const changes = new Changes('P5');
    for (const module of rootModules(repository)) {
      const names = new Map<string, string>();
      for (const provider of module.providers.filter(({ name }) => name === 'aws')) {
        guard(provider, module, repository, intent, changes, names);
      }
    }
    changes.refuseUnreadable(repository, /\bprovider\s+"aws"/);
    return changes.plan();
  },
});

function guard(
  provider: ProviderBlock,
  module: TerraformModule,
  repository: Repository,
  intent: Intent,
  changes: Changes,
  newLocals: Map<string, string>,
): void {
  const spot = { file: provider.file, start: provider.node.start };
  if (skipsAccount(provider)) return;
  const accounts = expectedAccounts(provider, module, intent);
  const existing = providerArgument(provider, 'allowed_account_ids');
  if (!('workspaces' in accounts)) {
    if (existing === undefined) changes.refuse(spot, accounts.reason, accounts.todo);
    return;
  }
  if (existing !== undefined) {
    const wrong = accounts.workspaces.find(({ workspace, accountId }) => {
      const ids = resolveByWorkspace({ file: existing.group.file, node: existing.value }, module, workspace);
      return ids?.kind === 'list' && !ids.items.some((id) => id.kind === 'scalar' && String(id.value) === accountId);
    });
    if (wrong === undefined) return;
    changes.refuse(
      { file: existing.group.file, start: existing.node.start },
      `allowed_account_ids shuts out ${wrong.accountId} (${wrong.account}), where workspace ${wrong.workspace} is by keyless.yaml.`,
      'Correct the account in keyless.yaml or the guard.',
    );
    return;
  }

  const own = ownExpression(provider, module, accounts.workspaces);
  const beyond = own === undefined && accountsBeyond(provider, module, repository, intent, accounts.workspaces);
  if (beyond) {
    changes.refuse(
      spot,
      `The role of the provider can also be in ${beyond.accounts}, where keyless.yaml has no workspace of this stack: a guard made from it would stop those runs.`,
      `${beyond.todo} Or add allowed_account_ids by hand.`,
    );
    return;
  }

  const shutOut = own === undefined && runsShutOut(module, repository, accounts.workspaces);
  if (shutOut) {
    changes.refuse(spot, shutOut.reason, shutOut.todo);
    return;
  }

  const literal = own === undefined ? onlyAccount(accounts.workspaces) : undefined;
  const old = literal ? undefined : placeOnlyBefore(terraformVersions(repository, module), plainExpressions);
  if (old !== undefined) {
    changes.refuse(
      spot,
      `The account depends on the workspace, and ${old.location.path}:${old.location.line} keeps Terraform at ${old.text}, which takes expressions in quotes only.`,
      'Add allowed_account_ids by hand, or bring the module to Terraform 0.12 or newer first.',
    );
    return;
  }

  changes.attempt(spot, (edit) => {
    const editor = edit(provider.file);
    const value = own ?? literal ?? mapInModule(module, accounts.workspaces);
    const insert = (id: Value) =>
      editor.insertArgument(groupOfBlock(provider.file, provider.node), 'allowed_account_ids', list(id), {
        after: providerAnchor(provider.node),
      });
    if (value !== undefined) {
      insert(value);
      return;
    }
    const entries = accounts.workspaces.map(({ workspace, accountId }) => [workspace, text(accountId)] as const);
    const key = JSON.stringify(accounts.workspaces);
    const name = newLocals.get(key) ?? freeLocalName(module, new Set(newLocals.values()));
    if (!newLocals.has(key)) editor.insertBlock({ type: 'locals', entries: [[name, object(entries)]] }, provider.node);
    newLocals.set(key, name);
    insert(lookup(`local.${name}`));
  });
}

/** Runs that differ by what the command line names would all meet the same guard. */
function runsShutOut(
  module: TerraformModule,
  repository: Repository,
  workspaces: readonly KnownWorkspace[],
): { readonly reason: string; readonly todo: string } | undefined {
  if (usesWorkspaces(repository)) return undefined;
  const todo =
    'Declare a variable for the account, set it beside the others of each run, and add allowed_account_ids = [var.…] by hand.';
  if (onlyAccount(workspaces) === undefined) {
    const chosen = module.variableFiles.find(
      ({ automatic, workspaces: names }) => !automatic && workspaces.some(({ workspace }) => names.includes(workspace)),
    );
    if (chosen === undefined) return undefined;
    return {
      reason: `Runs of this stack differ by variable files such as ${chosen.file.path}, and nothing here selects a workspace: in workspace default a guard by workspace would stop every run.`,
      todo: `If people select workspaces by hand, add the guard by hand as a lookup of terraform.workspace. ${todo.replace('Declare', 'Else declare')}`,
    };
  }
  const backends = backendsOfRuns(repository, module);
  if (backends.length === 0) return undefined;
  return {
    reason: `The stack is run with several backend configurations (${backends.join(', ')}), which may be in several accounts; one account in the guard would stop the other runs.`,
    todo,
  };
}

/** HCL 2, with expressions outside of templates, came with it. */
const plainExpressions: Version = [0, 12, 0];

/** Emulators have no account to ask for. */
function skipsAccount(provider: ProviderBlock): boolean {
  const skip = providerArgument(provider, 'skip_requesting_account_id');
  return (skip?.value.kind === 'literal' && skip.value.value === true) || hasLocalEndpoint(provider);
}

type Expected = { readonly workspaces: readonly KnownWorkspace[] } | { readonly reason: string; readonly todo: string };

/** Where the provider lands by its role, or without one where keyless.yaml puts the stack. */
function expectedAccounts(provider: ProviderBlock, module: TerraformModule, intent: Intent): Expected {
  const accounts = accountsOf(intent, module.directory);
  if (!accounts.known) {
    return { reason: `Nobody says which account this provider is for: ${accounts.missing}.`, todo: accounts.todo };
  }
  const role = assumedRoles(provider).at(-1);
  if (role === undefined) return { workspaces: accounts.workspaces };
  const workspaces: KnownWorkspace[] = [];
  for (const { workspace } of accounts.workspaces) {
    const accountId = role.dynamic ? undefined : resolveRole(role, module, workspace)?.accountId;
    const account = accountId === undefined ? undefined : accountNameOf(intent, accountId);
    if (accountId === undefined) {
      return {
        reason: `The account of the role that the provider assumes in workspace ${workspace} is not in the code.`,
        todo: 'Add allowed_account_ids by hand.',
      };
    }
    if (account === undefined) {
      return {
        reason: `The provider assumes a role in account ${accountId}, which keyless.yaml does not list.`,
        todo: `Add the account under \`accounts:\`, or correct the role.`,
      };
    }
    workspaces.push({ workspace, account, accountId });
  }
  return { workspaces };
}

/** What the role's ARN is built with, when that depends on nothing but the workspace: it is right in every workspace. */
function ownExpression(
  provider: ProviderBlock,
  module: TerraformModule,
  workspaces: readonly KnownWorkspace[],
): Value | undefined {
  const [role] = assumedRoles(provider);
  const built = role === undefined ? undefined : accountExpressionOf(role);
  const withoutFiles = { ...module, variableFiles: [] };
  if (
    built !== undefined &&
    workspaces.every(({ workspace, accountId }) => resolveText(built, withoutFiles, workspace)?.text === accountId)
  ) {
    return expression(built.source);
  }
  return undefined;
}

function onlyAccount(workspaces: readonly KnownWorkspace[]): Value | undefined {
  const ids = new Set(workspaces.map(({ accountId }) => accountId));
  const [only] = ids;
  return ids.size === 1 && only !== undefined ? text(only) : undefined;
}

/**
 * `terraform validate` runs in workspace default and, unlike for a variable, evaluates a local: a plain index would make
 * it fail where it passed. No account has the id of zeros, so the guard holds in a workspace that the map lacks.
 */
function lookup(map: string): Value {
  return expression(`lookup(${map}, terraform.workspace, "000000000000")`);
}

/** A local or variable that maps every workspace to its account. */
function mapInModule(module: TerraformModule, workspaces: readonly KnownWorkspace[]): Value | undefined {
  const withoutFiles = { ...module, variableFiles: [] };
  const names = [
    ...[...module.locals.keys()].map((name) => `local.${name}`),
    ...[...module.variables.keys()]
      .filter((name) => !module.variableFiles.some(({ values }) => values.has(name)))
      .map((name) => `var.${name}`),
  ];
  for (const name of names) {
    const [root, key] = name.split('.') as [string, string];
    const value = root === 'local' ? module.locals.get(key) : defaultOf(module, key);
    if (value === undefined) continue;
    const found = workspaces.every(({ workspace, accountId }) => {
      const map = resolveByWorkspace(value, withoutFiles, workspace);
      const entry = map?.kind === 'map' ? map.entries.get(workspace) : undefined;
      return entry?.kind === 'scalar' && String(entry.value) === accountId;
    });
    if (found) return root === 'local' ? lookup(name) : expression(`${name}[terraform.workspace]`);
  }
  return undefined;
}

function defaultOf(module: TerraformModule, name: string) {
  const variable = module.variables.get(name);
  if (variable === undefined) return undefined;
  const fallback = argumentOf(groupOfBlock(variable.file, variable.node), 'default');
  return fallback === undefined ? undefined : { file: variable.file, node: fallback.value };
}

function freeLocalName(module: TerraformModule, taken: ReadonlySet<string>): string {
  const names = ['account_ids', 'account_id_by_workspace', 'allowed_account_id_by_workspace'];
  const free = names.find((name) => !module.locals.has(name) && !taken.has(name));
  if (free !== undefined) return free;
  let number = 2;
  while (module.locals.has(`account_ids_${number}`) || taken.has(`account_ids_${number}`)) number++;
  return `account_ids_${number}`;
}

/** Beside the region, or behind the alias. */
function providerAnchor(block: HclBlock): string {
  const names = block.body.items.flatMap((item) => (item.kind === 'attribute' ? [item.name] : []));
  return ['region', 'alias'].find((name) => names.includes(name)) ?? names.at(-1) ?? 'region';
}
