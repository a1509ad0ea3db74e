/**
 * In which account each workspace of each stack runs, as the code tells: the guard or the role of its provider, the
 * account of the key it runs with, an id the stack keeps for itself.
 */

import { type Inventory, possibleAccounts } from '../../audit/index.ts';
import { parseRoleArn } from '../../aws/arn.ts';
import { findAttribute, type HclExpression } from '../../formats/hcl/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import {
  attributeOf,
  blocksOf,
  type Placed,
  type ProviderBlock,
  type Repository,
  resolveByWorkspace,
  resolveText,
  rootModules,
  type TerraformModule,
  terraformModule,
  unknownPart,
  variableInput,
  workspaceNames,
} from '../../repository/index.ts';
import type { Fact, Maybe } from './draft.ts';
import { pipelineRuns } from './pipeline-runs.ts';
import { stateReadings } from './state-readers.ts';

export interface StackAccounts {
  readonly module: TerraformModule;
  /** Workspace → account id. */
  readonly accounts: ReadonlyMap<string, Maybe<string>>;
  /** Account ids that the code can lead to as well, where nothing tells in which workspace. */
  readonly beyond: readonly Fact<string>[];
}

export function stackAccounts(repository: Repository, inventory: Inventory): readonly StackAccounts[] {
  const keyAccount = accountOfTheKey(inventory);
  const used = workspacesInUse(repository);
  const stacks = rootModules(repository).filter((module) => !isOfOtherClouds(module, repository));
  return stacks.map((module) => {
    const names = workspacesOf(module, used.get(module.directory) ?? []);
    const accounts = names.map(({ name }) => [name, accountOf(module, name, keyAccount)] as const);
    const known = accounts.filter(([, account]) => account !== undefined);
    // A key of some other map (`default = "t3.micro"`) is no workspace when the role has no entry for it.
    const chosen = known.length > 0 && known.length < accounts.length && hasRole(module) ? known : accounts;
    const beyond = possibleFacts(module, repository).filter(
      ({ value }) => !chosen.some(([, account]) => account?.value === value),
    );
    if (beyond.length === 0) return { module, accounts: new Map(chosen), beyond };
    const guessed = new Set(names.flatMap(({ name, certain }) => (certain ? [] : [name])));
    const doubtful = chosen.filter(([name]) => guessed.has(name) && dependsOnWorkspace(module, name, keyAccount));
    return {
      module,
      accounts: new Map([...chosen, ...doubtful.map(([name]) => [name, undefined] as const)]),
      beyond: [
        ...new Map(
          [...doubtful.flatMap(([, account]) => account ?? []), ...beyond].map((fact) => [fact.value, fact]),
        ).values(),
      ],
    };
  });
}

/** The account of the stack is another one under another name of the workspace, with the same variable files. */
function dependsOnWorkspace(module: TerraformModule, workspace: string, keyAccount: Maybe<string>): boolean {
  const variableFiles = module.variableFiles
    .filter(({ automatic, workspaces }) => automatic || workspaces.includes(workspace))
    .map((file) => ({ ...file, automatic: true }));
  return accountOf({ ...module, variableFiles }, undefined, keyAccount) === undefined;
}

/** The accounts that the stack can be in by all that the code says, in no particular workspace. */
function possibleFacts(module: TerraformModule, repository: Repository): readonly Fact<string>[] {
  const main = mainProvider(module);
  if (main === undefined) return [];
  const guard = attributeOf(main, 'allowed_account_ids');
  const deciding = guard ? { file: guard.file, node: guard.node.expression } : roleExpressions(main).at(-1);
  if (deciding === undefined) return [];
  const place = deciding.file.locationOf(deciding.node.start);
  return possibleAccounts(deciding, repository, module.directory).map((value) => ({
    value,
    because: 'an account that its provider can be in',
    place,
  }));
}

/** It configures providers, and neither it nor what it calls, nor its state, has to do with AWS. */
function isOfOtherClouds(module: TerraformModule, repository: Repository): boolean {
  const configuresOthers = module.providers.length > 0 || module.requiredProviders.size > 0;
  return configuresOthers && !touchesAws(module, repository, new Set());
}

function touchesAws(module: TerraformModule, repository: Repository, seen: Set<TerraformModule>): boolean {
  if (seen.has(module)) return false;
  seen.add(module);
  return (
    module.backend?.type === 's3' ||
    module.providers.some(({ name }) => isAwsProvider(name)) ||
    [...module.requiredProviders.keys()].some(isAwsProvider) ||
    module.resources.some(({ type }) => /^(aws|awscc)_|^terraform_remote_state$/.test(type)) ||
    module.calls.some(({ directory, source }) => {
      const called = directory === undefined ? undefined : terraformModule(repository, directory);
      return called === undefined
        ? source === undefined || /aws|^s3::/i.test(source)
        : touchesAws(called, repository, seen);
    })
  );
}

function isAwsProvider(name: string): boolean {
  return name === 'aws' || name === 'awscc';
}

/** The one account that static keys of the repository belong to, by their ids. */
export function accountOfTheKey({ credentials }: Inventory): Maybe<string> {
  const hinted = credentials.filter(
    ({ documentationExample, accountHint, kind }) =>
      !documentationExample && accountHint !== undefined && kind === 'long-term',
  );
  const [first, ...others] = hinted;
  if (first?.accountHint === undefined) return undefined;
  if (others.some(({ accountHint }) => accountHint !== first.accountHint)) return undefined;
  const [place] = first.places;
  return {
    value: first.accountHint,
    because: `the account of the key ${first.keyId ?? ''} that it runs with`,
    ...(place !== undefined && { place: locationOf(place) }),
  };
}

/** Account and place of a role ARN, also when its name is not known. */
function roleAccount(
  expression: Placed<HclExpression>,
  module: TerraformModule,
  workspace: string | undefined,
): { readonly id: string; readonly place: Location } | undefined {
  const resolved = resolveText(expression, module, workspace, { partial: true });
  const id = resolved && parseRoleArn(resolved.text.replaceAll(unknownPart, 'x'))?.account;
  return resolved === undefined || id === undefined ? undefined : { id, place: resolved.place };
}

/** The account a provider works in. */
export function providerAccount(
  provider: ProviderBlock,
  module: TerraformModule,
  workspace: string | undefined,
): Maybe<string> {
  const guard = attributeOf(provider, 'allowed_account_ids');
  const ids = guard && resolveByWorkspace({ file: guard.file, node: guard.node.expression }, module, workspace);
  const only = ids?.kind === 'list' && ids.items.length === 1 ? ids.items[0] : undefined;
  if (only?.kind === 'scalar' && isAccountId(String(only.value))) {
    return { value: String(only.value), because: 'allowed_account_ids of its provider', place: only.place };
  }
  // Roles are assumed in order; the last one is where the provider works.
  const role = roleExpressions(provider).at(-1);
  const account = role && roleAccount(role, module, workspace);
  return account && { value: account.id, because: 'the role that its provider assumes', place: account.place };
}

function awsProviders({ providers }: TerraformModule): readonly ProviderBlock[] {
  return providers.filter(({ name }) => isAwsProvider(name));
}

function mainProvider(module: TerraformModule): ProviderBlock | undefined {
  const aws = awsProviders(module);
  return aws.find(({ alias }) => alias === undefined) ?? (aws.length === 1 ? aws[0] : undefined);
}

function accountOf(module: TerraformModule, workspace: string | undefined, keyAccount: Maybe<string>): Maybe<string> {
  const main = mainProvider(module);
  const byProvider = main && providerAccount(main, module, workspace);
  if (byProvider !== undefined) return byProvider;
  const own = ownAccountId(module, workspace);
  if (own !== undefined) return own;
  const usesAws = awsProviders(module).length > 0 || module.resources.some(({ type }) => type.startsWith('aws_'));
  return usesAws && (main === undefined || roleExpressions(main).length === 0) ? keyAccount : undefined;
}

/** An id that the stack keeps under a name that says so. */
function ownAccountId(module: TerraformModule, workspace: string | undefined): Maybe<string> {
  for (const name of ['account_id', 'aws_account_id', 'target_account_id', 'account']) {
    const values = { local: module.locals.get(name), var: variableInput(module, name, workspace) };
    for (const [kind, expression] of Object.entries(values)) {
      const resolved = expression && resolveText(expression, module, workspace);
      if (resolved !== undefined && isAccountId(resolved.text)) {
        return { value: resolved.text, because: `${kind}.${name} of the stack`, place: resolved.place };
      }
    }
  }
  return undefined;
}

function roleExpressions(provider: ProviderBlock): readonly Placed<HclExpression>[] {
  return blocksOf(provider, 'assume_role').flatMap(({ file, node }) => {
    const arn = findAttribute(node.body, 'role_arn');
    return arn === undefined ? [] : [{ file, node: arn.expression }];
  });
}

function hasRole(module: TerraformModule): boolean {
  return module.providers.some((provider) => roleExpressions(provider).length > 0);
}

/** What code or variable files distinguish, else what pipelines and readers name, else the one there always is. */
function workspacesOf(module: TerraformModule, used: readonly string[]): readonly Workspace[] {
  const inCode = workspaceNames(module);
  const distinguished = inCode.filter(({ from }) => from !== 'comparison');
  if (distinguished.length > 0) return distinguished.map(({ name, from }) => ({ name, certain: from === 'lookup' }));
  const named = new Set([...used, ...inCode.map(({ name }) => name)]);
  return named.size > 0 ? [...named].map((name) => ({ name, certain: true })) : [{ name: 'default', certain: false }];
}

interface Workspace {
  readonly name: string;
  /** False where it is only the name of a variable file, or nothing names any. */
  readonly certain: boolean;
}

/** Workspaces of a stack that pipelines select or other stacks read. */
function workspacesInUse(repository: Repository): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (directory: string, workspace: string) => {
    const names = found.get(directory) ?? [];
    if (!names.includes(workspace)) found.set(directory, [...names, workspace]);
  };
  for (const { directories, workspace } of pipelineRuns(repository)) {
    if (workspace !== undefined) for (const directory of directories) add(directory, workspace);
  }
  for (const { directory, workspace } of stateReadings(repository)) add(directory, workspace);
  return found;
}

function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

function locationOf({ path, line, column }: Location): Location {
  return { path, line, column };
}
