/** Which server or tool reads a YAML file, decided by where it lies and, where the place says nothing, by its top-level keys. */
import { oncePer } from '../../kernel/once-per.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import { isGithubWorkflowPath } from './github-workflow.ts';
import { asList, asText, findEntry, findPart, findText, readYaml, readYamlTable } from './yaml-reading.ts';

export type PipelineKind =
  | 'github'
  | 'github-action'
  | 'gitlab'
  | 'circleci'
  | 'bitbucket'
  | 'azure'
  | 'buildkite'
  | 'atlantis'
  /** Travis, Drone, Harness and others that need no reader of their own. */
  | 'other-ci'
  | 'compose'
  | 'taskfile'
  | 'kubernetes'
  /** Any other YAML: Ansible, Helm values, configuration of an application. */
  | 'configuration';

export function pipelineKindOf(file: SourceFile, repository: Repository): PipelineKind | undefined {
  if (file.format !== 'yaml') return undefined;
  if (isGithubWorkflowPath(file.path)) return 'github';
  const byPath = paths.find(([pattern]) => pattern.test(file.path))?.[1];
  if (byPath !== undefined) return byPath;
  if (includedByGitlab(repository).has(file.path)) return 'gitlab';
  return kindByContent(file);
}

/** `Travis`, `Drone` …: the name of a server without a reader of its own. */
export function otherCiName(path: string): string {
  return otherServers.find(([pattern]) => pattern.test(path))?.[1] ?? 'pipeline template';
}

const kindByContent = oncePer((file: SourceFile): PipelineKind => {
  // Without a word of AWS or Terraform nobody will ask for more.
  if (!/aws|terraform|tofu|terragrunt|access_?-?key|secret_?-?key/i.test(file.text)) return 'configuration';
  const roots = readYaml(file);
  if (roots.some((root) => findText(root, 'apiVersion') !== undefined && findText(root, 'kind') !== undefined)) {
    return 'kubernetes';
  }
  const root = readYamlTable(file);
  const keys = new Set(root?.entries.map((entry) => entry.name));
  if (keys.has('stages') && (keys.has('trigger') || keys.has('pool') || keys.has('pr'))) return 'azure';
  // A GitHub workflow that lies elsewhere: a template that others copy.
  if (keys.has('jobs') && (keys.has('on') || keys.has('true'))) return 'other-ci';
  if (keys.has('pool') || /^[ \t]*- task: \w+@\d/m.test(file.text)) return 'azure';
  if (keys.has('services') && asList(findPart(root, 'services')).length > 0 && hasImages(file)) return 'compose';
  if (keys.has('resources') && keys.has('jobs') && /^\s*(- )?plan:/m.test(file.text)) return 'other-ci';
  return 'configuration';
});

function hasImages(file: SourceFile): boolean {
  const services = findPart(readYamlTable(file), 'services');
  return (
    services?.kind === 'table' &&
    services.entries.some(({ value }) => findEntry(value, 'image') ?? findEntry(value, 'build'))
  );
}

/** Files that `.gitlab-ci.yml` includes by `local:`; GitLab reads them as one with it. */
const includedByGitlab = oncePer((repository: Repository): ReadonlySet<string> => {
  const main = repository.file('.gitlab-ci.yml');
  const entries = main === undefined ? [] : asList(findPart(readYamlTable(main), 'include'));
  return new Set(
    entries.flatMap((entry) => {
      const path = asText(entry)?.text ?? findText(entry, 'local');
      return path === undefined || /^https?:/.test(path) ? [] : [path.replace(/^\//, '')];
    }),
  );
});

const otherServers: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\.travis\.ya?ml$/, 'Travis'],
  [/(^|\/)\.drone\.ya?ml$/, 'Drone'],
  [/(^|\/)\.woodpecker(\.ya?ml$|\/)/, 'Woodpecker'],
  [/(^|\/)\.harness\//, 'Harness'],
  [/(^|\/)codefresh\.ya?ml$|(^|\/)\.codefresh\//, 'Codefresh'],
  [/(^|\/)bitrise\.ya?ml$/, 'Bitrise'],
  [/(^|\/)\.spacelift\//, 'Spacelift'],
  [/(^|\/)env0(\.[\w-]+)?\.ya?ml$/, 'env0'],
  [/(^|\/)digger\.ya?ml$/, 'Digger'],
  [/(^|\/)terrakube\.ya?ml$|(^|\/)\.terrakube\//, 'Terrakube'],
  [/(^|\/)\.?appveyor\.ya?ml$/, 'AppVeyor'],
  [/(^|\/)buildspec[\w.-]*\.ya?ml$/, 'CodeBuild'],
  [/(^|\/)cloudbuild[\w.-]*\.ya?ml$/, 'Cloud Build'],
  [/(^|\/)\.semaphore\//, 'Semaphore'],
  [/(^|\/)\.cirrus\.ya?ml$/, 'Cirrus'],
  [/(^|\/)wercker\.ya?ml$/, 'Wercker'],
  [/(^|\/)codeship-(services|steps)\.ya?ml$/, 'Codeship'],
  [/(^|\/)(codemagic|shippable|screwdriver|vela|\.vela)\.ya?ml$/, 'pipeline'],
  [/(^|\/)concourse\/|(^|\/)ci\/pipeline[\w.-]*\.ya?ml$/, 'Concourse'],
];

const paths: readonly (readonly [RegExp, PipelineKind])[] = [
  [/(^|\/)action\.ya?ml$/, 'github-action'],
  [/(^|\/)[\w.-]*\.gitlab-ci\.ya?ml$|(^|\/)\.gitlab-ci[\w.-]*\.ya?ml$|(^|\/)\.gitlab\/.*\.ya?ml$/, 'gitlab'],
  [/(^|\/)\.circleci\/.*\.ya?ml$|(^|\/)circle\.ya?ml$/, 'circleci'],
  [/(^|\/)bitbucket-pipelines\.ya?ml$/, 'bitbucket'],
  [/(^|\/)\.?azure-?pipelines?[\w.-]*\.ya?ml$|(^|\/)\.azure-?(pipelines|devops)\//i, 'azure'],
  [/(^|\/)\.?buildkite\/.*\.ya?ml$|(^|\/)(\.?buildkite|pipeline\.buildkite)\.ya?ml$/, 'buildkite'],
  [/(^|\/)atlantis[\w.-]*\.ya?ml$|(^|\/)atlantis\/.*\.ya?ml$|(^|\/)repos\.ya?ml$/, 'atlantis'],
  ...otherServers.map(([pattern]) => [pattern, 'other-ci'] as const),
  [/(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/, 'compose'],
  [/(^|\/)Taskfile[\w.-]*\.ya?ml$/i, 'taskfile'],
];
