/** Roles that workflows assume with GitHub's OIDC token: the good side of the inventory, and what pins it badly. */

import { type Detector, defineDetector, type Report } from '../detector.ts';
import {
  canRequestIdToken,
  expandTemplate,
  findReferences,
  findRoleSteps,
  type GithubAction,
  type GithubJob,
  type GithubStep,
  type GithubWorkflow,
  isOidcStep,
  offsetInFile,
  readGithubAction,
  readGithubWorkflow,
  stackOf,
  subjectOf,
} from '../pipelines/index.ts';
import { accountOfRole, rolesIn } from '../role-arn.ts';

export const githubOidc: Detector = defineDetector({
  id: 'github-oidc',
  title: 'A workflow assumes a role by OIDC',
  severity: 'info',
  class: 'dynamic',
  why: 'The token proves repository, branch and environment, lives for minutes and is stored nowhere.',
  fix: 'Nothing to do: make sure the role trusts no more than this repository and environment.',
  source: 'https://docs.github.com/en/actions/concepts/security/openid-connect',
  flagged: [
    {
      path: '.github/workflows/plan.yml',
      text: `on: push
jobs:
  plan:
    permissions: { id-token: write, contents: read }
    strategy: { matrix: { account: ['111122223333', '222233334444'] } }
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: { role-to-assume: 'arn:aws:iam::\${{ matrix.account }}:role/plan' }
      - run: terraform plan
        working-directory: stacks/network
`,
    },
    {
      path: '.github/workflows/hand-made.yml',
      text: `on: push
jobs:
  plan:
    permissions: { id-token: write }
    steps:
      - run: |
          TOKEN=$(curl -sH "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq -r .value)
          aws sts assume-role-with-web-identity --role-arn arn:aws:iam::111122223333:role/plan --role-session-name ci --web-identity-token "$TOKEN"
`,
    },
  ],
  clean: [{ path: '.github/workflows/test.yml', text: 'on: push\njobs:\n  test:\n    steps: [{ run: npm test }]\n' }],
  detect(file, report, repository) {
    const workflow = readGithubWorkflow(file);
    if (workflow !== undefined) {
      for (const job of workflow.jobs) {
        const allowed = canRequestIdToken(repository, workflow, job) !== 'no';
        reportRoles(workflow, job, job.steps, allowed, report);
      }
    }
    const action = readGithubAction(file);
    if (action !== undefined && /(^|\/)\.github\//.test(file.path)) {
      reportRoles(action, undefined, action.steps, true, report);
    }
  },
});

function reportRoles(
  source: GithubWorkflow | GithubAction,
  job: GithubJob | undefined,
  steps: readonly GithubStep[],
  allowed: boolean,
  report: Report,
): void {
  const workflow = source.kind === 'workflow' ? source : undefined;
  const stack = workflow === undefined ? undefined : stackOf(workflow, job);
  let chain: readonly string[] = [];
  for (const { step, role, keys, chained } of findRoleSteps(steps)) {
    if (keys.length > 0) continue;
    const oidc = isOidcStep({ step, role, keys, chained });
    const alternatives = expandTemplate(role.text, workflow, job, step);
    for (const alternative of alternatives) {
      const known = rolesIn(alternative ?? '');
      const roleArns = oidc ? known : [...chain, ...known];
      const accountId = accountOfRole(roleArns.at(-1));
      const reference = nameOfRole(role.text);
      const environment = job?.environment === undefined ? '' : ` in the environment ${job.environment.text}`;
      const detail = `${subjectOf(job, step)} ${oidc && allowed ? 'assumes by OIDC' : 'assumes, from the credentials it finds,'} ${alternative ?? role.text}${environment}.`;
      report.method({
        at: role.range.start,
        kind: 'github-oidc',
        class: oidc && allowed ? 'dynamic' : 'indirect',
        usedBy: 'pipeline',
        subject: subjectOf(job, step),
        detail,
        ...(roleArns.length === 0 ? {} : { roleArns }),
        ...(accountId === undefined ? {} : { accountId }),
        ...(stack === undefined ? {} : { stack }),
        ...(reference === undefined ? {} : { credentialName: reference }),
      });
      if (alternatives.length === 1) chain = roleArns;
    }
  }
  for (const step of steps) {
    const match =
      step.run === undefined ? null : /ACTIONS_ID_TOKEN_REQUEST_URL|assume-role-with-web-identity/.exec(step.run.text);
    if (match === null || step.run === undefined) continue;
    const roleArns = rolesIn(step.run.text);
    const accountId = accountOfRole(roleArns.at(-1));
    report.method({
      at: offsetInFile(source.file, step.run, match.index),
      kind: 'github-oidc',
      class: 'dynamic',
      usedBy: 'pipeline',
      subject: subjectOf(job, step),
      detail: `${subjectOf(job, step)} exchanges an OIDC token in its script${roleArns.length === 0 ? '' : ` for ${roleArns.join(', ')}`}.`,
      ...(roleArns.length === 0 ? {} : { roleArns }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(stack === undefined ? {} : { stack }),
    });
  }
}

/** What the role is called where the workflow does not hold its ARN: the variables it comes from, else the first name. */
function nameOfRole(text: string): string | undefined {
  const names = findReferences(text).map(({ context, name }) => ({ context, full: `${context}.${name}` }));
  const stored = names.filter(({ context }) => context === 'vars' || context === 'secrets').map(({ full }) => full);
  return stored.length === 0 ? names[0]?.full : [...new Set(stored)].join(' or ');
}
