/** lock-readers: readers of remote state stop naming the lock table. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentsNamed } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { statePlaces } from '../terraform/state-places.ts';

export const lockReaders: MigrationRule = defineRule({
  id: 'lock-readers',
  title: 'Readers of state stop naming the lock table',
  step: 'lock-readers',
  why: 'A reader locks nothing. The table only makes it compare a digest, which goes stale as soon as a writer drops the table: "state data in S3 does not have the expected content".',
  does: 'Removes dynamodb_table and dynamodb_endpoint from every terraform_remote_state.',
  refuses:
    'Nothing but files that cannot be edited. Readers in other repositories have to drop it as well: that is a condition of the next step.',
  source: 'https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/client.go',
  plan(repository) {
    const changes = new Changes('lock-readers');
    for (const { kind, group } of statePlaces(repository)) {
      if (kind !== 'reader') continue;
      const found = argumentsNamed(group, ['dynamodb_table', 'dynamodb_endpoint']);
      const [first] = found;
      if (first === undefined) continue;
      changes.attempt({ file: group.file, start: first.node.start }, (edit) => {
        for (const argument of found) edit(group.file).removeArgument(argument);
      });
    }
    changes.refuseUnreadable(repository, /\bterraform_remote_state\b.*\bdynamodb_table\b/s);
    return changes.plan();
  },
});
