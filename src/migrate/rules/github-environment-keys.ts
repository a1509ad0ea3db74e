/** G2: keys in env at any level go, and one step takes the role. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule } from '../workflows/federation-rule.ts';

export const githubEnvironmentKeys: MigrationRule = defineRule({
  id: 'G2',
  title: 'Keys leave the environment of workflows, jobs and steps',
  step: 'identity',
  why: 'A key left at any level beats the exported session, or mixes its id with a token that is not its own.',
  does: 'Removes the pair at every level, and puts one step that takes the role before the first that needs AWS, with its condition and region.',
  refuses:
    'Service containers and image credentials (they start before any step), scripts that read the key under a name of their own, and variables that Terraform code still takes.',
  source: 'https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws',
  plan: (repository, context) => planFederationRule('G2', repository, context),
});
