/** Temporary keys: what STS and the access portal hand out, and what ends them. */
import { formatArn, parseRoleArn } from '../../../aws/arn.ts';
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import { Secret } from '../../../kernel/secret.ts';
import type { IssuedKey, RoleCaller, RoleSessionOrigin, UserCaller } from '../../core/caller.ts';
import type { SandboxTime } from '../../core/time.ts';
import type { World } from '../../core/world.ts';
import type { IamRole } from '../iam/state.ts';

export interface NewRoleSession {
  readonly sessionName: string;
  /** In AWS's seconds; how long they take is the world's matter. */
  readonly durationSeconds: number;
  readonly origin: RoleSessionOrigin;
  /** Session policies; what is left out restricts nothing. */
  readonly policies?: readonly NamedPolicy[];
  readonly tags?: ReadonlyMap<string, string>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  /** The caller was a role session itself. */
  readonly chained?: boolean;
  readonly mfa?: boolean;
}

/** Issues the keys of a role session. Whether the caller may have them, the caller of this function has decided. */
export function issueRoleSession(world: World, time: SandboxTime, role: IamRole, session: NewRoleSession): IssuedKey {
  const account = parseRoleArn(role.arn)?.account as string;
  const issuedAt = time.now();
  const expiresAt = endOf(time, session.durationSeconds);
  const caller: RoleCaller = {
    kind: 'role',
    account,
    arn: formatArn({
      partition: world.partition,
      service: 'sts',
      region: '',
      account,
      resource: `assumed-role/${role.name}/${session.sessionName}`,
    }),
    roleArn: role.arn,
    roleName: role.name,
    roleId: role.id,
    sessionName: session.sessionName,
    accessKeyId: world.ids.iam('ASIA'),
    session: {
      issuedAt,
      expiresAt,
      mfa: session.mfa ?? false,
      policies: session.policies,
      tags: session.tags ?? new Map(),
      transitiveTagKeys: session.transitiveTagKeys ?? [],
      sourceIdentity: session.sourceIdentity,
      chained: session.chained ?? false,
      origin: session.origin,
    },
  };
  return issue(world, caller, expiresAt);
}

/** The keys of GetSessionToken. */
export function issueUserSession(
  world: World,
  time: SandboxTime,
  user: UserCaller,
  durationSeconds: number,
  mfa: boolean,
): IssuedKey {
  const issuedAt = time.now();
  const expiresAt = endOf(time, durationSeconds);
  const session = { issuedAt, expiresAt, mfa };
  return issue(world, { ...user, accessKeyId: world.ids.iam('ASIA'), session }, expiresAt);
}

/** A whole second, as the wire carries it: what the client is told is when the keys end. */
function endOf(time: SandboxTime, durationSeconds: number): number {
  return Math.ceil((time.now() + time.lifetime(durationSeconds)) / 1000) * 1000;
}

function issue(world: World, caller: RoleCaller | UserCaller, expiresAt: number): IssuedKey {
  const key: IssuedKey = {
    accessKeyId: caller.accessKeyId,
    secretAccessKey: new Secret(world.ids.secret(40)),
    // As long as AWS's usually are; it means nothing and is looked up.
    sessionToken: new Secret(`IQoJb3JpZ2luX2Vj${world.ids.secret(328)}`),
    expiresAt,
    status: 'Active',
    caller,
  };
  world.keys.put(key);
  return key;
}
