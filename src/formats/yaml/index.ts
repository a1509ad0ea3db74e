/** YAML files, read without loss. */
export { parseYaml } from './parse.ts';
export type * from './syntax.ts';
export { isNode } from './syntax.ts';
export * from './walk.ts';
