/** Static keys as arguments, and their removal together with the variables and locals that only carried them. */
import { references } from '../../formats/hcl/index.ts';
import type { Repository, TerraformModule } from '../../repository/index.ts';
import { type Argument, type ArgumentGroup, argumentsNamed, isUnset } from './argument-group.ts';
import type { Changes, Spot } from './changes.ts';
import { inputsOf, orphansOf, removeLocals, variableValues } from './name-uses.ts';

/** The arguments that hold a stored key; not those that are empty, or leased from Vault for the run. */
export function keyArguments(group: ArgumentGroup): readonly Argument[] {
  return argumentsNamed(group, ['access_key', 'secret_key', 'token']).filter((argument) => {
    if (isUnset(argument)) return false;
    return !references(argument.value).some(({ root, steps: [type] }) => {
      const leased = root === 'data' || root === 'ephemeral';
      return leased && type?.kind === 'attribute' && type.name === 'vault_aws_access_credentials';
    });
  });
}

/**
 * Removes key arguments of one module, with every variable and local that nothing else uses. True when it was done;
 * names that something else uses stay, see `refuseOtherUses`.
 */
export function removeKeys(
  changes: Changes,
  repository: Repository,
  module: TerraformModule,
  keys: readonly Argument[],
  spot: Spot,
): boolean {
  const orphans = orphansOf(repository, module, keys);
  const made = changes.attempt(spot, (edit) => {
    for (const key of keys) edit(key.group.file).removeArgument(key);
    removeLocals(edit, orphans.locals);
    for (const name of orphans.variables) {
      const variable = module.variables.get(name);
      if (variable === undefined) continue;
      for (const { file, node } of [variable, ...variable.overrides]) edit(file).removeBlock(node);
      for (const value of variableValues(repository, module, name)) edit(value.group.file).removeArgument(value);
    }
  });
  if (!made) return false;
  for (const name of orphans.variables) {
    for (const value of variableValues(repository, module, name)) {
      const { file } = value.group;
      const rest = (file.terraformBody()?.items ?? []).filter(
        (item) => item.kind !== 'attribute' || !orphans.variables.includes(item.name),
      );
      if (rest.length === 0)
        changes.remark({ file, start: 0 }, `${file.path} holds nothing any more.`, [`git rm ${file.path}`]);
    }
  }
  return true;
}

/** Refuses, where they stand, the other uses of names that carried these keys. */
export function refuseOtherUses(
  changes: Changes,
  repository: Repository,
  module: TerraformModule,
  keys: readonly Argument[],
): void {
  for (const { root, name, place } of orphansOf(repository, module, keys).used) {
    changes.refuse(
      { file: place.file, start: place.node.start },
      `${root}.${name} carried the provider's key and is used here too, so it stays.`,
      'Give what uses it a role of its own (a task role, an instance profile, a service role), then remove it.',
    );
  }
}

/** Values that callers pass for the variables that these keys come from: keys that travel through a module. */
export function keysPassedIn(
  repository: Repository,
  module: TerraformModule,
  keys: readonly Argument[],
): readonly Argument[] {
  return orphansOf(repository, module, keys).variables.flatMap((name) => inputsOf(repository, module, name));
}
