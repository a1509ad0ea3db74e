/** What nobody has filled in yet in keyless.yaml, and what waits for it. */
import type { Location } from '../kernel/diagnostic.ts';
import type { Intent } from './intent.ts';
import { formatYamlPath, type YamlPath } from './yaml-source.ts';

export interface MissingValue {
  /** `identity_center.start_url`. */
  readonly key: string;
  /** Where the value stands empty, or the nearest part around it. */
  readonly location: Location;
  /** What cannot be done without it, or is done less well. */
  readonly neededBy: readonly string[];
  /** False where there is a way without it. */
  readonly blocks: boolean;
  /** Where a person finds it. */
  readonly todo: string;
}

/** Every missing value, in order of the file. */
export function missingValues(intent: Intent): readonly MissingValue[] {
  const missing: MissingValue[] = [];
  const note = (path: YamlPath, rest: Pick<MissingValue, 'neededBy' | 'todo'> & { readonly blocks?: boolean }) =>
    missing.push({ key: formatYamlPath(path), location: locationOf(intent, path), blocks: true, ...rest });

  if (intent.organization.id === undefined) {
    note(['organization', 'id'], {
      neededBy: ['a state bucket policy that trusts the organisation; until then it lists the accounts one by one'],
      todo: 'aws organizations describe-organization --query Organization.Id',
      blocks: false,
    });
  }
  if (intent.identityCenter.startUrl === undefined) {
    note(['identity_center', 'start_url'], {
      neededBy: ['profiles in ~/.aws/config', 'signing in'],
      todo: 'Identity Center console → Settings → AWS access portal URL',
    });
  }
  if (intent.identityCenter.region === undefined) {
    note(['identity_center', 'region'], {
      neededBy: ['profiles in ~/.aws/config', 'signing in'],
      todo: 'Identity Center console → Settings → Region',
    });
  }
  for (const { name, id } of intent.accounts.values()) {
    if (id !== undefined) continue;
    note(['accounts', name], {
      neededBy: [`allowed_account_ids of the stacks in ${name}`, `profiles and role ARNs of ${name}`],
      todo: 'aws organizations list-accounts --query "Accounts[].[Name,Id]" --output text',
    });
  }
  for (const [index, stack] of intent.stacks.entries()) {
    const single = intent.locations.has(formatYamlPath(['stacks', index, 'account']));
    for (const workspace of stack.unassigned ?? []) {
      const path = single ? ['stacks', index, 'account'] : ['stacks', index, 'workspaces', workspace];
      note(path, {
        neededBy: [
          `provider and allowed_account_ids of ${stack.path || '.'}${single ? '' : ` in workspace ${workspace}`}`,
        ],
        todo: 'the name of an account under `accounts`',
      });
    }
  }
  for (const [index, backend] of intent.stateBackends.entries()) {
    if (backend.account === undefined) {
      note(['state', index, 'account'], {
        neededBy: [
          ...(backend.lockTable === undefined ? [] : ['the ARN of the lock table']),
          ...(backend.access === 'profile' ? ['the profile of the backend'] : []),
          'the commands for the bucket',
        ],
        todo: `the name of the account that owns ${backend.bucket}`,
      });
    }
    if (backend.region === undefined) {
      note(['state', index, 'region'], {
        neededBy: [
          ...(backend.lockTable === undefined ? [] : ['the ARN of the lock table']),
          'the commands for the bucket',
        ],
        todo: `aws s3api get-bucket-location --bucket ${backend.bucket}`,
      });
    }
  }
  if (intent.github !== undefined) {
    if (intent.github.repository === undefined) {
      note(['github', 'repository'], {
        neededBy: ['the subjects that role trust policies name', 'the gh commands'],
        todo: 'gh repo view --json nameWithOwner --jq .nameWithOwner',
      });
    }
    for (const environment of intent.github.unassigned ?? []) {
      note(['github', 'environments', environment, 'account'], {
        neededBy: [`the role ARNs of environment ${environment}`],
        todo: 'the name of an account under `accounts`',
      });
    }
  }
  for (const [index, { bucket, account, region }] of intent.moduleBuckets.entries()) {
    if (account === undefined) {
      note(['modules', index, 'account'], {
        neededBy: [`who may download modules from ${bucket}`],
        todo: `the name of the account that owns ${bucket}`,
      });
    }
    if (region === undefined) {
      note(['modules', index, 'region'], {
        neededBy: [`a rehearsal with ${bucket}`],
        todo: `aws s3api get-bucket-location --bucket ${bucket}`,
        blocks: false,
      });
    }
  }
  for (const workspace of intent.hcpTerraform?.unassigned ?? []) {
    note(['hcp_terraform', 'workspaces', workspace, 'account'], {
      neededBy: [`the roles of workspace ${workspace}`],
      todo: 'the name of an account under `accounts`',
    });
  }
  if (intent.legacy !== undefined && intent.legacy.account === undefined) {
    note(['legacy', 'account'], {
      neededBy: ['a rehearsal of the old way'],
      todo: `the name of the account of user ${intent.legacy.user}`,
      blocks: false,
    });
  }
  return missing;
}

function locationOf(intent: Intent, path: YamlPath): Location {
  for (let length = path.length; length >= 0; length--) {
    const location = intent.locations.get(formatYamlPath(path.slice(0, length)));
    if (location !== undefined) return location;
  }
  return { path: 'keyless.yaml', line: 1, column: 1 };
}
