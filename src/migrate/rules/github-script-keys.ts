/** G3: commands of run scripts that configure or pass on a key go. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule } from '../workflows/federation-rule.ts';

export const githubScriptKeys: MigrationRule = defineRule({
  id: 'G3',
  title: 'Scripts of workflows stop handing keys on',
  step: 'identity',
  why: 'A key on a command line shows in process lists and logs, and is copied into plans and .terraform.',
  does: 'Deletes whole commands of fixed shapes: aws configure set, echo into GITHUB_ENV, a here-document that becomes ~/.aws/credentials, -var and -backend-config; lets docker run hand on the whole session.',
  refuses: 'Any other shape, profiles that something else names, and variables that Terraform code still takes.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration',
  plan: (repository, context) => planFederationRule('G3', repository, context),
});
