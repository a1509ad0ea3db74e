/**
 * Amazon Resource Names: `arn:partition:service:region:account:resource`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). Reading is strict; what is wrong is a value.
 */
import { isPartition, type Partition, partitionOfRegion, partitions } from './partition.ts';

export interface Arn {
  readonly partition: Partition;
  readonly service: string;
  /** `''` for global services. */
  readonly region: string;
  /** 12 digits, `aws` for what AWS itself manages, or `''`. */
  readonly account: string;
  /** All that follows the fifth colon: `role/deploy`, `table/locks`, `bucket/key`. */
  readonly resource: string;
}

export type ArnResult = { readonly ok: true; readonly arn: Arn } | { readonly ok: false; readonly problem: string };

/** Reads an ARN without wildcards or references; `problem` says what is wrong as the end of a sentence. */
export function parseArn(text: string): ArnResult {
  const parts = text.split(':');
  if (parts[0] !== 'arn') return wrong('it does not start with "arn:"');
  if (parts.length < 6) return wrong(`it has ${parts.length} parts separated by ":" where an ARN has at least 6`);
  const [, partition = '', service = '', region = '', account = ''] = parts;
  const resource = parts.slice(5).join(':');
  if (!isPartition(partition)) return wrong(`its partition is "${partition}", expected ${partitions.join(', ')}`);
  if (!/^[a-z0-9-]+$/.test(service)) return wrong(`its service is "${service}"`);
  if (region !== '' && partitionOfRegion(region) !== partition) {
    return wrong(`its region "${region}" is none of partition ${partition}`);
  }
  if (!/^(\d{12}|aws|)$/.test(account)) return wrong(`its account is "${account}", expected 12 digits`);
  if (resource === '') return wrong('it names no resource');
  if (/\s/.test(resource)) return wrong('its resource holds white space');
  return { ok: true, arn: { partition, service, region, account, resource } };
}

export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}

export interface RoleArn {
  readonly partition: Partition;
  readonly account: string;
  /** `/` or `/a/b/`. */
  readonly path: string;
  readonly name: string;
}

/** The parts of an IAM role's ARN; `undefined` for anything else. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const result = parseArn(text);
  if (!result.ok || result.arn.service !== 'iam' || !/^\d{12}$/.test(result.arn.account)) return undefined;
  const match = /^role(\/(?:[!-~]+\/)?)([\w+=,.@-]{1,64})$/.exec(result.arn.resource);
  if (match === null) return undefined;
  const { partition, account } = result.arn;
  return { partition, account, path: match[1] as string, name: match[2] as string };
}

export function roleArn(partition: Partition, account: string, name: string, path: string = '/'): string {
  return formatArn({ partition, service: 'iam', region: '', account, resource: `role${path}${name}` });
}

function wrong(problem: string): ArnResult {
  return { ok: false, problem };
}
