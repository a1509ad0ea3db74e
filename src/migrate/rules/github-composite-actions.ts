/** G7: key inputs of composite actions become a role input, with all steps that use them. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule } from '../workflows/federation-rule.ts';

export const githubCompositeActions: MigrationRule = defineRule({
  id: 'G7',
  title: 'Actions of the repository take a role, and so do their callers',
  step: 'identity',
  why: 'An action cannot declare permissions, and every workflow that uses it has to hold the key.',
  does: 'Puts one input for the role in the place of the key inputs, takes it inside by configure-aws-credentials, and passes it in every step that uses the action.',
  refuses: 'Actions that are programs of their own, and actions that hand the key on to another.',
  source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax',
  plan: (repository, context) => planFederationRule('G7', repository, context),
});
