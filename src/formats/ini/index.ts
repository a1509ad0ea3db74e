/** INI files in the dialect of the AWS tools, read without loss. */
export { parseIni } from './parse.ts';
export type * from './syntax.ts';
