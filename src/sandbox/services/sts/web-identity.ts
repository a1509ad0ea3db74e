/** AssumeRoleWithWebIdentity (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). */
import { parseRoleArn } from '../../../aws/arn.ts';
import { claimsThatAreKeys } from '../../../aws/oidc-issuer-claims.ts';
import { evaluate } from '../../../aws/policy/evaluate.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import { roleByArn } from '../iam/accounts.ts';
import { arnRule, optionalText, requiredText } from '../iam/query-input.ts';
import type { IamRole } from '../iam/state.ts';
import { rcpLevels } from '../organizations/levels.ts';
import {
  assumedRoleUser,
  checkMaximum,
  credentialsOf,
  readDuration,
  readSessionName,
  sessionNameRule,
} from './answer.ts';
import { issueRoleSession } from './issue-session.ts';
import { packedPolicySize, readSessionPolicies, resolveSessionPolicies } from './session-policies.ts';
import { type SessionTags, tagContext, tagsOfClaim } from './session-tags.ts';
import { KeyRetrievalError, type VerifiedToken, verifyToken } from './web-identity-token.ts';

export const assumeRoleWithWebIdentity: Operation = { readOnly: true, category: 'management', auth: 'none', handle };

const tagsClaim = 'https://aws.amazon.com/tags';
const sourceIdentityClaim = 'https://aws.amazon.com/source_identity';

async function handle(call: Call, input: Input): Promise<Output> {
  const { world, time } = call;
  const roleArn = requiredText(input, 'RoleArn', arnRule);
  const sessionName = readSessionName(input);
  const token = requiredText(input, 'WebIdentityToken', { minimum: 4, maximum: 20_000 });
  const durationSeconds = readDuration(input);
  const policies = readSessionPolicies(input);
  if (optionalText(input, 'ProviderId') !== undefined) {
    throw new AwsError('ValidationError', 'ProviderId is for OAuth 2.0 access tokens; leave it out for an ID token.');
  }
  const parsed = parseRoleArn(roleArn);
  if (parsed === undefined) throw new AwsError('ValidationError', 'Request ARN is invalid');
  call.event.recipientAccounts = [parsed.account];
  const verified = await verifyToken(world, time, parsed.account, token).catch((error: unknown) => {
    if (error instanceof KeyRetrievalError) call.event.unrecorded = true;
    throw error;
  });
  const tags = tagsOfClaim(verified.claims[tagsClaim]);
  const sourceIdentity = sourceIdentityOf(verified);
  if (tags.tags.size > 0 || sourceIdentity !== undefined) {
    // What came in the token stands among the parameters of the record.
    call.event.requestParameters = {
      roleArn,
      roleSessionName: sessionName,
      ...(input.DurationSeconds === undefined ? {} : { durationSeconds }),
      ...(tags.tags.size === 0 ? {} : { principalTags: Object.fromEntries(tags.tags) }),
      ...(tags.transitiveKeys.length === 0 ? {} : { transitiveTagKeys: tags.transitiveKeys }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    };
  }
  const role = roleByArn(world, roleArn)?.role;
  const actions = ['sts:AssumeRoleWithWebIdentity'];
  if (tags.tags.size > 0) actions.push('sts:TagSession');
  if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  const context = contextOf(call, verified, { sessionName, tags, sourceIdentity });
  for (const action of actions) {
    if (role === undefined || !isAllowed(call, parsed.account, role, verified, action, context)) {
      throw new AwsError('AccessDenied', `Not authorized to perform ${action}`, 403);
    }
  }
  // Unreachable: a role that does not exist was refused above.
  if (role === undefined) throw new AwsError('AccessDenied', `${roleArn} cannot be assumed.`, 403);
  checkMaximum(role, durationSeconds);
  const packed = packedPolicySize(policies, tags.tags);
  const resolved = resolveSessionPolicies(world, parsed.account, policies);
  const { issuer, audience, subject, provider } = verified;
  const key = issueRoleSession(world, time, role, {
    sessionName,
    durationSeconds,
    origin: { type: 'web-identity', provider: provider.arn, issuer, audience, subject },
    tags: tags.tags,
    transitiveTagKeys: tags.transitiveKeys,
    ...(resolved === undefined ? {} : { policies: resolved }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  });
  return {
    Credentials: credentialsOf(key),
    SubjectFromWebIdentityToken: subject,
    AssumedRoleUser: assumedRoleUser(key),
    PackedPolicySize: packed,
    Provider: issuer,
    Audience: audience,
    SourceIdentity: sourceIdentity,
  };
}

/** The caller has no identity in AWS yet: only the trust policy and resource control policies have a say. */
function isAllowed(
  call: Call,
  account: string,
  role: IamRole,
  token: VerifiedToken,
  action: string,
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  const rcps = rcpLevels(call.world, account);
  const decision = evaluate(
    {
      principal: { type: 'federated', provider: token.provider.arn },
      action,
      resource: role.arn,
      resourceAccount: account,
      context,
    },
    {
      identity: [],
      resource: role.trust.parsed,
      resourcePolicy: 'required',
      ...(rcps === undefined ? {} : { rcps }),
    },
  );
  return decision.allowed;
}

function contextOf(
  call: Call,
  token: VerifiedToken,
  session: { readonly sessionName: string; readonly tags: SessionTags; readonly sourceIdentity: string | undefined },
): ReadonlyMap<string, readonly string[]> {
  const { provider, claims } = token;
  const now = call.time.now();
  const context = new Map<string, readonly string[]>([
    ...tagContext(session.tags),
    ['aws:currenttime', [new Date(now).toISOString()]],
    ['aws:epochtime', [String(Math.floor(now / 1000))]],
    ['aws:securetransport', [String(call.request.secure)]],
    ['aws:sourceip', [call.request.sourceIp ?? '127.0.0.1']],
    ['aws:requestedregion', [call.region]],
    ['aws:federatedprovider', [provider.arn]],
    ['sts:rolesessionname', [session.sessionName]],
  ]);
  if (session.sourceIdentity !== undefined) context.set('sts:sourceidentity', [session.sourceIdentity]);
  const prefix = provider.url.toLowerCase();
  for (const claim of claimsThatAreKeys(provider.url)) {
    const values = valuesOf(claims[claim]);
    if (values !== undefined) context.set(`${prefix}:${claim.toLowerCase()}`, values);
  }
  const { aud, azp } = claims;
  const audiences = valuesOf(typeof azp === 'string' ? azp : aud);
  if (audiences !== undefined) context.set(`${prefix}:aud`, audiences);
  const original = typeof azp === 'string' ? valuesOf(aud) : undefined;
  if (original !== undefined) context.set(`${prefix}:oaud`, original);
  return context;
}

function valuesOf(claim: unknown): readonly string[] | undefined {
  if (Array.isArray(claim)) return claim.map(String);
  return ['string', 'number', 'boolean'].includes(typeof claim) ? [String(claim)] : undefined;
}

function sourceIdentityOf(token: VerifiedToken): string | undefined {
  const claim = token.claims[sourceIdentityClaim];
  if (claim === undefined) return undefined;
  if (typeof claim !== 'string' || claim.length < 2 || claim.length > 64 || !sessionNameRule.pattern?.test(claim)) {
    throw new AwsError('InvalidIdentityToken', `The claim ${sourceIdentityClaim} is no source identity.`);
  }
  return claim;
}
