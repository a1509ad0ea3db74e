/** Every service of the embedded AWS, sorted by its name. */
import type { Service } from '../core/service.ts';
import { cloudTrailService } from '../services/cloudtrail/service.ts';
import { dynamoDbService } from '../services/dynamodb/service.ts';
import { iamService } from '../services/iam/service.ts';
import { identityStoreService } from '../services/identitystore/service.ts';
import { kmsService } from '../services/kms/service.ts';
import { organizationsService } from '../services/organizations/service.ts';
import { s3Service } from '../services/s3/service.ts';
import { ssoAdminService } from '../services/sso-admin/service.ts';
import { ssoOidcService } from '../services/sso-oidc/service.ts';
import { ssoPortalService } from '../services/sso-portal/service.ts';
import { stsService } from '../services/sts/service.ts';

export const services: readonly Service[] = [
  cloudTrailService,
  dynamoDbService,
  iamService,
  identityStoreService,
  kmsService,
  organizationsService,
  s3Service,
  ssoAdminService,
  ssoOidcService,
  ssoPortalService,
  stsService,
];
