/** The organisation: accounts in a tree, and the policies that bound them. */
import type { NamedPolicy } from '../../../aws/policy/request.ts';

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
}

export interface OrganizationalUnit {
  readonly id: string;
  name: string;
  readonly parent: string;
}

export type OrganizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

export interface OrganizationPolicy {
  readonly id: string;
  readonly arn: string;
  name: string;
  description: string;
  readonly type: OrganizationPolicyType;
  readonly awsManaged: boolean;
  text: string;
  parsed: NamedPolicy;
}
