/**
 * From a name to the values it can have: `var.x` ← a tfvars line, a default, a module argument, an exported
 * `TF_VAR_x`. Names are followed through any number of other names; a circle ends where it closes.
 */
import type { Location } from '../kernel/diagnostic.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Definition, ValueName, ValueSource } from './detector.ts';
import { environmentVariableOf, variableOf } from './value-names.ts';

export interface PlacedDefinition extends Definition {
  readonly location: Location;
}

/** A value with the definitions that lead to it, the one that holds it last. */
export interface ReachedValue {
  readonly value: Secret;
  readonly path: readonly PlacedDefinition[];
}

export class ValueGraph {
  readonly #definitions: ReadonlyMap<ValueName, readonly PlacedDefinition[]>;
  /** Definitions of `TF_VAR_x`, in whatever scope, by `x`. */
  readonly #exported: ReadonlyMap<string, readonly PlacedDefinition[]>;

  constructor(definitions: readonly PlacedDefinition[]) {
    this.#definitions = Map.groupBy(definitions, ({ name }) => name);
    this.#exported = Map.groupBy(
      definitions.filter(({ name }) => environmentVariableOf(name)?.startsWith('TF_VAR_') === true),
      ({ name }) => (environmentVariableOf(name) as string).slice('TF_VAR_'.length),
    );
  }

  /** Every value the source can have: one for a literal, any number for a name. */
  valuesOf(source: ValueSource): ReachedValue[] {
    if (source.kind === 'literal') return [{ value: source.value, path: [] }];
    return this.#follow(source.name, new Set());
  }

  #follow(name: ValueName, seen: ReadonlySet<ValueName>): ReachedValue[] {
    if (seen.has(name)) return [];
    const visited = new Set(seen).add(name);
    return this.#definitionsOf(name).flatMap((definition) => {
      if (definition.source.kind === 'literal') return [{ value: definition.source.value, path: [definition] }];
      return this.#follow(definition.source.name, visited).map(({ value, path }) => ({
        value,
        path: [definition, ...path],
      }));
    });
  }

  #definitionsOf(name: ValueName): readonly PlacedDefinition[] {
    const own = this.#definitions.get(name) ?? [];
    const variable = variableOf(name);
    if (variable === undefined) return own;
    // Terraform reads TF_VAR_ for the root module only; a module that gets the input from a caller is none.
    const called = own.some(
      ({ location }) => directoryOf(location.path) !== variable.directory && !isVariablesFile(location.path),
    );
    return called ? own : [...own, ...(this.#exported.get(variable.name) ?? [])];
  }
}

/** `terraform apply -var-file=../env/dev.tfvars` sets the variables of a module in another folder. */
function isVariablesFile(path: string): boolean {
  return /\.tfvars(\.json)?$/.test(path);
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
