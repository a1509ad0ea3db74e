/** Whether keyless.yaml knows every account that the code can bring a provider into: nothing may be decided by it else. */
import { possibleAccounts } from '../../audit/index.ts';
import type { Intent } from '../../intent/index.ts';
import type { ProviderBlock, Repository, TerraformModule } from '../../repository/index.ts';
import { argumentOf } from './argument-group.ts';
import { assumedRoles } from './provider-roles.ts';
import { accountNameOf, type KnownWorkspace } from './stacks.ts';

export interface AccountsBeyond {
  /** In the middle of a sentence: `dev (222233334444) and 999988887777`. */
  readonly accounts: string;
  readonly todo: string;
}

/**
 * Accounts of the provider's last role, by any workspace or tfvars file, that no workspace in keyless.yaml is in;
 * `undefined` when there are none.
 */
export function accountsBeyond(
  provider: ProviderBlock,
  module: TerraformModule,
  repository: Repository,
  intent: Intent,
  workspaces: readonly KnownWorkspace[],
): AccountsBeyond | undefined {
  const role = assumedRoles(provider).at(-1);
  const arn = role && argumentOf(role, 'role_arn');
  if (role === undefined || arn === undefined) return undefined;
  const beyond = possibleAccounts({ file: role.file, node: arn.value }, repository, module.directory).filter(
    (id) => !workspaces.some(({ accountId }) => accountId === id),
  );
  if (beyond.length === 0) return undefined;
  const folder = module.directory === '' ? '.' : module.directory;
  return {
    accounts: beyond.map((id) => describe(id, intent)).join(' and '),
    todo: `List every workspace of ${folder} with its account in keyless.yaml.`,
  };
}

function describe(accountId: string, intent: Intent): string {
  const name = accountNameOf(intent, accountId);
  return name === undefined ? accountId : `${name} (${accountId})`;
}
