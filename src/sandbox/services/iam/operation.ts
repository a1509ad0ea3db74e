/** What all operations of IAM have in common. */
import { AwsError } from '../../core/aws-error.ts';
import type { AuthorizationCheck, Call, Input, Operation, Output } from '../../core/service.ts';
import { iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { nameRule, optionalText, requiredText, type TextRule } from './query-input.ts';
import type { IamRole, IamUser, Tag } from './state.ts';

type Handle = (call: Call, input: Input) => Output;

export function read(handle: Handle): Operation {
  return { readOnly: true, category: 'management', handle: guarded(handle) };
}

export function write(handle: Handle): Operation {
  return { readOnly: false, category: 'management', handle: guarded(handle) };
}

/** The keys of GetSessionToken reach IAM with MFA only (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html). */
function guarded(handle: Handle): Handle {
  return (call, input) => {
    const { caller } = call;
    if (caller.kind === 'user' && caller.session?.mfa === false) {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', 403);
    }
    return handle(call, input);
  };
}

export type Context = Map<string, readonly string[]>;

/** Asks for `iam:<operation>` on a resource of the caller's account. */
export function authorize(call: Call, resource: string, context: Context = new Map()): void {
  const check: AuthorizationCheck = { action: `iam:${call.operation}`, resource, context };
  call.authorize(check);
}

/** `aws:ResourceTag/…` and IAM's own `iam:ResourceTag/…`. */
export function resourceTags(tags: readonly Tag[]): Context {
  const context: Context = new Map();
  for (const { key, value } of tags) {
    context.set(`aws:resourcetag/${key.toLowerCase()}`, [value]);
    context.set(`iam:resourcetag/${key.toLowerCase()}`, [value]);
  }
  return context;
}

/** `aws:RequestTag/…` and `aws:TagKeys`. */
export function requestTags(tags: readonly Tag[]): Context {
  const context: Context = new Map();
  for (const { key, value } of tags) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
  if (tags.length > 0)
    context.set(
      'aws:tagkeys',
      tags.map(({ key }) => key),
    );
  return context;
}

export function merged(...contexts: readonly Context[]): Context {
  return new Map(contexts.flatMap((context) => [...context]));
}

/** The role that `RoleName` names, once the caller may do this to it. */
export function askRole(call: Call, input: Input, context: Context = new Map()): IamRole {
  const name = requiredText(input, 'RoleName', nameRule);
  const role = iamAccount(call.world, call.account).roles.get(name);
  const arn = role?.arn ?? iamArn(call.world, call.account, `role/${name}`);
  authorize(call, arn, merged(resourceTags(role?.tags ?? []), context));
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The same for an operation that changes the role: those which AWS keeps for itself stay as they are. */
export function askRoleToChange(call: Call, input: Input, context: Context = new Map()): IamRole {
  const role = askRole(call, input, context);
  if (role.reservedFor !== undefined || role.path.startsWith('/aws-service-role/')) {
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    );
  }
  return role;
}

export const userNameRule: TextRule = nameRule;

/** The user that `UserName` names; the caller where the operation allows that it is left out. */
export function askUser(call: Call, input: Input, context: Context = new Map()): IamUser {
  const name = optionalText(input, 'UserName', nameRule) ?? ownName(call);
  const user = iamAccount(call.world, call.account).users.get(name);
  const arn = user?.arn ?? iamArn(call.world, call.account, `user/${name}`);
  authorize(call, arn, merged(resourceTags(user?.tags ?? []), context));
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

function ownName({ caller }: Call): string {
  if (caller.kind === 'user') return caller.userName;
  throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, 409);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, 409);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}
