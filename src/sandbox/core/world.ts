/**
 * Everything the embedded AWS knows. Each service owns its part and its folder holds that part's types; what services
 * need of each other goes through these parts, never over the wire.
 */
import type { Partition } from '../../aws/partition.ts';
import type { IssuerState } from '../issuers/state.ts';
import type { CloudTrailState } from '../services/cloudtrail/state.ts';
import type { DynamoDbState } from '../services/dynamodb/state.ts';
import type { IamState } from '../services/iam/state.ts';
import type { IdentityCenterState } from '../services/identity-center/state.ts';
import type { KmsState } from '../services/kms/state.ts';
import type { OrganizationsState } from '../services/organizations/state.ts';
import type { S3State } from '../services/s3/state.ts';
import type { Ids } from './ids.ts';
import type { KeyRegistry } from './key-registry.ts';

export interface World {
  readonly partition: Partition;
  /** Where services without a region of their own in the request live. */
  readonly region: string;
  readonly ids: Ids;
  /** Every key that was issued and still exists. */
  readonly keys: KeyRegistry;
  readonly iam: IamState;
  readonly identityCenter: IdentityCenterState;
  readonly organizations: OrganizationsState;
  readonly s3: S3State;
  readonly dynamodb: DynamoDbState;
  readonly kms: KmsState;
  readonly cloudtrail: CloudTrailState;
  /** Who mints tokens here: GitHub Actions, HCP Terraform. */
  readonly issuers: IssuerState;
}
