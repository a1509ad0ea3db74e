/** Which service a message is for, by its host name as in AWS, or by what it says of itself where all share one endpoint. */
import { globalRegionOf, type Partition, partitionOfHost, partitionOfRegion } from '../../aws/partition.ts';
import type { Service } from './service.ts';

/** What the host name of an AWS service says. */
export interface AwsHost<S> {
  readonly partition: Partition;
  readonly service: S;
  /** `undefined` for a global endpoint. */
  readonly region: string | undefined;
  /** Of an S3 virtual host. */
  readonly bucket: string | undefined;
  /** Host without the bucket. */
  readonly serviceHost: string;
}

const suffixes = ['.api.amazonwebservices.com.cn', '.amazonaws.com.cn', '.amazonaws.com', '.api.aws'] as const;

/** `undefined` for a host that is none of these services'. */
export function readAwsHost<S extends Pick<Service, 'id' | 'hostPrefixes'>>(
  host: string,
  services: readonly S[],
): AwsHost<S> | undefined {
  const name = host.toLowerCase();
  const suffix = suffixes.find((candidate) => name.endsWith(candidate));
  const partition = partitionOfHost(name);
  if (suffix === undefined || partition === undefined) return undefined;
  const labels = name.slice(0, -suffix.length).split('.');
  let region: string | undefined;
  const last = labels.at(-1) as string;
  if (partitionOfRegion(last) !== undefined) {
    region = last;
    labels.pop();
  } else if (last === 'us-gov' && labels.length > 1) {
    region = globalRegionOf('aws-us-gov');
    labels.pop();
  }
  if (labels.length > 1 && labels.at(-1) === 'dualstack') labels.pop();
  // `s3-eu-west-1.amazonaws.com` is older than the rule that a region is a label of its own.
  const old = /^s3-([a-z]{2}(?:-[a-z]+)+-\d+)$/.exec(labels.at(-1) ?? '');
  if (region === undefined && old !== null) {
    region = old[1];
    labels.splice(-1, 1, 's3');
  }
  labels.push((labels.pop() ?? '').replace(/-fips$/, ''));
  // DynamoDB's endpoint of one account, which SDKs prefer when they know the account: `222222222222.ddb.eu-west-1…`.
  if (labels.length === 2 && labels[1] === 'ddb' && /^\d{12}$/.test(labels[0] ?? '')) labels.shift();
  // Newer SDKs put the account before DynamoDB's host; before S3's stands a bucket.
  const ofAccount = /^\d{12}$/.test(labels[0] ?? '') && labels.length > 1 && labels.at(-1) !== 's3';
  const prefix = (ofAccount ? labels.slice(1) : labels).join('.');
  const exact = services.find(({ hostPrefixes }) => hostPrefixes.includes(prefix));
  if (exact !== undefined) return { partition, service: exact, region, bucket: undefined, serviceHost: name };
  const s3 = services.find(({ id }) => id === 's3');
  if (s3 === undefined || labels.length < 2 || labels.at(-1) !== 's3') return undefined;
  const bucket = labels.slice(0, -1).join('.');
  return { partition, service: s3, region, bucket, serviceHost: name.slice(bucket.length + 1) };
}

/** Hosts where people sign in: the start URL, and the page that a device code is typed into. */
export function isSignInHost(host: string): boolean {
  return /(\.awsapps\.(com|cn)|\.app\.aws)$|^device\.sso\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/i.test(host);
}

/** Hosts of this machine, where one endpoint stands for all services; a bucket may stand before `localhost`. */
export function isLoopbackHost(host: string): boolean {
  return /^(127(\.\d+){3}|\[?::1\]?|(.+\.)?localhost)$/i.test(host);
}
