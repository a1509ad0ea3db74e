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
