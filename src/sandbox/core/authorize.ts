/**
 * Asks the policy engine whether a caller may: gathers every policy that has a say, fills in the global condition keys,
 * and words a refusal as AWS does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
import type {
  AccessRequest,
  Decision,
  NamedPolicy,
  PolicyPrincipal,
  PolicySet,
  PolicySetKind,
} from '../../aws/policy/request.ts';
import type { IamAccount, PolicyHolder } from '../services/iam/state.ts';
import { orgPath, rcpLevels, scpLevels } from '../services/organizations/levels.ts';
import { AwsError } from './aws-error.ts';
import type { Caller, RoleCaller } from './caller.ts';
import type { AuthorizationCheck, Call } from './service.ts';
import type { SandboxTime } from './time.ts';
import type { World } from './world.ts';

/** What decides; handed in, so that a test can watch it. */
export interface PolicyEngine {
  evaluate(request: AccessRequest, policies: PolicySet): Decision;
  /** A policy that AWS manages, by ARN. */
  managedPolicy(arn: string): NamedPolicy | undefined;
}

export interface Authorizer {
  readonly world: World;
  readonly time: SandboxTime;
  readonly engine: PolicyEngine;
}

export interface AccessDecision {
  readonly decision: Decision;
  /** What the call answers when it is not allowed. */
  readonly denial: AwsError | undefined;
}

export function decideAccess(authorizer: Authorizer, call: Call, check: AuthorizationCheck): AccessDecision {
  const { world, engine } = authorizer;
  const { caller } = call;
  const resourceAccount = check.resourceAccount ?? (caller.kind === 'anonymous' ? call.account : caller.account);
  const request: AccessRequest = {
    principal: policyPrincipal(caller),
    action: check.action,
    resource: check.resource,
    resourceAccount,
    context: conditionContext(authorizer, call, check, resourceAccount),
  };
  const decision = engine.evaluate(request, gatherPolicies(world, engine, caller, check, resourceAccount));
  return { decision, denial: decision.allowed ? undefined : denialOf(call, check, decision) };
}

export function policyPrincipal(caller: Caller): PolicyPrincipal {
  switch (caller.kind) {
    case 'anonymous':
      return { type: 'anonymous' };
    case 'root':
      return { type: 'root', account: caller.account, arn: caller.arn };
    case 'user':
      return { type: 'user', account: caller.account, arn: caller.arn, uniqueId: caller.userId };
    case 'role':
      return {
        type: 'role-session',
        account: caller.account,
        roleArn: caller.roleArn,
        arn: caller.arn,
        uniqueId: caller.roleId,
      };
    case 'service':
      return { type: 'service', name: caller.name };
  }
}

function gatherPolicies(
  world: World,
  engine: PolicyEngine,
  caller: Caller,
  check: AuthorizationCheck,
  resourceAccount: string,
): PolicySet {
  const account = 'account' in caller ? world.iam.accounts.get(caller.account) : undefined;
  const holder = holderOf(account, caller);
  // Service-linked roles and services are outside of the organisation's policies.
  const bounded =
    caller.kind === 'root' || caller.kind === 'user' || (caller.kind === 'role' && !isServiceLinked(caller));
  const scps = bounded ? scpLevels(world, caller.account) : undefined;
  const rcps = isServiceLinked(caller) ? undefined : rcpLevels(world, resourceAccount);
  const boundary = holder?.boundary === undefined ? undefined : managed(account, engine, holder.boundary);
  return {
    identity:
      caller.kind === 'root' ? [rootMayAll] : holder === undefined ? [] : identityPolicies(account, engine, holder),
    ...(holder?.boundary === undefined ? {} : { boundary: boundary ?? nothing(holder.boundary) }),
    ...(caller.kind === 'role' && caller.session.policies !== undefined ? { session: caller.session.policies } : {}),
    ...(check.resourcePolicy === undefined ? {} : { resource: check.resourcePolicy }),
    ...(check.resourcePolicyMode === undefined ? {} : { resourcePolicy: check.resourcePolicyMode }),
    ...(scps === undefined ? {} : { scps }),
    ...(rcps === undefined ? {} : { rcps }),
  };
}

/** The user or role behind a caller; `undefined` for root, and for one that was deleted meanwhile. */
function holderOf(account: IamAccount | undefined, caller: Caller): PolicyHolder | undefined {
  if (caller.kind === 'user') {
    const user = account?.users.get(caller.userName);
    return user?.id === caller.userId ? user : undefined;
  }
  if (caller.kind === 'role') {
    const role = account?.roles.get(caller.roleName);
    return role?.id === caller.roleId ? role : undefined;
  }
  return undefined;
}

function identityPolicies(account: IamAccount | undefined, engine: PolicyEngine, holder: PolicyHolder): NamedPolicy[] {
  const policies: NamedPolicy[] = [];
  for (const { parsed } of holder.inline.values()) policies.push(parsed);
  for (const arn of holder.attached) {
    const policy = managed(account, engine, arn);
    if (policy !== undefined) policies.push(policy);
  }
  return policies;
}

function managed(account: IamAccount | undefined, engine: PolicyEngine, arn: string): NamedPolicy | undefined {
  const own = account?.policies.get(arn);
  if (own === undefined) return engine.managedPolicy(arn);
  return own.versions.find(({ versionId }) => versionId === own.defaultVersionId)?.parsed;
}

/** A boundary whose policy is gone allows nothing. */
function nothing(name: string): NamedPolicy {
  return { name, policy: { version: '2012-10-17', id: undefined, statements: [] } };
}

/** What an account may do in itself without any policy. */
const rootMayAll: NamedPolicy = {
  name: 'root user',
  policy: {
    version: '2012-10-17',
    id: undefined,
    statements: [
      {
        index: 0,
        sid: undefined,
        effect: 'Allow',
        principal: undefined,
        actions: { negated: false, values: ['*'] },
        resources: { negated: false, values: ['*'] },
        conditions: [],
      },
    ],
  },
};

function isServiceLinked(caller: Caller): boolean {
  return caller.kind === 'service' || (caller.kind === 'role' && caller.session.origin.type === 'service-linked');
}

function conditionContext(
  { world, time }: Authorizer,
  call: Call,
  check: AuthorizationCheck,
  resourceAccount: string,
): Map<string, readonly string[]> {
  const { caller, request } = call;
  const now = time.now();
  const context = new Map<string, readonly string[]>();
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined) context.set(key, [value]);
  };
  set('aws:currenttime', new Date(now).toISOString());
  set('aws:epochtime', String(Math.floor(now / 1000)));
  set('aws:securetransport', String(request.secure));
  set('aws:sourceip', request.sourceIp ?? '127.0.0.1');
  set('aws:useragent', request.headers['user-agent']);
  set('aws:referer', request.headers.referer);
  set('aws:requestedregion', call.region);
  set('aws:viaawsservice', 'false');
  set('aws:principalisawsservice', String(caller.kind === 'service'));
  set('aws:resourceaccount', resourceAccount);
  const resourcePath = orgPath(world, resourceAccount);
  if (resourcePath !== undefined) {
    set('aws:resourceorgid', world.organizations.id);
    set('aws:resourceorgpaths', resourcePath);
  }
  addCaller(world, caller, now, set);
  for (const [key, values] of check.context ?? []) context.set(key.toLowerCase(), values);
  return context;
}

function addCaller(
  world: World,
  caller: Caller,
  now: number,
  set: (key: string, value: string | undefined) => void,
): void {
  if (caller.kind === 'anonymous') {
    set('aws:principaltype', 'Anonymous');
    return;
  }
  if (caller.kind === 'service') {
    set('aws:principalservicename', caller.name);
    set('aws:sourceaccount', caller.account);
    return;
  }
  set('aws:principalaccount', caller.account);
  const path = orgPath(world, caller.account);
  if (path !== undefined) {
    set('aws:principalorgid', world.organizations.id);
    set('aws:principalorgpaths', path);
  }
  set('aws:principalarn', caller.kind === 'role' ? caller.roleArn : caller.arn);
  const session = caller.kind === 'root' ? undefined : caller.session;
  if (session !== undefined) {
    set('aws:tokenissuetime', new Date(session.issuedAt).toISOString());
    set('aws:multifactorauthpresent', String(session.mfa));
    if (session.mfa) set('aws:multifactorauthage', String(Math.floor((now - session.issuedAt) / 1000)));
  }
  switch (caller.kind) {
    case 'root':
      set('aws:principaltype', 'Account');
      set('aws:userid', caller.account);
      break;
    case 'user':
      set('aws:principaltype', 'User');
      set('aws:userid', caller.userId);
      set('aws:username', caller.userName);
      for (const { key, value } of holderOf(world.iam.accounts.get(caller.account), caller)?.tags ?? []) {
        set(`aws:principaltag/${key.toLowerCase()}`, value);
      }
      break;
    case 'role':
      addRole(world, caller, set);
      break;
  }
}

function addRole(world: World, caller: RoleCaller, set: (key: string, value: string | undefined) => void): void {
  const { session } = caller;
  set('aws:principaltype', 'AssumedRole');
  set('aws:userid', `${caller.roleId}:${caller.sessionName}`);
  set('aws:sourceidentity', session.sourceIdentity);
  // A session tag wins over a tag of the role.
  for (const { key, value } of holderOf(world.iam.accounts.get(caller.account), caller)?.tags ?? []) {
    set(`aws:principaltag/${key.toLowerCase()}`, value);
  }
  for (const [key, value] of session.tags) set(`aws:principaltag/${key.toLowerCase()}`, value);
  if (session.origin.type === 'web-identity') set('aws:federatedprovider', session.origin.provider);
  if (session.origin.type === 'identity-center') {
    set('identitystore:userid', session.origin.userId);
    set('identitystore:identitystorearn', session.origin.identityStoreArn);
  }
}

function denialOf(call: Call, check: AuthorizationCheck, decision: Decision): AwsError {
  const { code, status } = call.service.accessDenied;
  return new AwsError(code, denialText(call, check, decision), status);
}

function denialText({ caller, service }: Call, check: AuthorizationCheck, decision: Decision): string {
  if (caller.kind === 'anonymous' || (caller.kind === 'service' && service.id === 's3')) return 'Access Denied';
  const who = caller.kind === 'service' ? caller.name : caller.arn;
  // S3 alone puts its own resources in quotes, not the keys it asks KMS for.
  const resource = check.action.startsWith('s3:') ? `"${check.resource}"` : check.resource;
  const what = `User: ${who} is not authorized to perform: ${check.action} on resource: ${resource}`;
  const kind = kindNames[decision.by];
  if (decision.outcome === 'explicit-deny') return `${what} with an explicit deny in ${kind.article} ${kind.name}`;
  // STS does not say which side of an AssumeRole is missing.
  if (service.id === 'sts') return what;
  return `${what} because no ${kind.name} allows the ${check.action} action`;
}

const kindNames: Readonly<Record<PolicySetKind, { readonly article: string; readonly name: string }>> = {
  identity: { article: 'an', name: 'identity-based policy' },
  resource: { article: 'a', name: 'resource-based policy' },
  boundary: { article: 'a', name: 'permissions boundary' },
  session: { article: 'a', name: 'session policy' },
  scp: { article: 'a', name: 'service control policy' },
  rcp: { article: 'a', name: 'resource control policy' },
};
