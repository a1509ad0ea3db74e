/** `secrets: inherit`: a called workflow gets every secret, keys included, and the caller shows none of them. */
import { awsCredentialPart } from '../credential-names.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { findCalledWorkflow, findReferences, readGithubWorkflow, subjectOf } from '../pipelines/index.ts';

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
      const called = findCalledWorkflow(repository, job);
      const text = called?.file.text;
      const names = text === undefined ? [] : findReferences(text).filter(({ context }) => context === 'secrets');
      const keys = [...new Set(names.map(({ name }) => name))].filter((name) => awsCredentialPart(name) !== undefined);
      // A called workflow that can be read and names no key, nor hands everything on, is no way to authenticate.
      if (called !== undefined && keys.length === 0 && !called.jobs.some((each) => each.secrets?.inherit)) continue;
      const at = job.secrets.entry.range.start;
      const target = job.uses?.text.text ?? 'another workflow';
      const detail =
        keys.length > 0
          ? `${subjectOf(job)} hands every secret to ${target}, which reads ${keys.map((name) => `secrets.${name}`).join(' and ')}.`
          : `${subjectOf(job)} hands every secret to ${target}; what it reads is not in this repository.`;
      const severity = keys.length > 0 ? 'high' : undefined;
      report.finding({ at, detail, usedBy: 'pipeline', ...(severity === undefined ? {} : { severity }) });
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
