/** Finds keyless.yaml on disk and reads it. */
import { dirname, join } from 'node:path';
import { KeylessError } from '../kernel/error.ts';
import type { Files } from '../ports/index.ts';
import type { Intent } from './intent.ts';
import { parseIntent } from './parse-intent.ts';

export const intentFileName = 'keyless.yaml';

/** The intent of the repository whose root is `root`; throws CONFIG_NOT_FOUND or CONFIG_INVALID. */
export async function loadIntent(files: Files, root: string): Promise<Intent> {
  const path = join(root, intentFileName);
  if ((await files.stat(path)) === undefined) throw await notFound(files, root);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await files.read(path));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new KeylessError({
      code: 'CONFIG_INVALID',
      message: `${path} is not UTF-8: expected a text in that encoding`,
      hint: `iconv -f latin1 -t utf-8 ${path}`,
      cause,
    });
  }
  return parseIntent(text, intentFileName);
}

/**
 * The folder that holds keyless.yaml, looking upwards from `directory` as far as the repository goes (the folder with
 * `.git`), or `undefined`.
 */
export async function findIntent(files: Files, directory: string): Promise<string | undefined> {
  for (let at = directory; ; at = dirname(at)) {
    if ((await files.stat(join(at, intentFileName)))?.kind === 'file') return at;
    if ((await files.stat(join(at, '.git'))) !== undefined || dirname(at) === at) return undefined;
  }
}

async function notFound(files: Files, root: string): Promise<KeylessError> {
  const other = join(root, 'keyless.yml');
  const misnamed = (await files.stat(other)) !== undefined;
  return new KeylessError({
    code: 'CONFIG_NOT_FOUND',
    message: misnamed
      ? `there is ${other}, but the file has to be called ${intentFileName}`
      : `there is no ${intentFileName} in ${root}`,
    hint: misnamed ? `mv ${other} ${join(root, intentFileName)}` : `keyless init ${root}`,
  });
}
