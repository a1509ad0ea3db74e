/** `secrets: inherit`: a called workflow gets every secret, keys included, and the caller shows none of them. */

import type { Repository } from '../../repository/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { findCalledWorkflow, type GithubJob, readGithubWorkflow, secretsIn, subjectOf } from '../pipelines/index.ts';

export const githubSecretsInherit: Detector = defineDetector({
  id: 'github-secrets-inherit',
  title: 'A called workflow inherits every secret',
  severity: 'medium',
  class: 'static',
  why: 'Whatever key the repository or organisation stores is handed over unseen, and a key that is still used by the called workflow can not be found from the caller.',
  fix: 'Name the secrets the called workflow needs; with OIDC it needs none for AWS.',
  fixRule: 'G6',
  source: 'https://docs.zizmor.sh/audits/#secrets-inherit',
  flagged: [
    {
      path: '.github/workflows/apply.yml',
      text: `on: push
jobs:
  apply:
    uses: ./.github/workflows/run.yml
    secrets: inherit
`,
      beside: [
        {
          path: '.github/workflows/run.yml',
          text: `on: workflow_call
jobs:
  run:
    steps:
      - run: terraform apply
        env: { AWS_ACCESS_KEY_ID: '\${{ secrets.AWS_ACCESS_KEY_ID }}' }
`,
        },
      ],
    },
    {
      path: '.github/workflows/elsewhere.yml',
      text: `on: push
jobs:
  apply:
    uses: acme/workflows/.github/workflows/terraform.yml@main
    secrets: inherit
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/apply.yml',
      text: `on: push
jobs:
  apply:
    uses: ./.github/workflows/run.yml
    secrets: inherit
`,
      beside: [
        {
          path: '.github/workflows/run.yml',
          text: `on: workflow_call
jobs:
  run:
    steps:
      - run: npm test
        env: { NPM_TOKEN: '\${{ secrets.NPM_TOKEN }}' }
`,
        },
      ],
    },
    {
      path: '.github/workflows/named.yml',
      text: `on: push
jobs:
  apply:
    uses: acme/workflows/.github/workflows/terraform.yml@main
    secrets: { token: '\${{ secrets.TOKEN }}' }
`,
    },
  ],
  detect(file, report, repository) {
    const workflow = readGithubWorkflow(file);
    for (const job of workflow?.jobs ?? []) {
      if (job.secrets?.inherit !== true) continue;
      const { keys, elsewhere } = secretsRead(repository, job, 0);
      // Whoever reads them all is in the repository and reads no key: no way to authenticate.
      if (keys.length === 0 && elsewhere === undefined) continue;
      const at = job.secrets.entry.range.start;
      const found =
        keys.length > 0
          ? `where ${keys.map((name) => `secrets.${name}`).join(' and ')} ${keys.length === 1 ? 'is' : 'are'} read`
          : `and what ${elsewhere} reads is not in this repository`;
      const detail = `${subjectOf(job)} hands every secret to ${job.uses?.text.text ?? 'another workflow'}, ${found}.`;
      report.finding({ at, detail, usedBy: 'pipeline', severity: keys.length > 0 ? 'high' : 'low' });
      report.method({
        at,
        kind: 'github-secrets-inherit',
        class: keys.length > 0 ? 'static' : 'indirect',
        usedBy: 'pipeline',
        subject: subjectOf(job),
        detail,
      });
    }
  },
});

interface SecretsRead {
  /** Names of AWS keys, each once. */
  readonly keys: readonly string[];
  /** A workflow outside the repository that everything is handed on to. */
  readonly elsewhere: string | undefined;
}

/** What the workflow a job calls reads, and those it hands everything on to. */
function secretsRead(repository: Repository, job: GithubJob, depth: number): SecretsRead {
  const called = findCalledWorkflow(repository, job);
  if (called === undefined || depth > maximumCalls) return { keys: [], elsewhere: job.uses?.text.text };
  const names = secretsIn(called.file.text).filter((name) => awsCredentialPart(name) !== undefined);
  const further = called.jobs
    .filter((each) => each.secrets?.inherit === true)
    .map((each) => secretsRead(repository, each, depth + 1));
  return {
    keys: [...new Set([...names, ...further.flatMap(({ keys }) => keys)])],
    elsewhere: further.find(({ elsewhere }) => elsewhere !== undefined)?.elsewhere,
  };
}

/** GitHub allows ten levels of workflows that call each other. */
const maximumCalls = 10;
