/** Files of `NAME=value` lines, and the process environment, which audit is handed as such a file. */
import type { SourceFile } from '../../repository/index.ts';

/** Path of the file that stands for the environment keyless was started in. */
export const environmentPath = '(environment)';

export function isEnvironment(file: SourceFile): boolean {
  return file.format === 'dotenv' || file.path === environmentPath;
}

export function subjectOfEnvironment(file: SourceFile): string {
  return file.path === environmentPath ? 'the environment' : (file.path.split('/').at(-1) ?? file.path);
}

/** `.env.example` and its like: a form to fill in, not a file that is used. */
export function isTemplate(path: string): boolean {
  return /(^|[._-])(example|sample|template|tpl|dist|default|defaults)([._-]|$)/i.test(path.split('/').at(-1) ?? '');
}
