/** Scripts, dotenv files, Makefiles and Dockerfiles: what they assign and which commands they run. */
export type { EditRefusal } from '../edit-refusal.ts';
export { isRefusal } from '../edit-refusal.ts';
export { parseShellAssignments } from './assignments.ts';
export { removeAssignments } from './remove.ts';
export { parseCommands, parseShellText, type ScriptOptions } from './script.ts';
export { statementOf } from './statement.ts';
export type * from './syntax.ts';
