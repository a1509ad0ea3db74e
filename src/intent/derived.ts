/**
 * The names that follow from keyless.yaml, in one place: profiles, roles, ARNs, subjects. Whoever writes one of them
 * (a backend, a workflow, a policy, `~/.aws/config`) asks here, so that they agree.
 */
import { formatArn, roleArn } from '../aws/arn.ts';
import type { AwsProfiles } from '../aws/config-profiles.ts';
import type { Intent, Phase, PipelinePhase, StateBackend } from './intent.ts';

export type { Phase };
export const phases: readonly Phase[] = ['plan', 'apply'];

/** `acme-dev-plan`: session, account, phase; the session keeps the profiles of several organisations apart. */
export function profileName(intent: Intent, account: string, phase: Phase): string {
  return `${intent.identityCenter.session}-${account}-${phase}`;
}

/** The profile that `access: profile` puts into a backend; `undefined` while the bucket's account is not known. */
export function stateProfileName(intent: Intent, backend: StateBackend): string | undefined {
  if (backend.profile !== undefined) return backend.profile;
  return backend.account === undefined ? undefined : profileName(intent, backend.account, 'apply');
}

/**
 * What people need in `~/.aws/config`: one sso-session, and a profile for each account with an id and each phase, or
 * further permission set that somebody has there.
 * `undefined` while the start URL or the region of Identity Center is not known.
 */
export function awsProfiles(intent: Intent): AwsProfiles | undefined {
  const { startUrl, region, session } = intent.identityCenter;
  if (startUrl === undefined || region === undefined) return undefined;
  return {
    session: { name: session, startUrl, region },
    profiles: [...intent.accounts.values()].flatMap(({ name, id }) =>
      id === undefined
        ? []
        : [
            ...phases.map((phase) => ({
              name: profileName(intent, name, phase),
              permissionSet: intent.permissionSets[phase],
            })),
            ...furtherSets(intent, name).map((permissionSet) => ({
              name: `${session}-${name}-${permissionSet.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
              permissionSet,
            })),
          ].map((profile) => ({ ...profile, accountId: id, region: defaultRegion(intent) })),
    ),
  };
}

/** Permission sets besides those of the phases that somebody has in the account. */
function furtherSets({ assignments, permissionSets }: Intent, account: string): readonly string[] {
  const assigned = assignments.filter((assignment) => assignment.account === account);
  const names = new Set(assigned.map(({ permissionSet }) => permissionSet));
  for (const phase of phases) names.delete(permissionSets[phase]);
  return [...names];
}

/** ARN of the role that pipelines take in an account; `undefined` while its id is not known. */
export function pipelineRoleArn(intent: Intent, account: string, phase: PipelinePhase): string | undefined {
  const id = intent.accounts.get(account)?.id;
  return id === undefined ? undefined : pipelineRoleArnIn(intent, id, phase);
}

/** The same for an account id, or for `*`. */
export function pipelineRoleArnIn(intent: Intent, accountId: string, phase: PipelinePhase): string {
  const { path, name } = pathAndName(intent.pipelineRoles[phase]);
  return roleArn(intent.partition, accountId, name, path);
}

/**
 * Pattern of the role that Identity Center makes for a permission set in an account (`*` for any): its name ends in a
 * suffix that nobody can know beforehand, and its path holds the region of Identity Center unless that is us-east-1.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function permissionSetRolePattern(intent: Intent, accountId: string, phase: Phase): string {
  return permissionSetRolePatternOf(intent, accountId, intent.permissionSets[phase]);
}

/** The same for a permission set by name. */
export function permissionSetRolePatternOf(intent: Intent, accountId: string, permissionSet: string): string {
  const { region } = intent.identityCenter;
  const folder = region === undefined ? '*' : region === 'us-east-1' ? '' : `/${region}`;
  const name = `AWSReservedSSO_${permissionSet}_*`;
  return roleArn(intent.partition, accountId, name, `/aws-reserved/sso.amazonaws.com${folder}/`);
}

/**
 * How every `sub` of the repository begins: `repo:owner/name`, or `repo:owner@1/name@2` where GitHub puts the numbers in, so
 * that nobody gets the roles by taking over a name. `undefined` while the repository is not known.
 */
export function githubRepositorySubject({ github }: Pick<Intent, 'github'>): string | undefined {
  if (github?.repository === undefined) return undefined;
  if (github.immutableSubject === undefined) return `repo:${github.repository}`;
  const { ownerId, repositoryId } = github.immutableSubject;
  const [owner, name] = github.repository.split('/');
  return `repo:${owner}@${ownerId}/${name}@${repositoryId}`;
}

/**
 * The `sub` of GitHub's token for a job of an environment; a colon in a name is escaped. `undefined` while the
 * repository is not known.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function githubEnvironmentSubject(intent: Intent, environment: string): string | undefined {
  const repository = githubRepositorySubject(intent);
  return repository === undefined ? undefined : `${repository}:environment:${environment.replaceAll(':', '%3A')}`;
}

/** The `sub` of GitHub's token for a job without an environment that a pull request started. */
export function githubPullRequestSubject(intent: Intent): string | undefined {
  const repository = githubRepositorySubject(intent);
  return repository === undefined ? undefined : `${repository}:pull_request`;
}

/** ARN of the lock table; `undefined` while its account or region is not known. */
export function lockTableArn(intent: Intent, backend: StateBackend): string | undefined {
  const table = backend.lockTable;
  const account = table?.account === undefined ? undefined : intent.accounts.get(table.account)?.id;
  if (table?.region === undefined || account === undefined) return undefined;
  const { partition } = intent;
  return formatArn({ partition, service: 'dynamodb', region: table.region, account, resource: `table/${table.name}` });
}

/** Commands need some region; that of the state is where the team works. */
function defaultRegion(intent: Intent): string | undefined {
  return intent.stateBackends.find(({ region }) => region !== undefined)?.region ?? intent.identityCenter.region;
}

/** `ci/terraform-plan` as IAM takes it: path `/ci/`, name `terraform-plan`. */
export function pathAndName(role: string): { path: string; name: string } {
  const slash = role.lastIndexOf('/');
  return { path: slash === -1 ? '/' : `/${role.slice(0, slash)}/`, name: role.slice(slash + 1) };
}
