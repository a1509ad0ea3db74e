/**
 * Which version of aws-actions/configure-aws-credentials a step gets. v1 to v3 run on Node.js versions that runners no
 * longer have; v4 and v5 (Node.js 20) and v6 (Node.js 24) are left as they are.
 * https://github.com/aws-actions/configure-aws-credentials/blob/main/CHANGELOG.md
 */
import { asList, asText, findPart, type GithubJob, type GithubStep, type GithubWorkflow } from '../../audit/index.ts';
import { commented, type YamlValue } from '../../formats/yaml/index.ts';

export const configureAction = 'aws-actions/configure-aws-credentials';

export interface ActionVersion {
  readonly tag: string;
  /** The release `commit` is, for files that pin commits. */
  readonly release: string;
  readonly commit: string;
}

/** GitHub's own runners are always new enough for Node.js 24. */
const hosted: ActionVersion = { tag: 'v6', release: 'v6.2.3', commit: 'e6de054238d6b7531b4efff3b6587d9aade6a06c' };
/** v6 needs a runner of 2.327.1 or newer, which nobody can see from the workflow. */
const selfHosted: ActionVersion = { tag: 'v5', release: 'v5.1.1', commit: '61815dcd50bd041e203e49132bacad1fd04d2708' };

export function versionFor(job: GithubJob | undefined): ActionVersion {
  return job === undefined || isGithubHosted(job) ? hosted : selfHosted;
}

export function isGithubHosted(job: GithubJob): boolean {
  const labels = asList(findPart(job.body, 'runs-on')).flatMap((part) => asText(part)?.text ?? '');
  const matrix = labels.length === 1 ? /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(labels[0] as string)?.[1] : undefined;
  const expanded =
    matrix === undefined ? labels : asList(findPart(job.matrix, matrix)).flatMap((part) => asText(part)?.text ?? '');
  return expanded.length > 0 && expanded.every((label) => /^(ubuntu|windows|macos)-[\w.-]+$/.test(label));
}

/** A version that still runs: by its tag, by a commit that is known, or by the comment behind the commit. */
export function isSupported(ref: string, comment: string): boolean {
  const named = /^v?(\d+)(\.|$)/.exec(isCommit(ref) ? (/\bv?(\d+[\w.]*)/.exec(comment)?.[1] ?? '') : ref)?.[1];
  if (named !== undefined) return Number(named) >= 4;
  return ref === 'main' || supportedCommits.has(ref);
}

export function isCommit(ref: string): boolean {
  return /^[0-9a-f]{40}$/.test(ref);
}

/** The file names commits, not tags, for every action of others. */
export function pinsCommits(source: { readonly steps: readonly GithubStep[] } | GithubWorkflow): boolean {
  const steps = 'jobs' in source ? source.jobs.flatMap((job) => job.steps) : source.steps;
  const refs = steps.flatMap(({ uses }) => (uses === undefined || uses.ref === undefined ? [] : [uses.ref]));
  return refs.length > 0 && refs.every(isCommit);
}

/** The `uses:` of a new step. */
export function usesValue(version: ActionVersion, pinned: boolean): YamlValue {
  return pinned
    ? commented(`${configureAction}@${version.commit}`, { trailing: version.release })
    : `${configureAction}@${version.tag}`;
}

/** Inputs that v5 and newer take as `true` or `false` and nothing else. */
export function unreadableBooleans(step: GithubStep): readonly string[] {
  return step.inputs.flatMap(({ name, value }) => {
    const text = asText(value)?.text ?? '';
    return booleanInputs.has(name.toLowerCase()) && !/^(true|True|TRUE|false|False|FALSE|)$|\$\{\{/.test(text)
      ? [name]
      : [];
  });
}

const booleanInputs: ReadonlySet<string> = new Set([
  'disable-retry',
  'mask-aws-account-id',
  'output-credentials',
  'role-chaining',
  'role-skip-session-tagging',
  'unset-current-credentials',
]);

/** Releases v4.0.0 to v6.2.3. */
const supportedCommits: ReadonlySet<string> = new Set([
  '8c3f20df09ac63af7b3ae3d7c91f105f857d8497',
  '010d0da01d0b5a38af31e9c3470dbfdabdecca3a',
  'e3dd6a429d7300a6a4c196c26e071d42e0343502',
  '4fc4975a852c8cd99761e2de1f4ba73402e44dd9',
  'ececac1a45f3b08a01d2dd070d28d111c5fe6722',
  'f24d7193d98baebaeacc7e2227925dd47cc267f5',
  'b47578312673ae6fa5b5096b330d9fbac3d116df',
  'd0834ad3a60a024346910e522a81b0002bd37fea',
  '7474bc4690e29a8392af63c5b98e7449536d5c3a',
  'a03048d87541d1d9fcf2ecf528a4a65ba9bd7838',
  '00943011d9042930efac3dcd3a170e4273319bc8',
  '61815dcd50bd041e203e49132bacad1fd04d2708',
  '8df5847569e6427dd6c4fb1cf565c83acfa8afa7',
  'ec61189d14ec14c8efccab744f656cffd0e33f37',
  'd979d5b3a71173a29b74b5b88418bfda9437d885',
  'acca2b1b2070338fb9fd1ca27ecee81d687e58e5',
  '99214aa6889fcddfa57764031d71add364327e59',
  'e7f100cf4c008499ea8adda475de1042d6975c7b',
  '254c19bd240aabef8777f48595e9d2d7b972184b',
  '517a711dbcd0e402f90c77e7e2f81e849156e31d',
  'e6de054238d6b7531b4efff3b6587d9aade6a06c',
]);
