/**
 * 4. The pipeline: a token for every job run of the edited workflows, and for those who must get nothing, is asked of the
 * issuer and offered to every role. What STS answers is held against what keyless.yaml intends.
 */
import { join } from 'node:path';
import { roleArn } from '../../aws/arn.ts';
import { webIdentityAudienceOf } from '../../aws/partition.ts';
import { type Intent, type PipelineGrant, pathAndName, pipelineGrants } from '../../intent/index.ts';
import { type GithubJob, githubClaims, startGithubJob } from '../../sandbox/index.ts';
import { keyIn } from '../aws-calls.ts';
import { counted } from '../counted.ts';
import { type PipelineJob, type PipelinePhase, pipelineJobs } from '../pipeline-jobs.ts';
import type { Check, Matrix, MatrixCell, MatrixRole, MatrixRow } from '../rehearsal.ts';
import { type Runner, runStack } from '../stack-client.ts';
import { chosen, dataFolder, green, red, type Stage, type Step, type StepReport, skipped } from '../stage.ts';
import { inPairs } from '../terraform-client.ts';

interface Role extends MatrixRole {
  readonly phase: PipelinePhase;
}

/** Somebody with a token, or who asks for one. */
interface Bearer {
  readonly job: string;
  readonly trigger: string;
  readonly outsider: boolean;
  readonly github: GithubJob;
  readonly audience: string;
  /** Accounts and phases that the job's workflow asks for. */
  readonly asks: (role: Role) => boolean;
}

export const pipeline: Step = {
  id: 'pipeline',
  title: 'The pipeline takes its roles',
  needsTerraform: false,
  async run(stage) {
    const { intent } = stage;
    const repository = intent.github?.repository;
    if (repository === undefined) {
      const cause = 'keyless.yaml names no repository on GitHub (github.repository).';
      return { summary: cause, checks: [skipped('tokens of pipelines', 'keyless', cause)] };
    }
    const jobs = pipelineJobs(stage.after, intent);
    const roles = rolesOf(intent);
    const bearers = [...ownBearers(jobs, repository, intent), ...outsiders(jobs, repository, intent, roles)];
    const rows: MatrixRow[] = [];
    for (const [index, bearer] of bearers.entries()) rows.push(await offer(stage, bearer, roles, index));
    const matrix = { roles: roles.map(({ account, role, arn }) => ({ account, role, arn })), rows };
    const runs = await terraformRuns(stage, jobs, repository);
    const checks = [...matrixChecks(matrix, jobs), ...runs];
    const allowed = rows.flatMap(({ cells }) => cells).filter((cell) => cell.allowed).length;
    const report: StepReport = {
      summary: `${counted(rows.length, 'kind')} of token were offered to ${counted(roles.length, 'role')}: ${counted(allowed, 'session')} given, ${rows.length * roles.length - allowed} refused.`,
      checks,
      matrix,
      notes: [
        'Each token was asked of the issuer as a runner asks for it, and offered to STS as the action does.',
        ...(intent.github?.jobs === undefined
          ? [
              'keyless.yaml names no jobs, so every environment may plan and apply in its account, and pull requests may plan in all.',
            ]
          : []),
      ],
    };
    return report;
  },
};

/** Plan and apply in every account, and whatever else keyless.yaml grants, by account. */
export function rolesOf(intent: Intent): readonly Role[] {
  const grants = pipelineGrants(intent);
  const phases: readonly PipelinePhase[] = ['plan', 'apply', 'publish'];
  return [...intent.accounts.values()].flatMap(({ name: account, id }) =>
    phases.flatMap((phase) => {
      const granted = grants.some((grant) => grant.account === account && grant.phase === phase);
      if (id === undefined || (phase === 'publish' && !granted)) return [];
      const { path, name } = pathAndName(intent.pipelineRoles[phase]);
      return [{ account, phase, role: name, arn: roleArn(intent.partition, id, name, path) }];
    }),
  );
}

function ownBearers(jobs: readonly PipelineJob[], repository: string, intent: Intent): readonly Bearer[] {
  return jobs.map((job) => ({
    job: `${job.workflow} › ${job.job}`,
    trigger: triggerOf(job),
    outsider: false,
    audience: webIdentityAudienceOf(intent.partition),
    github: githubJobOf(job, repository, intent),
    asks: ({ account, phase }) => job.asks.includes(phase) && accountsOf(job, intent).includes(account),
  }));
}

/** Where the role that a job asks for is: by its environment, else by the workspaces of its matrix. */
function accountsOf(job: PipelineJob, intent: Intent): readonly string[] {
  if (job.environment !== undefined) {
    const account = intent.github?.environments.get(job.environment)?.account;
    return account === undefined ? [] : [account];
  }
  const ofWorkspaces = job.workspaces.flatMap((workspace) =>
    intent.stacks.flatMap(({ workspaces }) => workspaces.get(workspace) ?? []),
  );
  const ofJob = pipelineGrants(intent).flatMap(({ name, account, phase }) =>
    name === `${job.workflow}: ${job.job}` && job.asks.includes(phase) ? [account] : [],
  );
  return ofWorkspaces.length > 0 ? ofWorkspaces : ofJob;
}

function triggerOf({ event, ref }: PipelineJob): string {
  if (event === 'pull_request') return 'pull request';
  const branch = ref.replace(/^refs\/(heads|tags)\//, '');
  if (event === 'push') return `push ${ref.startsWith('refs/tags/') ? 'tag ' : ''}${branch}`;
  return event === 'workflow_dispatch' ? 'started by hand' : event.replaceAll('_', ' ');
}

function githubJobOf(job: PipelineJob, repository: string, intent: Intent): GithubJob {
  const { workflow, event, ref, environment, mayAsk, called } = job;
  const numbers = intent.github?.immutableSubject;
  return {
    repository: {
      fullName: repository,
      ...(numbers && { id: numbers.repositoryId, ownerId: numbers.ownerId, immutableSubject: true }),
    },
    event,
    ref,
    workflowFile: `.github/workflows/${workflow}`,
    idTokenPermission: mayAsk,
    ...(environment === undefined ? {} : { environment }),
    ...(called === undefined ? {} : { jobWorkflowRef: `${repository}/.github/workflows/${called.workflow}@${ref}` }),
    ...(event === 'pull_request' ? { headRef: 'feature', baseRef: 'main' } : {}),
  };
}

/** Whom no role of keyless.yaml is meant for, each as close to the real thing as it can get. */
function outsiders(
  jobs: readonly PipelineJob[],
  repository: string,
  intent: Intent,
  roles: readonly Role[],
): readonly Bearer[] {
  const [owner = '', name = ''] = repository.split('/');
  const environment = [...(intent.github?.environments.keys() ?? [])].at(-1);
  const inEnvironment = environment === undefined ? {} : { environment };
  const audience = webIdentityAudienceOf(intent.partition);
  const nothing = { outsider: true, audience, asks: () => false };
  const main = 'refs/heads/main';
  const push = (fullName: string, more: Partial<GithubJob> = {}): GithubJob => ({
    repository: { fullName },
    event: 'push',
    ref: main,
    ...more,
  });
  const forks = jobs
    .filter(({ event }) => event === 'pull_request')
    .map((job) => ({
      ...nothing,
      job: `${job.workflow} › ${job.job}`,
      trigger: 'pull request from a fork',
      github: { ...githubJobOf(job, repository, intent), fromFork: true, actor: 'mallory' },
    }));
  const strangers: readonly Bearer[] = [
    ...['pull_request', 'push'].map((event) => ({
      ...nothing,
      job: "a workflow of the fork's own",
      trigger: event === 'push' ? 'push main' : 'pull request',
      github: push(`mallory/${name}`, { event, ...(event === 'push' ? inEnvironment : {}) }),
    })),
    {
      ...nothing,
      job: 'another repository of the owner',
      trigger: 'push main',
      github: push(`${owner}/${name}-2`, inEnvironment),
    },
    {
      ...nothing,
      job: 'an owner whose name begins alike',
      trigger: 'push main',
      github: push(`${owner}-evil/${name}`, inEnvironment),
    },
    {
      ...nothing,
      job: 'a new workflow on a branch',
      trigger: 'push feature',
      github: push(repository, { ref: 'refs/heads/feature' }),
    },
    { ...nothing, job: 'a job without environment', trigger: 'push main', github: push(repository) },
    {
      ...nothing,
      job: 'an environment that keyless.yaml does not name',
      trigger: 'push main',
      github: push(repository, { environment: 'somewhere-else' }),
    },
    {
      ...nothing,
      job: 'a token for another audience',
      trigger: 'push main',
      audience: `https://github.com/${owner}`,
      github: push(repository, inEnvironment),
    },
  ];
  // What keyless.yaml lets in is no outsider, whatever it looks like.
  const isMeant = (bearer: Bearer) =>
    !isForeign(bearer, intent) && roles.some((role) => isIntended(intent, githubClaims(bearer.github), role));
  return [...forks, ...strangers.filter((bearer) => !isMeant(bearer))];
}

async function offer(stage: Stage, bearer: Bearer, roles: readonly Role[], index: number): Promise<MatrixRow> {
  const { intent, calls } = stage;
  const claims = githubClaims(bearer.github);
  const token = await askForToken(stage, bearer);
  const cells: MatrixCell[] = [];
  for (const role of roles) {
    const reply =
      token === undefined ? undefined : await calls.assumeRoleWithWebIdentity(token, role.arn, `gha-${1000 + index}-1`);
    const allowed = reply !== undefined && keyIn(reply) !== undefined;
    cells.push({
      intended: !bearer.outsider && token !== undefined && isIntended(intent, claims, role),
      allowed,
      asked: bearer.asks(role),
      refusal: allowed ? undefined : (reply?.errorCode ?? 'no token'),
    });
  }
  const { job, trigger, outsider, github } = bearer;
  return {
    job,
    trigger,
    outsider,
    environment: github.environment,
    subject: token === undefined ? undefined : String(claims.sub),
    cells,
  };
}

function isForeign({ audience }: Bearer, intent: Intent): boolean {
  return audience !== webIdentityAudienceOf(intent.partition);
}

/** As a runner asks: `undefined` when the issuer refuses. */
async function askForToken(
  { sandbox, ports, certificates }: Stage,
  { github, audience }: Bearer,
): Promise<string | undefined> {
  const { url, token } = startGithubJob(sandbox.world, github);
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

/** What keyless.yaml says of a token with these claims, read from its grants and not from a policy. */
export function isIntended(
  intent: Intent,
  claims: Readonly<Record<string, unknown>>,
  role: { readonly account: string; readonly phase: PipelinePhase },
): boolean {
  return pipelineGrants(intent).some(
    (grant) =>
      grant.issuer === 'github' &&
      grant.account === role.account &&
      grant.phase === role.phase &&
      isSubject(grant, String(claims.sub)) &&
      (grant.refs === undefined || grant.refs.some((ref) => matches(ref, String(claims.ref)))),
  );
}

function isSubject({ subject }: PipelineGrant, sub: string): boolean {
  return matches(subject, sub);
}

/** `*` and `?` as in a tag of keyless.yaml. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
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
  const roleless = jobs.filter(({ asks, mayAsk }) => mayAsk && asks.length === 0);
  const forks = outside.filter(({ trigger }) => trigger === 'pull request from a fork');
  const given = (group: readonly MatrixRow[]) =>
    group.flatMap(({ cells }) => cells).filter((cell) => cell.allowed).length;
  return [
    ...wrong,
    ...denied,
    ...(wrong.length === 0
      ? [green(`${rows.length * roles.length} offers of a token to a role`, 'keyless', 'end as keyless.yaml says')]
      : []),
    ...(denied.length === 0 && asking.length > 0
      ? [green(`${asking.length} job runs that ask for a role`, 'keyless', 'get it')]
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
    ...roleless.map(({ workflow, job }) =>
      skipped(`${workflow} › ${job}`, 'keyless', 'it may ask for a token, and takes no role that the file names'),
    ),
  ];
}

/** Real Terraform as a job of each environment: the provider chain of a runner, with a token in a file. */
async function terraformRuns(
  stage: Stage,
  jobs: readonly PipelineJob[],
  repository: string,
): Promise<readonly Check[]> {
  const { intent, folders, ports, terraform } = stage;
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
    return [
      {
        name: environment,
        // A stack has one folder, so its runs follow one another.
        after: [] as string[],
        run: async (): Promise<Check> => {
          const token = await askForToken(stage, {
            github: githubJobOf(job, repository, intent),
            audience: webIdentityAudienceOf(intent.partition),
          } as Bearer);
          await ports.files.writeAtomic(tokenFile, token ?? '', { mode: 0o600 });
          return await runStack(stage, {
            run: { ...run, workspaces: [workspace] },
            runner,
            root: folders.after,
            dataFolder: dataFolder(stage, run.stack, `pipeline-${environment}`),
            initArguments: [],
            workspaces: 'variable',
            change: `step 4 ${environment}`,
            fix: 'Compare the trust policy and the permissions of the role with keyless.yaml.',
          });
        },
      },
    ];
  });
  return await inPairs(tasks);
}
