/** sso-admin: what it answers is in sso-admin.md. https://docs.aws.amazon.com/singlesignon/latest/APIReference/ */
import type { Operation, Service } from '../../core/service.ts';
import { assignmentOperations } from './assignments.ts';
import { instanceOperations } from './instances.ts';
import { statusOperations } from './operation-status.ts';
import { permissionSetOperations } from './permission-sets.ts';
import { provisioningOperations } from './provisioning.ts';
import { setPolicyOperations } from './set-policies.ts';
import { tagOperations } from './tags.ts';

export const ssoAdminService: Service = {
  id: 'sso-admin',
  eventSource: 'sso.amazonaws.com',
  protocol: 'json-1.1',
  targetPrefix: 'SWBExternalService',
  signingNames: ['sso'],
  hostPrefixes: ['sso'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([
    ...instanceOperations,
    ...permissionSetOperations,
    ...setPolicyOperations,
    ...assignmentOperations,
    ...statusOperations,
    ...provisioningOperations,
    ...tagOperations,
  ]),
};
