/** JSON, losslessly: a tree with ranges for reading, splices for editing. */
export { findMember, findValue, jsonData } from './find-value.ts';
export { JsonEditor, type JsonPlace } from './json-editor.ts';
export { type JsonOptions, parseJson } from './parse-json.ts';
export type {
  JsonArray,
  JsonBoolean,
  JsonData,
  JsonFile,
  JsonMember,
  JsonNode,
  JsonNull,
  JsonNumber,
  JsonObject,
  JsonPath,
  JsonProblem,
  JsonString,
  JsonValue,
} from './syntax.ts';
