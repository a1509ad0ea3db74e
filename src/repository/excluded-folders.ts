/**
 * Folders whose content is not the team's own text. Each one met is listed with its reason; where such a folder is known
 * to leak credentials, the files that do so are read all the same. Folders under version control that merely hold
 * copied code (`vendor/`, `third_party/`) are read like any other.
 */

export interface Exclusion {
  readonly detail: string;
  /** Files read in spite of the exclusion, by path relative to the folder. */
  readonly exceptFiles?: RegExp;
}

/**
 * The exclusion that holds for a folder with this name; `children` are the names in it.
 * Values given by `-backend-config` are copied to `.terraform/terraform.tfstate`
 * (terraform internal/command/workdir/backend_state.go).
 */
export function exclusionOf(name: string, children: readonly string[]): Exclusion | undefined {
  switch (name) {
    case '.git':
      return { detail: "git's own store: its objects are compressed, and history is not part of the working tree" };
    case '.hg':
    case '.svn':
    case '.jj':
      return { detail: 'the store of a version control system: history is not part of the working tree' };
    case '.terraform':
      return {
        detail: 'downloaded providers and modules; only terraform.tfstate, environment and modules.json were read',
        exceptFiles: /^(terraform\.tfstate(\.backup)?|environment|modules\/modules\.json)$/,
      };
    case '.terragrunt-cache':
      return {
        detail: 'copies that Terragrunt made; only files of state and generated providers and backends were read',
        exceptFiles:
          /(^|\/)(terraform\.tfstate(\.backup)?|errored\.tfstate|(provider|backend)[^/]*\.tf|[^/]*\.auto\.tfvars(\.json)?)$/,
      };
    case 'node_modules':
      return { detail: 'packages that npm installed' };
    case '__pycache__':
      return { detail: 'byte code that Python compiled' };
    default:
      return children.includes('pyvenv.cfg') ? { detail: 'a Python virtual environment' } : undefined;
  }
}
