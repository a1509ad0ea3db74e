/**
 * The process environment as a dotenv file, so that one set of detectors reads both. Only variables that concern AWS,
 * Terraform or its wrappers, or whose value holds a key id, are taken over; the rest is nobody's business.
 */
import type { Env } from '../../ports/index.ts';
import { SourceFile } from '../../repository/index.ts';
import { searchText } from '../text-search.ts';

/** Path under which the environment appears in reports. */
export const environmentPath = '<environment>/.env';

export function environmentFile(env: Env): SourceFile {
  const lines = Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .filter(([name, value]) => concerns.test(name) || searchText(`${name}=${value}`).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${quoted(value)}\n`);
  return new SourceFile(environmentPath, lines.join(''));
}

const concerns = /^(AWS_|AMAZON_|TF_|TFE_|TFC_|TG_|TERRAGRUNT_|ATLANTIS_|ACTIONS_ID_TOKEN_|EC2_|S3_)/;

function quoted(value: string): string {
  if (/^[\w@%+=:,./-]*$/.test(value)) return value;
  return value.includes("'") || value.includes('\n') ? JSON.stringify(value) : `'${value}'`;
}
