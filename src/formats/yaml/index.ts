/** YAML files: read without loss, edited by splices that are proved. */
export type { EditRefusal } from '../edit-refusal.ts';
export { isRefusal } from '../edit-refusal.ts';
export { applyYamlEdits, checkYamlEdit, type YamlVerdict } from './check.ts';
export {
  type EntryPlace,
  type ItemPlace,
  insertEntry,
  insertSequenceItem,
  type RemoveOptions,
  removeEntry,
  removeSequenceItem,
  renameKey,
} from './edit-members.ts';
export { type SetScalarOptions, setScalar } from './edit-scalar.ts';
export { YamlEditor } from './editor.ts';
export { type MemberLines, memberLines } from './layout.ts';
export { parseYaml } from './parse.ts';
export {
  type CommentedValue,
  commented,
  type EditOptions,
  type YamlAnswer,
  type YamlChange,
  type YamlObject,
  type YamlPlan,
  type YamlValue,
} from './plan.ts';
export { editScalarText, sourceOffset } from './scalar-text.ts';
export type * from './syntax.ts';
export * from './walk.ts';
