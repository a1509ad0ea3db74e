/** A world with an organisation and its accounts and nothing in them. `world/` fills it from keyless.yaml. */
import { formatArn } from '../../aws/arn.ts';
import type { Partition } from '../../aws/partition.ts';
import { defaultIdentityCenterSettings } from '../services/identity-center/settings.ts';
import type { OrganizationAccount } from '../services/organizations/state.ts';
import type { Ids } from './ids.ts';
import { KeyRegistry } from './key-registry.ts';
import type { World } from './world.ts';

export interface WorldOptions {
  readonly partition: Partition;
  readonly region: string;
  readonly ids: Ids;
  /** Epoch milliseconds at which everything came to be. */
  readonly createdAt: number;
  /** `o-…`; made up when left out. */
  readonly organizationId?: string;
  /** The first is the management account unless `managementAccount` says otherwise. At least one. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly managementAccount?: string;
  readonly identityCenter: { readonly region: string; readonly startUrl: string };
}

export function createWorld(options: WorldOptions): World {
  const { partition, ids, createdAt } = options;
  const managementAccount = options.managementAccount ?? (options.accounts[0]?.id as string);
  const organizationId = options.organizationId ?? `o-${ids.alphanumeric(10)}`;
  const rootId = `r-${ids.alphanumeric(4)}`;
  const account = ({ id, name }: { id: string; name: string }): [string, OrganizationAccount] => [
    id,
    {
      id,
      name,
      email: `aws+${name}@example.com`,
      arn: formatArn({
        partition,
        service: 'organizations',
        region: '',
        account: managementAccount,
        resource: `account/${organizationId}/${id}`,
      }),
      status: 'ACTIVE',
      joinedAt: createdAt,
      parent: rootId,
      tags: [],
    },
  ];
  return {
    partition,
    region: options.region,
    ids,
    keys: new KeyRegistry(),
    iam: {
      accounts: new Map(
        options.accounts.map(({ id }) => [
          id,
          { accountId: id, users: new Map(), roles: new Map(), policies: new Map(), oidcProviders: new Map() },
        ]),
      ),
    },
    identityCenter: {
      instanceArn: `arn:${partition}:sso:::instance/ssoins-${ids.hex(16)}`,
      identityStoreId: `d-${ids.hex(10)}`,
      ownerAccount: managementAccount,
      region: options.identityCenter.region,
      startUrl: options.identityCenter.startUrl,
      users: new Map(),
      groups: new Map(),
      memberships: new Map(),
      permissionSets: new Map(),
      assignments: new Map(),
      operations: new Map(),
      clients: new Map(),
      authorizations: new Map(),
      tokens: new Map(),
      pendingOperations: [],
      settings: defaultIdentityCenterSettings(),
      name: undefined,
      accessControlAttributes: undefined,
      tags: [],
      recentCalls: [],
    },
    organizations: {
      id: organizationId,
      managementAccount,
      rootId,
      accounts: new Map(options.accounts.map(account)),
      units: new Map(),
      policies: new Map(),
      attachments: new Map(),
      enabledPolicyTypes: new Set(),
      delegatedAdministrators: new Map(),
      delegatedAt: new Map(),
      trustedServices: new Map([['sso.amazonaws.com', createdAt]]),
      accountRequests: new Map(),
      rootTags: [],
    },
    s3: { buckets: new Map() },
    dynamodb: { tables: new Map() },
    kms: { keys: new Map(), aliases: new Map() },
    cloudtrail: { trails: new Map(), records: [] },
    issuers: { issuers: new Map(), githubJobs: new Map() },
  };
}
