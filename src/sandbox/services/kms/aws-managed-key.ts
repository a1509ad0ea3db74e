/** Keys that AWS makes in an account for one of its services: `aws/s3` (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk). */
import { dnsSuffixOf } from '../../../aws/partition.ts';
import { createKey } from './build.ts';
import type { KeyPlace } from './find-key.ts';
import type { KmsKey } from './state.ts';

const services: Readonly<Record<string, string>> = { 'alias/aws/s3': 's3', 'alias/aws/dynamodb': 'dynamodb' };

export function isAwsManagedAlias(alias: string): boolean {
  return alias in services;
}

/** Everyone in the account may use it, but only through the service. */
export function awsManagedKey(place: KeyPlace, alias: string, now: number): KmsKey {
  const { world, account, region } = place;
  const service = services[alias] as string;
  const policy = {
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `${service}.${region}.${dnsSuffixOf(world.partition)}`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${world.partition}:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  };
  const description = `Default key that protects my ${service} objects when no other key is defined`;
  return createKey(world, { account, region, createdAt: now, policy: JSON.stringify(policy), description, alias });
}
