/** Names that carry credential values from where they are defined to where they are used, across files. */
import type { ValueName } from './detector.ts';

/** `var.NAME` of the Terraform module in a folder. */
export function variableName(directory: string, name: string): ValueName {
  return `tf:${directory}#var.${name}`;
}

/** `local.NAME` of the Terraform module in a folder. */
export function localName(directory: string, name: string): ValueName {
  return `tf:${directory}#local.${name}`;
}

/**
 * An environment variable. `TF_VAR_x` exported anywhere can set `var.x` of any root module, which the linker knows;
 * `scope` narrows the name to a file where it cannot leave it (a workflow, a Dockerfile).
 */
export function environmentName(name: string, scope = ''): ValueName {
  return `env:${scope}#${name}`;
}

/** A secret of a pipeline's store, by the name it has there: `secrets.AWS_ACCESS_KEY_ID`. Holds no value in the tree. */
export function storedSecretName(store: string, name: string): ValueName {
  return `store:${store}#${name}`;
}

/** Folder and name of a Terraform variable; `undefined` for every other name. */
export function variableOf(name: ValueName): { readonly directory: string; readonly name: string } | undefined {
  const match = /^tf:(.*)#var\.([^#]*)$/s.exec(name);
  return match === null ? undefined : { directory: match[1] as string, name: match[2] as string };
}

/** The environment variable a name stands for, in whatever scope; `undefined` for every other name. */
export function environmentVariableOf(name: ValueName): string | undefined {
  return /^env:.*#([^#]*)$/s.exec(name)?.[1];
}

/** As a reader knows it: `var.access_key`, `local.key`, `$AWS_ACCESS_KEY_ID`, `secrets.AWS_ACCESS_KEY_ID`. */
export function displayName(name: ValueName): string {
  const own = name.slice(name.lastIndexOf('#') + 1);
  if (name.startsWith('tf:')) return own;
  return name.startsWith('env:') ? `$${own}` : `secrets.${own}`;
}
