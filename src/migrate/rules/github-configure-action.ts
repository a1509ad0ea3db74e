/** G1: key inputs of aws-actions/configure-aws-credentials become a role. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { planFederationRule, unreadableWorkflows } from '../workflows/federation-rule.ts';

export const githubConfigureAction: MigrationRule = defineRule({
  id: 'G1',
  title: 'configure-aws-credentials takes a role instead of keys',
  step: 'identity',
  why: 'The action asks GitHub for a token only when no key input is set; a key left beside role-to-assume silently stays in use.',
  does: 'Puts role-to-assume (a variable of the environment or repository) and a session name of the run in the place of the key inputs, and raises v1 to v3 to a version that still runs; a file that pins commits gets a commit.',
  refuses:
    'Jobs whose account or permissions no file tells, that run on pull_request_target, or whose other keys cannot be moved.',
  source: 'https://github.com/aws-actions/configure-aws-credentials#oidc',
  plan(repository, context) {
    const plan = planFederationRule('G1', repository, context);
    return { ...plan, refusals: [...plan.refusals, ...unreadableWorkflows('G1', repository)] };
  },
});
