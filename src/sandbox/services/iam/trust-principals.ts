/**
 * Principals of trust policies, and of the policies of buckets and keys. AWS checks that a named user or role exists and remembers its unique id, so that one
 * which is deleted and made again is not trusted
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
import { parseArn } from '../../../aws/arn.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import { entityByArn } from './accounts.ts';
import { readPolicy } from './policy-text.ts';
import type { PolicyText, TrustText } from './state.ts';

/**
 * A trust policy as it is stored. With `strict`, a principal that does not exist is refused as IAM does; without it, the
 * ARN stays as it is, for worlds that are built in any order.
 */
export function readTrust(world: World, roleName: string, text: string, strict: boolean): TrustText {
  const name = `trust:${roleName}`;
  const asSent = readPolicy(name, text, 'trust');
  const principals = new Map<string, string>();
  for (const { principal } of asSent.parsed.policy.statements) {
    for (const value of principal?.aws ?? []) {
      const entity = entityByArn(world, value);
      if (entity !== undefined) principals.set(value, entity.entity.id);
      else if (strict && !exists(world, value)) {
        throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${value}"`);
      }
    }
  }
  if (principals.size === 0) return { ...asSent, principals };
  const bound = replacePrincipals(text, (value) => principals.get(value));
  return { text, parsed: readPolicy(name, bound, 'trust').parsed, principals };
}

/** A policy of a bucket or a key, as it is stored: what it names is bound as in a trust policy. */
export function bindPrincipals<P extends PolicyText>(
  world: World,
  policy: P,
  parse: (text: string) => P,
): P & TrustText {
  const principals = new Map<string, string>();
  for (const { principal } of policy.parsed.policy.statements) {
    for (const value of principal?.aws ?? []) {
      const entity = entityByArn(world, value);
      if (entity !== undefined) principals.set(value, entity.entity.id);
    }
  }
  if (principals.size === 0) return policy;
  const bound = parse(replacePrincipals(policy.text, (value) => principals.get(value)));
  return { ...bound, text: policy.text, principals };
}

/** The text as AWS gives it back: a principal that was renamed by its new ARN, one that is gone by its unique id. */
export function renderBound(world: World, trust: TrustText): string {
  const shown = new Map<string, string>();
  for (const [arn, id] of trust.principals ?? []) {
    const now = arnOfId(world, id) ?? id;
    if (now !== arn) shown.set(arn, now);
  }
  return shown.size === 0 ? trust.text : replacePrincipals(trust.text, (value) => shown.get(value));
}

/** Whether AWS takes the value of `Principal.AWS` in a policy: bucket, key and table policies are checked as trust policies are. */
export function principalExists(world: World, value: string): boolean {
  return entityByArn(world, value) !== undefined || exists(world, value);
}

/**
 * What may stand in `Principal.AWS` besides a user or role that exists. Accounts outside of the world are other people's:
 * they may be trusted, and nothing is known of them.
 */
function exists(world: World, value: string): boolean {
  if (value === '*' || /^\d{12}$/.test(value)) return true;
  if (/^(AIDA|AROA)[A-Z0-9]+$/.test(value)) return arnOfId(world, value) !== undefined;
  const result = parseArn(value);
  if (!result.ok || result.arn.partition !== world.partition) return false;
  const { service, account, resource } = result.arn;
  const known = world.iam.accounts.get(account);
  if (service === 'iam') return resource === 'root' || known === undefined;
  const session = /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource);
  return service === 'sts' && (session === null || known === undefined || known.roles.has(session[1] as string));
}

function arnOfId(world: World, id: string): string | undefined {
  for (const { users, roles } of world.iam.accounts.values()) {
    for (const entity of [...users.values(), ...roles.values()]) if (entity.id === id) return entity.arn;
  }
  return undefined;
}

function replacePrincipals(text: string, by: (value: string) => string | undefined): string {
  const document = JSON.parse(text) as { Statement: unknown };
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  for (const statement of statements as Record<string, unknown>[]) {
    for (const element of ['Principal', 'NotPrincipal']) {
      const principal = statement[element];
      if (typeof principal !== 'object' || principal === null) continue;
      const { AWS: values } = principal as { AWS?: string | string[] };
      if (values === undefined) continue;
      const replaced = (typeof values === 'string' ? [values] : values).map((value) => by(value) ?? value);
      (principal as { AWS: unknown }).AWS = typeof values === 'string' ? replaced[0] : replaced;
    }
  }
  return JSON.stringify(document);
}
