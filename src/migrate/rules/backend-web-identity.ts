/** B6: a web identity token leaves backends; the file it comes from is named in the environment. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentOf, nestedGroups } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { statePlaces } from '../terraform/state-places.ts';

export const backendWebIdentity: MigrationRule = defineRule({
  id: 'B6',
  title: 'Web identity tokens leave backends',
  step: 'identity',
  why: 'A token in a backend is stored in clear in .terraform/ and in saved plans, and it has expired by the next run.',
  does: 'Removes web_identity_token from assume_role_with_web_identity of backends and readers. The role stays; the token comes from AWS_WEB_IDENTITY_TOKEN_FILE.',
  refuses: 'Nothing but files that cannot be edited.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#assume-role-with-web-identity-configuration',
  plan(repository) {
    const changes = new Changes('B6');
    for (const { group } of statePlaces(repository)) {
      for (const identity of nestedGroups(group, 'assume_role_with_web_identity')) {
        const token = argumentOf(identity, 'web_identity_token');
        if (token === undefined) continue;
        const spot = { file: group.file, start: token.node.start };
        const made = changes.attempt(spot, (edit) => edit(group.file).removeArgument(token));
        if (made && argumentOf(identity, 'web_identity_token_file') === undefined) {
          changes.remark(spot, 'The pipeline writes its token to a file and names it.', [
            'export AWS_WEB_IDENTITY_TOKEN_FILE=<path of the token file>',
          ]);
        }
      }
    }
    changes.refuseUnreadable(repository, /\bweb_identity_token\b/);
    return changes.plan();
  },
});
