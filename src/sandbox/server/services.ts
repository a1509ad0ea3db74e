/** Every service of the embedded AWS, sorted by its name. Their code is loaded when it is called first: together it is more than the rest of the sandbox. */
import type { Service } from '../core/service.ts';
import type { ServiceSource } from '../core/service-source.ts';

export const services: readonly ServiceSource[] = [
  {
    id: 'cloudtrail',
    protocol: 'json-1.1',
    targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
    signingNames: ['cloudtrail'],
    hostPrefixes: ['cloudtrail'],
    load: async () => (await import('../services/cloudtrail/service.ts')).cloudTrailService,
  },
  {
    id: 'dynamodb',
    protocol: 'json-1.0',
    targetPrefix: 'DynamoDB_20120810',
    signingNames: ['dynamodb'],
    hostPrefixes: ['dynamodb', 'ddb'],
    load: async () => (await import('../services/dynamodb/service.ts')).dynamoDbService,
  },
  {
    id: 'iam',
    protocol: 'query',
    signingNames: ['iam'],
    hostPrefixes: ['iam'],
    load: async () => (await import('../services/iam/service.ts')).iamService,
  },
  {
    id: 'identitystore',
    protocol: 'json-1.1',
    targetPrefix: 'AWSIdentityStore',
    signingNames: ['identitystore'],
    hostPrefixes: ['identitystore'],
    load: async () => (await import('../services/identitystore/service.ts')).identityStoreService,
  },
  {
    id: 'kms',
    protocol: 'json-1.1',
    targetPrefix: 'TrentService',
    signingNames: ['kms'],
    hostPrefixes: ['kms'],
    load: async () => (await import('../services/kms/service.ts')).kmsService,
  },
  {
    id: 'organizations',
    protocol: 'json-1.1',
    targetPrefix: 'AWSOrganizationsV20161128',
    signingNames: ['organizations'],
    hostPrefixes: ['organizations'],
    load: async () => (await import('../services/organizations/service.ts')).organizationsService,
  },
  {
    id: 's3',
    protocol: 'rest-xml',
    signingNames: ['s3'],
    hostPrefixes: ['s3'],
    load: async () => (await import('../services/s3/service.ts')).s3Service,
  },
  {
    id: 'sso-admin',
    protocol: 'json-1.1',
    targetPrefix: 'SWBExternalService',
    signingNames: ['sso'],
    hostPrefixes: ['sso'],
    load: async () => (await import('../services/sso-admin/service.ts')).ssoAdminService,
  },
  {
    id: 'sso-oidc',
    protocol: 'rest-json',
    signingNames: ['sso-oauth'],
    hostPrefixes: ['oidc'],
    load: async () => (await import('../services/sso-oidc/service.ts')).ssoOidcService,
  },
  {
    id: 'sso-portal',
    protocol: 'rest-json',
    signingNames: ['awsssoportal'],
    hostPrefixes: ['portal.sso'],
    load: async () => (await import('../services/sso-portal/service.ts')).ssoPortalService,
  },
  {
    id: 'sts',
    protocol: 'query',
    signingNames: ['sts'],
    hostPrefixes: ['sts'],
    load: async () => (await import('../services/sts/service.ts')).stsService,
  },
];

export async function loadServices(): Promise<readonly Service[]> {
  return await Promise.all(services.map(async (source) => await source.load()));
}
