/**
 * 4. The pipeline: a token for every job run of the edited workflows, and for those who must get nothing, is asked of the
 * issuer and offered to every role. What STS answers is held against what keyless.yaml intends.
 */
import { join } from 'node:path';
import { roleArn } from '../../aws/arn.ts';
import { webIdentityAudienceOf } from '../../aws/partition.ts';
import { pathAndName } from '../../intent/index.ts';
import { githubClaims, mintHcpToken, startGithubJob } from '../../sandbox/index.ts';
import { keyIn } from '../aws-calls.ts';
import { counted } from '../counted.ts';
import {
  type Bearer,
  forkTrigger,
  type GithubSource,
  githubJobOf,
  isIntended,
  pipelineBearers,
  type Role,
  rolesOf,
} from '../pipeline-bearers.ts';
import { type PipelineJob, pipelineJobs } from '../pipeline-jobs.ts';
import type { Check, Matrix, MatrixCell, MatrixRole, MatrixRow } from '../rehearsal.ts';
import { type Runner, runStack } from '../stack-client.ts';
import { sharersBefore } from '../stack-runs.ts';
import { chosen, dataFolder, green, red, type Stage, type Step, type StepReport, skipped } from '../stage.ts';
import { inPairs } from '../terraform-client.ts';

export const pipeline: Step = {
  id: 'pipeline',
  title: 'The pipeline takes its roles',
  needsTerraform: false,
  async run(stage) {
    const { intent } = stage;
    const jobs = pipelineJobs(stage.after, intent);
    const roles = rolesOf(intent);
    const bearers = pipelineBearers(intent, jobs, roles);
    if (bearers.length === 0) {
      const cause = 'keyless.yaml names no pipelines (github.repository, hcp_terraform).';
      return { summary: cause, checks: [skipped('tokens of pipelines', 'keyless', cause)] };
    }
    const rows: MatrixRow[] = [];
    for (const [index, bearer] of bearers.entries()) rows.push(await offer(stage, bearer, roles, index));
    const matrix = { roles: roles.map(({ account, role, arn }) => ({ account, role, arn })), rows };
    const runs = await terraformRuns(stage, jobs);
    const checks = [...matrixChecks(matrix, jobs), ...runs];
    const allowed = rows.flatMap(({ cells }) => cells).filter((cell) => cell.allowed).length;
    const report: StepReport = {
      summary: `${counted(rows.length, 'kind')} of token were offered to ${counted(roles.length, 'role')}: ${counted(allowed, 'session')} given, ${rows.length * roles.length - allowed} refused.`,
      checks,
      matrix,
      notes: [
        'Each token of GitHub was asked of the issuer as a runner asks for it, and offered to STS as the action does.',
        ...(intent.github?.repository !== undefined && intent.github.jobs === undefined
          ? [
              'keyless.yaml names no jobs (github.jobs), so any job of an environment may plan and apply in its account, and pull requests may plan in all.',
            ]
          : []),
      ],
    };
    return report;
  },
};

async function offer(stage: Stage, bearer: Bearer, roles: readonly Role[], index: number): Promise<MatrixRow> {
  const { intent, calls } = stage;
  const { job, trigger, environment, outsider, issuer, claims } = bearer;
  const token = await tokenOf(stage, bearer);
  const cells: MatrixCell[] = [];
  for (const role of roles) {
    const reply =
      token === undefined ? undefined : await calls.assumeRoleWithWebIdentity(token, role.arn, `gha-${1000 + index}-1`);
    const allowed = reply !== undefined && keyIn(reply) !== undefined;
    cells.push({
      // Outsiders are meant by nobody; all others are judged by what their token says.
      intended: !outsider && token !== undefined && isIntended(intent, claims, role, issuer),
      allowed,
      asked: bearer.asks(role),
      refusal: allowed ? undefined : (reply?.errorCode ?? 'no token'),
    });
  }
  return { job, trigger, environment, outsider, subject: token === undefined ? undefined : String(claims.sub), cells };
}

/** HCP Terraform puts the token into the run; on GitHub a job asks for it. */
async function tokenOf(stage: Stage, { source }: Bearer): Promise<string | undefined> {
  if (source.kind === 'github') return await askForToken(stage, source);
  return await mintHcpToken(stage.sandbox.world, stage.sandbox.time, { run: source.run });
}

/** As a runner asks: `undefined` when the issuer refuses. */
async function askForToken(
  { sandbox, ports, certificates }: Stage,
  { job, audience }: Pick<GithubSource, 'job' | 'audience'>,
): Promise<string | undefined> {
  const { url, token } = startGithubJob(sandbox.world, job);
  const { status, body } = await ports.network.send({
    method: 'GET',
    url: `${url}&audience=${encodeURIComponent(audience)}`,
    headers: { authorization: `bearer ${token.reveal()}` },
    proxy: sandbox.proxy,
    trust: certificates,
  });
  if (status !== 200) return undefined;
  return (JSON.parse(Buffer.from(body).toString()) as { value: string }).value;
}

/** What the matrix shows: against keyless.yaml, against what workflows ask for, and for those who must get nothing. */
export function matrixChecks({ roles, rows }: Matrix, jobs: readonly PipelineJob[]): readonly Check[] {
  const wrong = rows.flatMap((row) =>
    row.cells.flatMap((cell, index) => {
      if (cell.allowed === cell.intended) return [];
      const role = roles[index] as MatrixRole;
      const who = `${row.job}, ${row.trigger}${row.environment === undefined ? '' : `, environment ${row.environment}`}`;
      return [
        red(`${who}: ${role.role} in ${role.account}`, 'keyless', cell.allowed ? 'got a session' : 'was refused', {
          cause: `STS ${cell.allowed ? 'gave a session' : `answered ${cell.refusal}`} to ${row.subject ?? 'a job without a token'}; keyless.yaml says otherwise.`,
          fix: 'Compare the trust policy of the role with github.jobs in keyless.yaml.',
        }),
      ];
    }),
  );
  const own = rows.filter(({ outsider }) => !outsider);
  const outside = rows.filter(({ outsider }) => outsider);
  const asking = own.filter(({ cells }) => cells.some(({ asked }) => asked));
  const denied = asking.flatMap((row) =>
    row.cells.flatMap((cell, index) =>
      cell.asked && !cell.allowed
        ? [
            red(
              `${row.job} in ${row.environment ?? row.trigger}`,
              'keyless',
              `asks for ${roles[index]?.role} and is refused`,
              {
                cause: `The workflow asks for ${roles[index]?.arn}; STS answered ${cell.refusal}.`,
                fix: 'Name the job under github.jobs in keyless.yaml, or take the role out of the workflow.',
              },
            ),
          ]
        : [],
    ),
  );
  const roleless = new Set(
    jobs.flatMap(({ workflow, job, asks, mayAsk }) => (mayAsk && asks.length === 0 ? [`${workflow} › ${job}`] : [])),
  );
  const forks = outside.filter(({ trigger }) => trigger === forkTrigger);
  const given = (group: readonly MatrixRow[]) =>
    group.flatMap(({ cells }) => cells).filter((cell) => cell.allowed).length;
  const shown = [
    ...wrong,
    ...denied,
    ...(wrong.length === 0
      ? [green(`${rows.length * roles.length} offers of a token to a role`, 'keyless', 'end as keyless.yaml says')]
      : []),
    ...(denied.length === 0 && asking.length > 0
      ? [green(`${asking.length} job runs that ask for a role`, 'keyless', 'get it')]
      : []),
    ...(asking.length === 0
      ? [
          skipped(
            'a job that takes a role',
            'keyless',
            'no job of the edited workflows asks for a role of keyless.yaml: nothing here shows that a pipeline works',
          ),
        ]
      : []),
    ...(forks.length === 0
      ? []
      : [
          given(forks) === 0
            ? green('a pull request from a fork', 'keyless', 'gets no token, and so no session')
            : red('a pull request from a fork', 'keyless', 'got a session', {
                cause: 'The issuer gave a token to a job of a fork, and a role took it.',
                fix: 'Take id-token: write from jobs that pull requests from forks can start.',
              }),
        ]),
    given(outside) === 0
      ? green(
          `${outside.length} outsiders: forks, other repositories, branches, environments and audiences`,
          'keyless',
          'get nothing',
        )
      : red('an outsider', 'keyless', 'got a session', {
          cause: outside
            .filter(({ cells }) => cells.some((cell) => cell.allowed))
            .map(({ job, trigger, subject }) => `${job}, ${trigger} (${subject})`)
            .join('; '),
          fix: 'Compare the trust policies of the roles with github.jobs in keyless.yaml.',
        }),
    ...[...roleless].map((job) =>
      skipped(job, 'keyless', 'it may ask for a token, and takes no role that the file names'),
    ),
  ];
  if (given(own) > 0) return shown;
  // Where every role refuses everybody, a refusal has nothing to be compared with.
  return shown.map((check) => (check.outcome === 'green' ? skipped(check.what, check.client, noControl) : check));
}

const noControl =
  'nobody was given a role, so a refusal shows nothing: say who may take one (github.jobs, github.environments)';

/** Real Terraform as a job of each environment: the provider chain of a runner, with a token in a file. */
async function terraformRuns(stage: Stage, jobs: readonly PipelineJob[]): Promise<readonly Check[]> {
  const { intent, folders, ports, terraform } = stage;
  const repository = intent.github?.repository ?? '';
  const runs = chosen(stage, stage.migratedRuns).filter(({ client }) => client.kind === 'terraform');
  const tasks = [...(intent.github?.environments ?? [])].flatMap(([environment, { account }], index) => {
    const job = jobs.find((each) => each.environment === environment && each.asks.includes('apply') && each.mayAsk);
    const granted =
      job !== undefined &&
      isIntended(intent, githubClaims(githubJobOf(job, repository, intent)), { account, phase: 'apply' });
    const run = runs.find(({ workspaces }) =>
      workspaces.some(
        (workspace) => workspace.account === account && [environment, 'default'].includes(workspace.name),
      ),
    );
    const id = intent.accounts.get(account)?.id;
    if (terraform === undefined || job === undefined || !granted || run === undefined || id === undefined) return [];
    const workspace =
      run.workspaces.find(({ name }) => name === environment) ??
      run.workspaces.find((each) => each.account === account);
    if (workspace === undefined) return [];
    const { path, name } = pathAndName(intent.pipelineRoles.apply);
    const tokenFile = join(folders.root, `token-${environment}`);
    const identity = {
      AWS_ROLE_ARN: roleArn(intent.partition, id, name, path),
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_SESSION_NAME: `gha-${4200 + index}-1`,
      HOME: folders.root,
    };
    const runner: Runner = {
      as: `as ${job.workflow} › ${job.job} in environment ${environment}`,
      environment: () => identity,
      key: async () => undefined,
      mayApply: () => true,
    };
    const inWorkspace = { ...run, workspaces: [workspace] };
    return [
      {
        name: environment,
        inWorkspace,
        run: async (): Promise<Check> => {
          const token = await askForToken(stage, {
            job: githubJobOf(job, repository, intent),
            audience: webIdentityAudienceOf(intent.partition),
          });
          await ports.files.writeAtomic(tokenFile, token ?? '', { mode: 0o600 });
          return await runStack(stage, {
            run: inWorkspace,
            runner,
            root: folders.after,
            dataFolder: dataFolder(stage, run, `pipeline-${environment}`),
            initArguments: [],
            workspaces: 'variable',
            change: `step 4 ${environment}`,
            fix: 'Compare the trust policy and the permissions of the role with keyless.yaml.',
          });
        },
      },
    ];
  });
  const sharers = sharersBefore(tasks.map(({ inWorkspace }) => inWorkspace));
  return await inPairs(
    tasks.map((task) => {
      const before = sharers.get(task.inWorkspace) ?? [];
      return { ...task, after: tasks.filter((other) => before.includes(other.inWorkspace)).map(({ name }) => name) };
    }),
  );
}
