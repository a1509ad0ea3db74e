/** ARNs of IAM roles in any text, in every partition. */
import { parseRoleArn } from '../aws/arn.ts';

/** In order of appearance, each once. */
export function rolesIn(text: string): string[] {
  const found = text.match(/arn:aws(?:-us-gov|-cn)?:iam::\d{12}:role\/[\w+=,.@/-]+/g) ?? [];
  return [...new Set(found)].filter((arn) => parseRoleArn(arn) !== undefined);
}

/** The 12-digit account of a role's ARN. */
export function accountOfRole(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : parseRoleArn(arn)?.account;
}
