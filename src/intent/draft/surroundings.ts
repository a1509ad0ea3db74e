/** What stands around a repository and tells about it: its git remote, the person's AWS configuration. */
import { dirname, isAbsolute, join } from 'node:path';
import { awsConfigPath } from '../../aws/config-files.ts';
import type { Files, Ports } from '../../ports/index.ts';

export interface Surroundings {
  /** Name of the repository's folder. */
  readonly folderName: string;
  /** Text of the git configuration, with the path to show. */
  readonly gitConfig: OutsideFile | undefined;
  /** Text of `~/.aws/config`, with the path to show. */
  readonly awsConfig: OutsideFile | undefined;
}

export interface OutsideFile {
  readonly path: string;
  readonly text: string;
}

export async function readSurroundings(
  { files, env, home }: Pick<Ports, 'files' | 'env' | 'home'>,
  root: string,
): Promise<Surroundings> {
  const awsPath = awsConfigPath(env, home);
  const awsText = await textOf(files, awsPath);
  const gitText = await gitConfigOf(files, root);
  return {
    folderName: root.slice(root.replace(/[\\/]+$/, '').search(/[^\\/]*$/)),
    gitConfig: gitText === undefined ? undefined : { path: '.git/config', text: gitText },
    awsConfig:
      awsText === undefined
        ? undefined
        : { path: awsPath.startsWith(`${home}/`) ? `~${awsPath.slice(home.length)}` : awsPath, text: awsText },
  };
}

/** The configuration of the git repository that `root` is in; linked working trees share that of the first. */
async function gitConfigOf(files: Files, root: string): Promise<string | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    const found = await files.stat(git);
    if (found?.kind === 'directory') return await textOf(files, join(git, 'config'));
    if (found?.kind === 'file') {
      const target = /^gitdir: (.+)$/m.exec((await textOf(files, git)) ?? '')?.[1]?.trim();
      if (target === undefined) return undefined;
      const own = isAbsolute(target) ? target : join(folder, target);
      const common = (await textOf(files, join(own, 'commondir')))?.trim();
      return await textOf(
        files,
        join(common === undefined ? own : isAbsolute(common) ? common : join(own, common), 'config'),
      );
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** `undefined` for a file that is not there or cannot be read: it was only a hint. */
async function textOf(files: Files, path: string): Promise<string | undefined> {
  try {
    if ((await files.stat(path))?.kind !== 'file') return undefined;
    return new TextDecoder().decode(await files.read(path));
  } catch {
    return undefined;
  }
}
