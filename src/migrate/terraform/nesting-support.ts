/** Whether the Terraform that runs a place knows the S3 backend of 1.6, with `assume_role = { }` and `endpoints = { }`. */
import { admitsOnlyBefore, admitsOnlyFrom, type Repository, type Version } from '../../repository/index.ts';
import type { StatePlace } from './state-places.ts';
import { terraformVersions, type VersionPlace } from './terraform-version.ts';

export type NestingSupport =
  | {
      readonly answer: 'yes';
      /** Every version that is let in refuses the old form of the role. */
      readonly onlyForm: boolean;
    }
  /** All versions that are let in are older: the old form is the only one. */
  | { readonly answer: 'not-yet' }
  | {
      readonly answer: 'no';
      /** True where nothing says which Terraform it is. */
      readonly unknown: boolean;
      readonly reason: string;
      readonly todo: string;
    };

const first: Version = [1, 6, 0];

/** https://github.com/hashicorp/terraform/blob/v1.10.0/CHANGELOG.md: the role arguments of 1.5 are removed. */
const withoutOldForm: Version = [1, 10, 0];

/** A pinned version decides where there is one, else the bounds of required_version. */
export function nestingSupport({ kind, group, modules }: StatePlace, repository: Repository): NestingSupport {
  if (kind === 'terragrunt') {
    return {
      answer: 'no',
      unknown: false,
      reason: 'Terragrunt generates the backend from this map, and its version decides what it may hold.',
      todo: 'Write `assume_role = { … }` by hand once Terragrunt and Terraform are new enough, and regenerate.',
    };
  }
  const directories = modules.length > 0 ? modules : [{ directory: group.file.directory, requiredVersions: [] }];
  const versions = directories.map((module) => terraformVersions(repository, module));
  const evidence = versions.flatMap(({ pinned, required }): readonly (VersionPlace | undefined)[] =>
    pinned.length > 0 ? pinned : [required],
  );
  const known = evidence.filter((place) => place !== undefined);
  if (known.length < evidence.length) {
    return {
      answer: 'no',
      unknown: true,
      reason:
        'Nothing says which Terraform runs this: before 1.6 these arguments are the only form, since 1.10 they are an error.',
      todo: 'Add `required_version = ">= 1.6"` or a .terraform-version file, then run again.',
    };
  }
  const tooOld = known.find((place) => !admitsOnlyFrom(place, first));
  if (tooOld === undefined) {
    return { answer: 'yes', onlyForm: known.every((place) => admitsOnlyFrom(place, withoutOldForm)) };
  }
  if (known.every((place) => admitsOnlyBefore(place, first))) return { answer: 'not-yet' };
  const { path, line } = tooOld.location;
  return {
    answer: 'no',
    unknown: false,
    reason: `${path}:${line} lets in Terraform older than 1.6 as well (${tooOld.text}), and no form suits both.`,
    todo: 'Raise required_version to at least 1.6 first.',
  };
}
