/**
 * The AWS partitions: separate worlds with their own accounts, regions, names and endpoints. An ARN, an issuer or an
 * endpoint is always read and written for one of them.
 * (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html, and the table
 * `partitions.json` that every AWS SDK carries.)
 */

export const partitions = ['aws', 'aws-us-gov', 'aws-cn'] as const;
export type Partition = (typeof partitions)[number];

interface PartitionFacts {
  readonly dnsSuffix: string;
  /** Suffix of names that exist for IPv6 too. */
  readonly dualStackDnsSuffix: string;
  readonly regionPattern: RegExp;
  /** Region that serves IAM and other global services. */
  readonly globalRegion: string;
  readonly consoleHost: string;
  /** The audience that IAM's `sts:AssumeRoleWithWebIdentity` documentation names for GitHub and others. */
  readonly webIdentityAudience: string;
}

const facts: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    globalRegion: 'us-east-1',
    consoleHost: 'console.aws.amazon.com',
    webIdentityAudience: 'sts.amazonaws.com',
  },
  'aws-us-gov': {
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    regionPattern: /^us-gov-\w+-\d+$/,
    globalRegion: 'us-gov-west-1',
    consoleHost: 'console.amazonaws-us-gov.com',
    webIdentityAudience: 'sts.amazonaws.com',
  },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    regionPattern: /^cn-\w+-\d+$/,
    globalRegion: 'cn-northwest-1',
    consoleHost: 'console.amazonaws.cn',
    webIdentityAudience: 'sts.amazonaws.com.cn',
  },
};

export function isPartition(text: string): text is Partition {
  return (partitions as readonly string[]).includes(text);
}

/** `amazonaws.com`, or `amazonaws.com.cn` in China. */
export function dnsSuffixOf(partition: Partition): string {
  return facts[partition].dnsSuffix;
}

/** The partition a region belongs to; `undefined` when the text is no region of the three. */
export function partitionOfRegion(region: string): Partition | undefined {
  return partitions.find((partition) => facts[partition].regionPattern.test(region));
}

/** The partition of an AWS host name such as `sts.cn-north-1.amazonaws.com.cn`; `undefined` for other hosts. */
export function partitionOfHost(host: string): Partition | undefined {
  const name = host.toLowerCase();
  if (name.endsWith('.amazonaws.com.cn') || name.endsWith('.amazonwebservices.com.cn')) return 'aws-cn';
  if (!name.endsWith('.amazonaws.com') && !name.endsWith('.api.aws')) return undefined;
  return /(^|[.-])us-gov-\w+-\d+\./.test(name) ? 'aws-us-gov' : 'aws';
}

/** The region that serves a partition's global services (IAM, Organizations). */
export function globalRegionOf(partition: Partition): string {
  return facts[partition].globalRegion;
}

/** Host of the regional STS endpoint. */
export function stsHost(partition: Partition, region: string): string {
  return `sts.${region}.${facts[partition].dnsSuffix}`;
}

/** Host of the regional IAM Identity Center OIDC service, which signs people in. */
export function ssoOidcHost(partition: Partition, region: string): string {
  return `oidc.${region}.${facts[partition].dnsSuffix}`;
}

/** Host of the IAM Identity Center portal API, which hands out role credentials. */
export function ssoPortalHost(partition: Partition, region: string): string {
  return `portal.sso.${region}.${facts[partition].dnsSuffix}`;
}

/** Host of the regional S3 endpoint. */
export function s3Host(partition: Partition, region: string): string {
  return `s3.${region}.${facts[partition].dnsSuffix}`;
}

/**
 * The `aud` that a pipeline's OIDC token for STS carries. In China STS answers under its own name
 * (aws-actions/configure-aws-credentials README, "Audience").
 */
export function webIdentityAudienceOf(partition: Partition): string {
  return facts[partition].webIdentityAudience;
}

/**
 * The partition of an IAM Identity Center start URL: `https://acme.awsapps.com/start`,
 * `https://start.us-gov-home.awsapps.com/directory/…`, `https://start.home.awsapps.cn/directory/…`; `undefined` for
 * other hosts.
 */
export function partitionOfStartUrl(url: string): Partition | undefined {
  const host = /^https:\/\/([a-z0-9.-]+)(\/|$)/.exec(url.toLowerCase())?.[1];
  if (host === undefined) return undefined;
  if (host.endsWith('.awsapps.cn')) return 'aws-cn';
  if (!host.endsWith('.awsapps.com') && !host.endsWith('.app.aws')) return undefined;
  return host.includes('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Host of the management console. */
export function consoleHostOf(partition: Partition): string {
  return facts[partition].consoleHost;
}
