/** P3: `assume_role` leaves providers where people and pipelines already are in the account it leads to. */
import type { Intent } from '../../intent/index.ts';
import { type ProviderBlock, type Repository, type TerraformModule, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { accountsBeyond } from '../terraform/accounts-beyond.ts';
import { argumentOf, argumentsOf, isUnset, type NestedGroup, nestedGroups } from '../terraform/argument-group.ts';
import { Changes, type Spot } from '../terraform/changes.ts';
import { orphansOf, removeLocals } from '../terraform/name-uses.ts';
import { assumedRoles, groupsOfProvider, isAws, resolveRole } from '../terraform/provider-roles.ts';
import { accountNameOf, accountsOfModule, type KnownWorkspace } from '../terraform/stacks.ts';

export const providerAssumeRole: MigrationRule = defineRule({
  id: 'P3',
  title: 'assume_role leaves providers that are in the right account already',
  step: 'identity',
  why: 'With the shared key every run started in one account and had to hop. A permission set or an OIDC role is in the target account itself: the hop would need a trust nobody wants.',
  does: 'Removes assume_role where, in every workspace that keyless.yaml lists, the role is in the account of that workspace.',
  refuses:
    'Several accounts in one root module, chains of roles, external_id, session tags and policies, roles that are computed, and roles that can be in another account than keyless.yaml says: they stay, and the new base roles have to be let in.',
  plan(repository, { intent }) {
    const changes = new Changes('P3');
    for (const module of terraformModules(repository)) dropRoles(module, repository, intent, changes);
    changes.refuseUnreadable(repository, /provider\s+"aws(cc)?"[^}]*\bassume_role\b/s);
    return changes.plan();
  },
});

interface Obstacle {
  readonly reason: string;
  readonly todo: string;
  /** Where the role leads, when that is another account than the one of the session. */
  readonly hop?: { readonly into: string; readonly arn: string; readonly from: string; readonly inWorkspace: string };
}

interface PlacedObstacle extends Obstacle {
  readonly spot: Spot;
  readonly provider: ProviderBlock;
}

function dropRoles(module: TerraformModule, repository: Repository, intent: Intent, changes: Changes): void {
  const providers = module.providers.filter(isAws);
  const assuming = providers.filter((provider) => assumedRoles(provider).length > 0);
  const [first] = assuming.flatMap(assumedRoles);
  if (first === undefined) return;

  const accounts = accountsOfModule(intent, repository, module);
  const obstacles = assuming.flatMap((provider) => {
    const [role] = assumedRoles(provider) as readonly [NestedGroup];
    const obstacle = accounts.known
      ? (obstacleInBlock(provider) ??
        obstacleInAccounts(provider, providers, module, accounts.workspaces, intent) ??
        obstacleBeyond(provider, module, repository, accounts.workspaces, intent))
      : {
          reason: `${accounts.missing}, so nobody can say whether people and pipelines are in the role's account already.`,
          todo: accounts.todo,
        };
    return obstacle === undefined ? [] : [{ ...obstacle, provider, spot: { file: role.file, start: role.start } }];
  });
  refuseOnce(obstacles, changes);
  // A module is in one account for everybody or for nobody.
  if (obstacles.length > 0) return;

  const roles = assuming.flatMap((provider) =>
    groupsOfProvider(provider).flatMap((group) => nestedGroups(group, 'assume_role')),
  );
  const values = roles.flatMap((role) => argumentsOf(role));
  const orphans = orphansOf(repository, module, values);
  const made = changes.attempt({ file: first.file, start: first.start }, (edit) => {
    for (const role of roles) edit(role.file).removeNested(role);
    removeLocals(edit, orphans.locals);
  });
  if (!made) return;
  for (const name of orphans.variables) {
    const variable = module.variables.get(name);
    if (variable === undefined) continue;
    changes.remark(
      { file: variable.file, start: variable.node.start },
      `Nothing uses var.${name} any more. It stays, because tfvars files or pipelines may still set it; remove it together with them.`,
    );
  }
}

/** What several providers of a module have in common is said once, where the first of them is. */
function refuseOnce(obstacles: readonly PlacedObstacle[], changes: Changes): void {
  const alike = ({ reason, todo, hop }: PlacedObstacle) =>
    hop === undefined ? `${reason}\0${todo}` : `${hop.from}\0${hop.inWorkspace}`;
  for (const [first, ...others] of Map.groupBy(obstacles, alike).values()) {
    if (first === undefined) continue;
    const all = [first, ...others];
    if (others.length === 0) changes.refuse(first.spot, first.reason, first.todo);
    else if (first.hop === undefined) {
      const names = others.map(({ provider, spot }) => `${nameOf(provider)} (${placeOf(spot, first.spot)})`);
      changes.refuse(first.spot, `${first.reason} It is the same for ${names.join(', ')}.`, first.todo);
    } else {
      const { from, inWorkspace } = first.hop;
      const led = all.map(
        ({ provider, spot, hop }) => `${nameOf(provider)} (${placeOf(spot, first.spot)}) into ${hop?.into}`,
      );
      const arns = [...new Set(all.flatMap(({ hop }) => hop?.arn ?? []))].join(', ');
      changes.refuse(
        first.spot,
        `This root module works in several accounts at once${inWorkspace}; a session is in one (${from}), so these hops stay: ${led.join(', ')}.`,
        `Let the permission-set role and the pipeline role of ${from} assume ${arns}, or split the module by account.`,
      );
    }
  }
}

function nameOf({ name, alias }: ProviderBlock): string {
  return alias === undefined ? name : `${name}.${alias}`;
}

/** `line 9`, with the file where that is another. */
function placeOf({ file, start }: Spot, beside: Spot): string {
  const { path, line } = file.locationOf(start);
  return file === beside.file ? `line ${line}` : `${path}:${line}`;
}

function obstacleInBlock(provider: ProviderBlock): Obstacle | undefined {
  const roles = assumedRoles(provider);
  const [role] = roles as readonly [NestedGroup];
  if (roles.length > 1) {
    return {
      reason: 'The provider assumes one role after another.',
      todo: 'Keep the chain and let the new base roles assume its first role, or remove by hand the hops that only led into the account.',
    };
  }
  if (role.dynamic) {
    return {
      reason: 'The block is dynamic: whether there is a role is decided during the run.',
      todo: 'Remove it by hand where the base role is in the target account.',
    };
  }
  const special = argumentsOf(role).find((argument) => meaningful.has(argument.name) && !isUnset(argument));
  if (special === undefined) return undefined;
  return {
    reason: `assume_role has ${special.name}: ${meaningful.get(special.name)}.`,
    todo: 'Keep it and let the permission-set role and the pipeline role assume it, or move what it does into those roles and remove the block by hand.',
  };
}

function obstacleInAccounts(
  provider: ProviderBlock,
  providers: readonly ProviderBlock[],
  module: TerraformModule,
  workspaces: readonly KnownWorkspace[],
  intent: Intent,
): Obstacle | undefined {
  const [role] = assumedRoles(provider) as readonly [NestedGroup];
  for (const { workspace, account, accountId } of workspaces) {
    const resolved = resolveRole(role, module, workspace);
    const inWorkspace = workspace === 'default' ? '' : ` in workspace ${workspace}`;
    if (resolved?.accountId === undefined) {
      const written = argumentOf(role, 'role_arn');
      const shown = written && role.file.text.slice(written.value.start, written.value.end);
      return {
        reason: `The account of ${shown ?? 'the role'}${inWorkspace} is not in the code.`,
        todo: `If it is ${accountId} (${account}), remove the block by hand; else let the new base roles assume it.`,
      };
    }
    if (resolved.partition !== intent.partition) {
      return {
        reason: `The role is in partition ${resolved.partition}, keyless.yaml says ${intent.partition}.`,
        todo: 'A session cannot leave its partition: correct the one that is wrong.',
      };
    }
    if (severalAccounts(providers, module, workspace, accountId)) {
      const target = accountNameOf(intent, resolved.accountId) ?? resolved.accountId;
      return {
        reason: `This root module works in several accounts at once${inWorkspace}; a session is in one (${account}), so the hop into ${target} stays.`,
        todo: `Let the permission-set role and the pipeline role of ${account} assume ${resolved.arn}, or split the module by account.`,
        hop: { into: target, arn: resolved.arn, from: account, inWorkspace },
      };
    }
    if (resolved.accountId !== accountId) {
      return {
        reason: `The role${inWorkspace} is in ${describe(resolved.accountId, intent)}, but keyless.yaml puts the stack in ${describe(accountId, intent)}.`,
        todo: 'Correct the account of the stack in keyless.yaml, or let the new base roles assume this role.',
      };
    }
  }
  return undefined;
}

function obstacleBeyond(
  provider: ProviderBlock,
  module: TerraformModule,
  repository: Repository,
  workspaces: readonly KnownWorkspace[],
  intent: Intent,
): Obstacle | undefined {
  const beyond = accountsBeyond(provider, module, repository, intent, workspaces);
  return (
    beyond && {
      reason: `The role can also be in ${beyond.accounts}, where keyless.yaml has no workspace of this stack: without the role those runs would be in the account of whoever starts them.`,
      todo: beyond.todo,
    }
  );
}

/** Where each provider lands: by its role, or without one in the account of the stack. */
function severalAccounts(
  providers: readonly ProviderBlock[],
  module: TerraformModule,
  workspace: string,
  stackAccountId: string,
): boolean {
  const accounts = providers.map((provider) => {
    const [role] = assumedRoles(provider);
    return role === undefined ? stackAccountId : (resolveRole(role, module, workspace)?.accountId ?? 'unknown');
  });
  return new Set(accounts).size > 1;
}

function describe(accountId: string, intent: Intent): string {
  const name = accountNameOf(intent, accountId);
  return name === undefined ? `account ${accountId}, which keyless.yaml does not list` : `${name} (${accountId})`;
}

const meaningful: ReadonlyMap<string, string> = new Map([
  ['external_id', 'the trust policy of the role asks for it, as for a role of another company'],
  ['tags', 'policies may depend on these session tags'],
  ['transitive_tag_keys', 'policies may depend on these session tags'],
  ['policy', 'it takes rights away from the session'],
  ['policy_arns', 'it takes rights away from the session'],
  ['source_identity', 'somebody may rely on it in CloudTrail or in policies'],
]);
