/**
 * Which Terraform runs a module, as far as the repository says: `required_version`, version files of tfenv, asdf and
 * mise, and the version that workflows install.
 */
import { staticString } from '../../formats/hcl/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import type { Repository, SourceFile, TerraformModule } from '../../repository/index.ts';

export type Version = readonly [number, number, number];

/** One place that says something of the version. */
export interface VersionPlace {
  /** As written: `1.9.8`, `>= 1.6.0`. */
  readonly text: string;
  readonly location: Location;
  /** The oldest version it lets in; 0.0.0 when nothing bounds it below. */
  readonly oldest: Version;
  /** The first version above everything it lets in; `undefined` when nothing bounds it above. */
  readonly below: Version | undefined;
}

export interface TerraformVersions {
  /** `required_version`, all constraints together. */
  readonly required: VersionPlace | undefined;
  /** Exact versions that are pinned for this folder. */
  readonly pinned: readonly VersionPlace[];
}

/** `module`: the folder asked about, with its constraints. */
export function terraformVersions(
  repository: Repository,
  module: Pick<TerraformModule, 'directory' | 'requiredVersions'>,
): TerraformVersions {
  return {
    required: requiredVersion(module),
    pinned: [...versionFiles(repository, module.directory), ...workflowVersions(repository, module.directory)],
  };
}

/** The place that lets in a version older than `floor`; `undefined` when none does. */
export function placeOlderThan({ required, pinned }: TerraformVersions, floor: Version): VersionPlace | undefined {
  return [...(required === undefined ? [] : [required]), ...pinned].find(({ oldest }) => isBefore(oldest, floor));
}

export function isBefore(version: Version, other: Version): boolean {
  for (const part of [0, 1, 2] as const) {
    if (version[part] !== other[part]) return version[part] < other[part];
  }
  return false;
}

/** The bounds of a version constraint such as `>= 1.3, < 2.0` or `~> 1.6`; pre-releases count as their release. */
export function boundsOf(constraint: string): Pick<VersionPlace, 'oldest' | 'below'> {
  let oldest: Version = [0, 0, 0];
  let below: Version | undefined;
  const raise = (version: Version) => {
    if (isBefore(oldest, version)) oldest = version;
  };
  const lower = (version: Version) => {
    if (below === undefined || isBefore(version, below)) below = version;
  };
  for (const part of constraint.split(',')) {
    const match = /^\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(part);
    if (match === null) continue;
    const [, operator = '=', major = '0', minor, patch] = match;
    const version: Version = [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
    switch (operator) {
      case '>=':
        raise(version);
        break;
      case '>':
        raise(next(version));
        break;
      case '<':
        lower(version);
        break;
      case '<=':
        lower(next(version));
        break;
      case '~>':
        raise(version);
        lower(patch === undefined ? [version[0] + 1, 0, 0] : [version[0], version[1] + 1, 0]);
        break;
      case '=':
        raise(version);
        lower(next(version));
        break;
    }
  }
  return { oldest, below };
}

function next([major, minor, patch]: Version): Version {
  return [major, minor, patch + 1];
}

function requiredVersion(module: Pick<TerraformModule, 'requiredVersions'>): VersionPlace | undefined {
  const [first] = module.requiredVersions;
  if (first === undefined) return undefined;
  const text = module.requiredVersions.map(({ node }) => staticString(node) ?? '').join(', ');
  return { text, location: first.file.locationOf(first.node.start), ...boundsOf(text) };
}

/** Those in the folder or the nearest folder above that has one, as tfenv, asdf and mise look for them. */
function versionFiles(repository: Repository, directory: string): readonly VersionPlace[] {
  const places: VersionPlace[] = [];
  for (const { name, pattern } of versionFileForms) {
    for (let at: string | undefined = directory; at !== undefined; at = parentOf(at)) {
      const file = repository.file(at === '' ? name : `${at}/${name}`);
      const match = file && pattern.exec(file.text);
      if (file === undefined || !match?.groups) continue;
      const text = match.groups.version as string;
      places.push(exactly(text, file, match.index + match[0].lastIndexOf(text)));
      break;
    }
  }
  return places;
}

const versionFileForms: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: '.terraform-version', pattern: /^\s*v?(?<version>\d+\.\d+\.\d+)/ },
  { name: '.opentofu-version', pattern: /^\s*v?(?<version>\d+\.\d+\.\d+)/ },
  { name: '.tool-versions', pattern: /^\s*(?:terraform|opentofu)\s+v?(?<version>\d+\.\d+\.\d+)/m },
  { name: 'mise.toml', pattern: /^\s*(?:terraform|opentofu)\s*=\s*"v?(?<version>\d+\.\d+\.\d+)"/m },
  { name: '.mise.toml', pattern: /^\s*(?:terraform|opentofu)\s*=\s*"v?(?<version>\d+\.\d+\.\d+)"/m },
];

/** A workflow that names folders is about those; one that names none may be about any. */
function workflowVersions(repository: Repository, directory: string): readonly VersionPlace[] {
  const folders = repository.files.filter(({ format }) => format === 'terraform').map((file) => file.directory);
  const others = new Set(folders.filter((folder) => folder !== '' && folder !== directory));
  return repository.files
    .filter(({ path }) => /(^|\/)\.github\/(workflows|actions)\//.test(path))
    .flatMap((file) => {
      const named = directory !== '' && file.text.includes(directory);
      if (!named && [...others].some((folder) => file.text.includes(folder))) return [];
      return [...file.text.matchAll(/\b(?:terraform_version|tofu_version):\s*["']?v?(\d+\.\d+\.\d+)\b/g)].map((match) =>
        exactly(match[1] as string, file, match.index),
      );
    });
}

function exactly(text: string, file: SourceFile, offset: number): VersionPlace {
  return { text, location: file.locationOf(offset), ...boundsOf(text) };
}

function parentOf(directory: string): string | undefined {
  if (directory === '') return undefined;
  const slash = directory.lastIndexOf('/');
  return slash === -1 ? '' : directory.slice(0, slash);
}
