/** The shapes that all operations which issue keys have in common. */
import { AwsError } from '../../core/aws-error.ts';
import type { IssuedKey } from '../../core/caller.ts';
import type { Input } from '../../core/service.ts';
import { optionalInteger, requiredText, type TextRule } from '../iam/query-input.ts';
import type { IamRole } from '../iam/state.ts';

export const sessionNameRule: TextRule = {
  minimum: 2,
  maximum: 64,
  pattern: /^[\w+=,.@-]*$/,
  shown: '[\\w+=,.@-]*',
};

/** `Credentials`. */
export function credentialsOf(key: IssuedKey): Readonly<Record<string, unknown>> {
  return {
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey.reveal(),
    SessionToken: key.sessionToken?.reveal(),
    Expiration: new Date(key.expiresAt as number),
  };
}

export function assumedRoleUser(key: IssuedKey): Readonly<Record<string, string>> {
  const { caller } = key;
  if (caller.kind !== 'role') return {};
  return { AssumedRoleId: `${caller.roleId}:${caller.sessionName}`, Arn: caller.arn };
}

export function readSessionName(input: Input): string {
  return requiredText(input, 'RoleSessionName', sessionNameRule);
}

/** From 900 seconds to twelve hours; an hour unless given. What the role allows is judged by `checkMaximum`. */
export function readDuration(input: Input): number {
  return optionalInteger(input, 'DurationSeconds', 900, 43_200) ?? 3600;
}

export function checkMaximum(role: IamRole, durationSeconds: number): void {
  if (durationSeconds > role.maxSessionDuration) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}
