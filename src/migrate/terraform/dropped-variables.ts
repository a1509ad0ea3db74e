/**
 * Terraform variables that carry the pipeline's key and that no code declares any more: what P1 and B1 leave behind in
 * `TF_VAR_x` and `-var x=…`, in shells and workflows.
 */
import { type Repository, terraformModules } from '../../repository/index.ts';
import { keyArguments } from './key-arguments.ts';
import { orphansOf } from './name-uses.ts';
import { groupsOfProvider, isAws } from './provider-roles.ts';
import { statePlaces } from './state-places.ts';

/** True when no module of the repository declares the variable (any more), so that setting it does nothing. */
export function isUndeclaredVariable(repository: Repository, name: string): boolean {
  return !terraformModules(repository).some(({ variables }) => variables.has(name));
}

/**
 * Variables that will be dropped, or are still there, because only key arguments of providers and of state use them.
 * Empty once P1 and B1 have run: then ask `isUndeclaredVariable`.
 */
export function droppableVariables(repository: Repository): ReadonlySet<string> {
  const places = statePlaces(repository);
  return new Set(
    terraformModules(repository).flatMap((module) => {
      const groups = [
        ...module.providers.filter(isAws).flatMap(groupsOfProvider),
        ...places.filter(({ modules }) => modules.includes(module)).map(({ group }) => group),
      ];
      return orphansOf(repository, module, groups.flatMap(keyArguments)).variables;
    }),
  );
}
