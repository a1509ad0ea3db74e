import type { Service } from '../../core/service.ts';
import { accessKeyOperations } from './access-key-operations.ts';
import { accountOperations } from './account-operations.ts';
import { credentialReportOperations } from './credential-report.ts';
import { holderOperations } from './holder-operations.ts';
import { lastAccessedOperations } from './last-accessed.ts';
import { oidcProviderOperations } from './oidc-provider-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { roleOperations } from './role-operations.ts';
import { serviceLinkedRoleOperations } from './service-linked-role.ts';
import { simulateOperations } from './simulate.ts';
import { userOperations } from './user-operations.ts';

/** AWS IAM; what it promises stands in `iam.md`. */
export const iamService: Service = {
  id: 'iam',
  eventSource: 'iam.amazonaws.com',
  protocol: 'query',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  signingNames: ['iam'],
  hostPrefixes: ['iam'],
  accessDenied: { code: 'AccessDenied', status: 403 },
  operations: new Map(
    Object.entries({
      ...accessKeyOperations,
      ...accountOperations,
      ...credentialReportOperations,
      ...holderOperations,
      ...lastAccessedOperations,
      ...oidcProviderOperations,
      ...policyOperations,
      ...roleOperations,
      ...serviceLinkedRoleOperations,
      ...simulateOperations,
      ...userOperations,
    }),
  ),
};
