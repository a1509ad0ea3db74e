/** INI files in the dialect of the AWS tools: read without loss, edited by splices that are proved. */
export type { EditRefusal } from '../edit-refusal.ts';
export { isRefusal } from '../edit-refusal.ts';
export {
  type IniAnswer,
  type IniPlace,
  type IniValue,
  iniSectionName,
  insertIniProperty,
  insertIniSection,
  type NewIniSection,
  removeIniProperty,
  removeIniSection,
  setIniValue,
} from './edit.ts';
export { parseIni } from './parse.ts';
export type * from './syntax.ts';
