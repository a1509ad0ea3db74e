/** The silent trap: key inputs left beside `role-to-assume` keep the action on the key, and everything still works. */
import { type Detector, defineDetector } from '../detector.ts';
import {
  canRequestIdToken,
  findRoleSteps,
  type GithubJob,
  type GithubStep,
  readGithubAction,
  readGithubWorkflow,
  subjectOf,
} from '../pipelines/index.ts';

export const githubKeyBesideRole: Detector = defineDetector({
  id: 'github-key-beside-role',
  title: 'A key beside role-to-assume keeps OIDC off',
  severity: 'high',
  class: 'static',
  why: 'configure-aws-credentials asks for an OIDC token only when no key input is set. With both, the IAM user signs and hops to the role, no warning is printed, and the team believes it is keyless.',
  fix: 'Delete aws-access-key-id, aws-secret-access-key and aws-session-token from the step; the role must trust the OIDC provider instead of the user.',
  fixRule: 'G1',
  source: 'https://github.com/aws-actions/configure-aws-credentials/blob/main/src/index.ts',
  flagged: [
    {
      path: '.github/workflows/apply.yml',
      text: `on: push
permissions: { id-token: write, contents: read }
jobs:
  apply:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          role-to-assume: arn:aws:iam::111122223333:role/apply
`,
    },
    {
      path: '.github/actions/aws/action.yml',
      text: `inputs: {}
runs:
  using: composite
  steps:
    - uses: aws-actions/configure-aws-credentials@v4
      with:
        aws-access-key-id: \${{ env.KEY }}
        role-to-assume: arn:aws:iam::111122223333:role/apply
`,
    },
  ],
  clean: [
    {
      path: '.github/workflows/apply.yml',
      text: `on: push
permissions: { id-token: write, contents: read }
jobs:
  apply:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: 'arn:aws:iam::111122223333:role/apply', aws-access-key-id: '' }
`,
    },
    {
      path: '.github/workflows/outputs.yml',
      text: `on: push
jobs:
  apply:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: \${{ steps.hub.outputs.aws-access-key-id }}
          aws-secret-access-key: \${{ steps.hub.outputs.aws-secret-access-key }}
          aws-session-token: \${{ steps.hub.outputs.aws-session-token }}
          role-to-assume: arn:aws:iam::222233334444:role/spoke
`,
    },
  ],
  detect(file, report, repository) {
    const check = (
      job: GithubJob | undefined,
      steps: readonly GithubStep[],
      idToken: 'yes' | 'no' | 'unknown',
    ): void => {
      for (const { step, role, keys } of findRoleSteps(steps)) {
        const key = keys.find((entry) => !isStepOutput(entry.source.value));
        if (key === undefined) continue;
        // Without the permission nobody meant OIDC: the hop from user to role is all there is.
        const meant =
          idToken === 'no' ? 'The job may not ask for an OIDC token either' : 'The OIDC token is never asked for';
        report.finding({
          at: key.range.start,
          usedBy: 'pipeline',
          identity: subjectOf(job, step),
          ...(idToken === 'no' ? { severity: 'medium' } : {}),
          detail: `${subjectOf(job, step)} sets ${keys.map((entry) => entry.name).join(', ')} beside role-to-assume ${role.text}. ${meant}.`,
        });
      }
    };
    const workflow = readGithubWorkflow(file);
    for (const job of workflow?.jobs ?? []) {
      if (workflow !== undefined) check(job, job.steps, canRequestIdToken(repository, workflow, job));
    }
    check(undefined, readGithubAction(file)?.steps ?? [], 'unknown');
  },
});

function isStepOutput(value: { readonly kind: string; readonly value?: unknown }): boolean {
  return value.kind === 'scalar' && /\$\{\{\s*(steps|needs)\./.test(String(value.value));
}
