/**
 * Which Terraform runs a module, as far as the repository says: `required_version`, version files of tfenv, asdf and
 * mise, and the version that workflows install.
 */
import { staticString } from '../../formats/hcl/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import {
  admitsOnlyBefore,
  admitsOnlyFrom,
  boundsOf,
  foldersUpwards,
  type Repository,
  type SourceFile,
  type TerraformModule,
  type Version,
  type VersionBounds,
} from '../../repository/index.ts';

/** One place that says something of the version. */
export interface VersionPlace extends VersionBounds {
  /** As written: `1.9.8`, `>= 1.6.0`. */
  readonly text: string;
  readonly location: Location;
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
  return [...(required === undefined ? [] : [required]), ...pinned].find((place) => !admitsOnlyFrom(place, floor));
}

/** The place that lets in no version from `floor` on; a range that reaches further up is taken to be used there. */
export function placeOnlyBefore({ required, pinned }: TerraformVersions, floor: Version): VersionPlace | undefined {
  return [...(required === undefined ? [] : [required]), ...pinned].find((place) => admitsOnlyBefore(place, floor));
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
    for (const at of foldersUpwards(directory)) {
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
