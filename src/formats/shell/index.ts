/** Scripts, dotenv files, Makefiles and Dockerfiles: what they assign and which commands they run. */
export { parseShellAssignments } from './assignments.ts';
export { parseCommands, parseShellText, type ScriptOptions } from './script.ts';
export type * from './syntax.ts';
