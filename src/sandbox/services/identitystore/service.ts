/** The identity store: what it answers is in identitystore.md. https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/ */
import type { Operation, Service } from '../../core/service.ts';
import { groupOperations } from './groups.ts';
import { userOperations } from './users.ts';

export const identityStoreService: Service = {
  id: 'identitystore',
  eventSource: 'identitystore.amazonaws.com',
  protocol: 'json-1.1',
  targetPrefix: 'AWSIdentityStore',
  signingNames: ['identitystore'],
  hostPrefixes: ['identitystore'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([...userOperations, ...groupOperations]),
};
