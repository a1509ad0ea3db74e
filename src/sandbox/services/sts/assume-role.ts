/** AssumeRole (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
import { parseRoleArn } from '../../../aws/arn.ts';
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import { roleByArn } from '../iam/accounts.ts';
import { arnRule, optionalText, requiredText, structureList } from '../iam/query-input.ts';
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
import { inheritTags, readSessionTags, tagContext } from './session-tags.ts';

/** A role that does not exist trusts nobody: the refusal is the same, so that names cannot be found out. */
const trustsNobody: NamedPolicy = { name: 'trust', policy: { version: '2012-10-17', id: undefined, statements: [] } };

const chainedLimit = 3600;

export const assumeRole: Operation = { readOnly: true, category: 'management', handle };

function handle(call: Call, input: Input): Output {
  const { caller, world } = call;
  const roleArn = requiredText(input, 'RoleArn', arnRule);
  const sessionName = readSessionName(input);
  const durationSeconds = readDuration(input);
  const externalId = optionalText(input, 'ExternalId', {
    minimum: 2,
    maximum: 1224,
    pattern: /^[\w+=,.@:/-]*$/,
    shown: '[\\w+=,.@:\\/-]*',
  });
  const sourceIdentity = optionalText(input, 'SourceIdentity', sessionNameRule);
  const policies = readSessionPolicies(input);
  const requested = readSessionTags(input);
  if (structureList(input, 'ProvidedContexts').length > 0) {
    throw new AwsError('ValidationError', 'The sandbox has no context providers: leave ProvidedContexts out.');
  }
  const parsed = parseRoleArn(roleArn);
  if (parsed === undefined) throw new AwsError('ValidationError', `${roleArn} is invalid`);
  if (caller.kind === 'root') throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', 403);
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw new AwsError(
      'AccessDenied',
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
      403,
    );
  }
  const calling = caller.kind === 'role' ? caller.session : undefined;
  // The role's account hears of the sessions that begin, not of those that were refused.
  call.event.recipientAccounts = [call.account];

  const role = roleByArn(world, roleArn)?.role;
  const identity = calling?.sourceIdentity ?? sourceIdentity;
  const context = tagContext(requested);
  context.set('sts:rolesessionname', [sessionName]);
  if (externalId !== undefined) context.set('sts:externalid', [externalId]);
  if (identity !== undefined) context.set('sts:sourceidentity', [identity]);
  const tagged = inheritTags(requested, calling);
  const actions = ['sts:AssumeRole'];
  if (tagged.tags.size > 0) actions.push('sts:TagSession');
  if (identity !== undefined) actions.push('sts:SetSourceIdentity');
  for (const action of actions) {
    call.authorize({
      action,
      resource: roleArn,
      resourceAccount: parsed.account,
      resourcePolicy: role?.trust.parsed ?? trustsNobody,
      resourcePolicyMode: 'required',
      context,
    });
  }
  // Unreachable: a role that trusts nobody was refused above.
  if (role === undefined) throw new AwsError('AccessDenied', `${roleArn} cannot be assumed.`, 403);
  if (
    calling?.sourceIdentity !== undefined &&
    sourceIdentity !== undefined &&
    calling.sourceIdentity !== sourceIdentity
  ) {
    throw new AwsError('AccessDenied', 'Source identity is already set for this session and cannot be changed.', 403);
  }
  if (calling !== undefined && durationSeconds > chainedLimit) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  checkMaximum(role, durationSeconds);
  const packed = packedPolicySize(policies, tagged.tags);
  const resolved = resolveSessionPolicies(world, parsed.account, policies);
  const key = issueRoleSession(world, call.time, role, {
    sessionName,
    durationSeconds,
    origin: { type: 'assume-role' },
    tags: tagged.tags,
    transitiveTagKeys: tagged.transitiveKeys,
    chained: calling !== undefined,
    mfa: (caller.kind === 'user' || caller.kind === 'role') && caller.session?.mfa === true,
    ...(resolved === undefined ? {} : { policies: resolved }),
    ...(identity === undefined ? {} : { sourceIdentity: identity }),
  });
  call.event.recipientAccounts = [...new Set([call.account, parsed.account])];
  return {
    Credentials: credentialsOf(key),
    AssumedRoleUser: assumedRoleUser(key),
    PackedPolicySize: packed,
    SourceIdentity: identity,
  };
}
