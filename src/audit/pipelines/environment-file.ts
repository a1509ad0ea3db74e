/** Files of `NAME=value` lines, and the process environment, which audit is handed as such a file. */
import type { SourceFile } from '../../repository/index.ts';
import { environmentPath } from '../sources/environment.ts';

export function isEnvironment(file: SourceFile): boolean {
  return file.format === 'dotenv' || isProcessEnvironment(file);
}

/** The environment keyless was started in: nothing of it lies in a file. */
export function isProcessEnvironment(file: SourceFile): boolean {
  return file.path === environmentPath;
}

export function subjectOfEnvironment(file: SourceFile): string {
  return isProcessEnvironment(file) ? 'the environment' : (file.path.split('/').at(-1) ?? file.path);
}

/** `.env.example` and its like: a form to fill in, not a file that is used. */
export function isTemplate(path: string): boolean {
  return /(^|[._-])(example|sample|template|tpl|dist|default|defaults)([._-]|$)/i.test(path.split('/').at(-1) ?? '');
}
