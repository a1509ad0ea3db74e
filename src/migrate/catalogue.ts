/**
 * Every migration rule, in the order in which the rules of a step run. Documentation, `keyless explain` and the tests
 * over before and after folders are made from this list.
 */
import type { MigrationRule } from './rule.ts';
import { backendAccess } from './rules/backend-access.ts';
import { backendAssumeRole } from './rules/backend-assume-role.ts';
import { backendEncryption } from './rules/backend-encryption.ts';
import { backendReconfigure } from './rules/backend-reconfigure.ts';
import { backendRenamedArguments } from './rules/backend-renamed-arguments.ts';
import { backendStaticKeys } from './rules/backend-static-keys.ts';
import { backendWebIdentity } from './rules/backend-web-identity.ts';
import { commentedKeys } from './rules/commented-keys.ts';
import { githubCompositeActions } from './rules/github-composite-actions.ts';
import { githubConfigureAction } from './rules/github-configure-action.ts';
import { githubEnvironmentKeys } from './rules/github-environment-keys.ts';
import { githubOrder } from './rules/github-order.ts';
import { githubPermissions } from './rules/github-permissions.ts';
import { githubReusableWorkflows } from './rules/github-reusable-workflows.ts';
import { githubScriptKeys } from './rules/github-script-keys.ts';
import { githubThirdPartyKeys } from './rules/github-third-party-keys.ts';
import { githubTriggers } from './rules/github-triggers.ts';
import { lockBoth } from './rules/lock-both.ts';
import { lockReaders } from './rules/lock-readers.ts';
import { lockTable } from './rules/lock-table.ts';
import { lockWriters } from './rules/lock-writers.ts';
import { moduleSource } from './rules/module-source.ts';
import { otherPipelines } from './rules/other-pipelines.ts';
import { providerAccountGuard } from './rules/provider-account-guard.ts';
import { providerAssumeRole } from './rules/provider-assume-role.ts';
import { providerCredentialsFiles } from './rules/provider-credentials-files.ts';
import { providerProfile } from './rules/provider-profile.ts';
import { providerStaticKeys } from './rules/provider-static-keys.ts';
import { providerUpgrade } from './rules/provider-upgrade.ts';
import { providerVersion } from './rules/provider-version.ts';
import { retireUser } from './rules/retire-user.ts';
import { scriptKeys } from './rules/script-keys.ts';
import { vpcModuleUpgrade } from './rules/vpc-module-upgrade.ts';

export const migrationRules: readonly MigrationRule[] = [
  backendReconfigure,
  providerVersion,
  providerCredentialsFiles,
  providerUpgrade,
  vpcModuleUpgrade,
  providerAccountGuard,
  backendAssumeRole,
  backendRenamedArguments,
  backendEncryption,
  lockBoth,
  backendStaticKeys,
  providerStaticKeys,
  providerProfile,
  providerAssumeRole,
  backendAccess,
  backendWebIdentity,
  moduleSource,
  commentedKeys,
  githubOrder,
  githubReusableWorkflows,
  githubCompositeActions,
  githubConfigureAction,
  githubEnvironmentKeys,
  githubScriptKeys,
  githubThirdPartyKeys,
  githubPermissions,
  githubTriggers,
  otherPipelines,
  scriptKeys,
  lockReaders,
  lockWriters,
  lockTable,
  retireUser,
];
