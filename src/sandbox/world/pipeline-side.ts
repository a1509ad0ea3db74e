/** OIDC providers and the roles that pipelines take, in every account where keyless.yaml has a job or workspace for them. */
import {
  buildPipelinePermissions,
  buildPipelineTrust,
  oidcProvidersNeeded,
  type PipelinePhase,
  pathAndName,
  pipelineSessionSeconds,
  printPolicy,
} from '../../intent/index.ts';
import { createOidcProvider, createRole } from '../services/iam/build.ts';
import { accountId, type BuiltWorld } from './built-world.ts';

const pipelinePhases: readonly PipelinePhase[] = ['plan', 'apply', 'publish'];

export function makePipelineRoles(made: Pick<BuiltWorld, 'world' | 'intent'>, createdAt: number): void {
  const { world, intent } = made;
  for (const { account, url, clientId } of oidcProvidersNeeded(intent)) {
    createOidcProvider(world, accountId(made, account), { url, clientIds: [clientId], createdAt });
  }
  for (const { name: account, id } of intent.accounts.values()) {
    if (id === undefined) continue;
    for (const phase of pipelinePhases) {
      const trust = buildPipelineTrust(intent, account, phase);
      if (trust === undefined) continue;
      const { inline, managedPolicies } = buildPipelinePermissions(intent, phase);
      const { path, name } = pathAndName(intent.pipelineRoles[phase]);
      createRole(world, id, {
        name,
        path,
        createdAt,
        trust: printPolicy(trust),
        attached: managedPolicies,
        maxSessionDuration: pipelineSessionSeconds,
        ...(inline !== undefined && { inline: { keyless: printPolicy(inline) } }),
      });
    }
  }
}
