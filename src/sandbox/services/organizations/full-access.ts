/** The two policies that AWS brings along: each allows everything, and is attached everywhere when its type is enabled. */
import type { Partition } from '../../../aws/partition.ts';
import type { OrganizationPolicy, OrganizationPolicyType } from './state.ts';

const ids: Readonly<
  Record<OrganizationPolicyType, { readonly id: string; readonly name: string; readonly folder: string }>
> = {
  SERVICE_CONTROL_POLICY: { id: 'p-FullAWSAccess', name: 'FullAWSAccess', folder: 'service_control_policy' },
  RESOURCE_CONTROL_POLICY: { id: 'p-RCPFullAWSAccess', name: 'RCPFullAWSAccess', folder: 'resource_control_policy' },
};

export function fullAccessId(type: OrganizationPolicyType): string {
  return ids[type].id;
}

export function fullAccessPolicy(partition: Partition, type: OrganizationPolicyType): OrganizationPolicy {
  const { id, name, folder } = ids[type];
  const rcp = type === 'RESOURCE_CONTROL_POLICY';
  const anyone = { negated: false, any: true, aws: [], service: [], federated: [], canonicalUser: [] };
  return {
    id,
    arn: `arn:${partition}:organizations::aws:policy/${folder}/${id}`,
    name,
    description: 'Allows access to every operation',
    type,
    awsManaged: true,
    tags: [],
    text: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', ...(rcp ? { Principal: '*' } : {}), Action: '*', Resource: '*' }],
    }),
    parsed: {
      name,
      policy: {
        version: '2012-10-17',
        id: undefined,
        statements: [
          {
            index: 0,
            sid: undefined,
            effect: 'Allow',
            principal: rcp ? anyone : undefined,
            actions: { negated: false, values: ['*'] },
            resources: { negated: false, values: ['*'] },
            conditions: [],
          },
        ],
      },
    },
  };
}
