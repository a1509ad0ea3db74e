/** G6: keys leave the secrets of reusable workflows and of all their callers in one change. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule } from '../workflows/federation-rule.ts';

export const githubReusableWorkflows: MigrationRule = defineRule({
  id: 'G6',
  title: 'Reusable workflows and their callers move together',
  step: 'identity',
  why: 'The caller grants the token and the called workflow can only reduce it; a secret that one side still demands fails the call.',
  does: 'Removes the key from the declared secrets and from what every caller hands over; where the called job has no environment and nothing tells its account, callers pass role-arn. secrets: inherit stays, since nothing reads the key any more.',
  refuses: 'Workflows of other repositories, and callers for which no role is known.',
  source: 'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows',
  plan: (repository, context) => planFederationRule('G6', repository, context),
});
