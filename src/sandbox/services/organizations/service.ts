/** AWS Organizations: what it answers is in organizations.md. https://docs.aws.amazon.com/organizations/latest/APIReference/ */
import type { Operation, Service } from '../../core/service.ts';
import { accountOperations } from './create-account.ts';
import { delegationOperations } from './delegation.ts';
import { policyOperations } from './policies.ts';
import { tagOperations } from './tags.ts';
import { treeOperations } from './tree.ts';

export const organizationsService: Service = {
  id: 'organizations',
  eventSource: 'organizations.amazonaws.com',
  protocol: 'json-1.1',
  targetPrefix: 'AWSOrganizationsV20161128',
  signingNames: ['organizations'],
  hostPrefixes: ['organizations'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([
    ...treeOperations,
    ...accountOperations,
    ...policyOperations,
    ...delegationOperations,
    ...tagOperations,
  ]),
};
