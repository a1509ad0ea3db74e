/** The organisation: accounts in a tree, and the policies that bound them. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';
import type { Tag } from '../iam/state.ts';

export interface OrganizationsState {
  /** `o-…`. */
  readonly id: string;
  readonly managementAccount: string;
  readonly rootId: string;
  /** By id. */
  readonly accounts: Map<string, OrganizationAccount>;
  readonly units: Map<string, OrganizationalUnit>;
  readonly policies: Map<string, OrganizationPolicy>;
  /** Policy ids by target (root, unit or account id). */
  readonly attachments: Map<string, readonly string[]>;
  readonly enabledPolicyTypes: Set<OrganizationPolicyType>;
  /** Accounts by service principal: `sso.amazonaws.com`. */
  readonly delegatedAdministrators: Map<string, Set<string>>;
  /** When an account became a delegated administrator, by `service principal|account`; epoch milliseconds. */
  readonly delegatedAt: Map<string, number>;
  /** Services that may act in the accounts, by principal: when that was allowed, epoch milliseconds. */
  readonly trustedServices: Map<string, number>;
  /** CreateAccount requests by id. */
  readonly accountRequests: Map<string, AccountRequest>;
  /** Tags of the root. */
  rootTags: readonly Tag[];
}

export interface AccountRequest {
  readonly id: string;
  readonly accountName: string;
  readonly requestedAt: number;
  /** When it is over; the state is read from the clock. */
  readonly endsAt: number;
  readonly accountId: string | undefined;
  readonly failureReason: string | undefined;
}

export interface OrganizationAccount {
  readonly id: string;
  name: string;
  readonly email: string;
  readonly arn: string;
  status: 'ACTIVE' | 'SUSPENDED';
  readonly joinedAt: number;
  /** Id of the root or a unit. */
  parent: string;
  tags: readonly Tag[];
}

export interface OrganizationalUnit {
  readonly id: string;
  name: string;
  readonly parent: string;
  tags: readonly Tag[];
}

export type OrganizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

export interface OrganizationPolicy {
  readonly id: string;
  readonly arn: string;
  name: string;
  description: string;
  readonly type: OrganizationPolicyType;
  readonly awsManaged: boolean;
  tags: readonly Tag[];
  text: string;
  parsed: NamedPolicy;
}
