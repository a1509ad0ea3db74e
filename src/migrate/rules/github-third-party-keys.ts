/** G4: other actions that are given a key, by a table of what is known of them. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule } from '../workflows/federation-rule.ts';

export const githubThirdPartyKeys: MigrationRule = defineRule({
  id: 'G4',
  title: 'Actions of others live on the session of the job',
  step: 'identity',
  why: 'Code of others should see a credential that ends with the job; some actions cannot take a session at all.',
  does: 'Drops the key inputs of actions that read the environment, and passes the session with its token to those that have an input for it, from a table of known actions.',
  refuses: 'Unknown actions, and those that take no session token, with what to use instead.',
  source: 'https://github.com/jakejarvis/s3-sync-action/issues/86',
  plan: (repository, context) => planFederationRule('G4', repository, context),
});
