/** lock-writers: backends that take the S3 lock drop the DynamoDB table. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentsNamed } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { lockTableArgument, takesLockFile } from '../terraform/lock-table.ts';
import { backendConfigFlags, heredocMentions } from '../terraform/opaque-mentions.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { nameOf, type StatePlace, statePlaces, stateWriters } from '../terraform/state-places.ts';

export const lockWriters: MigrationRule = defineRule({
  id: 'lock-writers',
  title: 'Backends drop the lock table',
  step: 'lock-writers',
  why: 'Every writer takes the lock file by now and no reader compares the digest any more, so the table locks nothing that the file does not.',
  does: 'Removes dynamodb_table and dynamodb_endpoint from backends and *.tfbackend that have `use_lockfile = true`.',
  refuses: 'Backends without the S3 lock, which would be left without any, Terragrunt, command lines and heredocs.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#state-locking',
  plan(repository, { intent }) {
    const changes = new Changes('lock-writers');
    const edited: StatePlace[] = [];
    const read = new Set(
      statePlaces(repository)
        .filter(({ kind, group }) => kind === 'reader' && lockTableArgument(group) !== undefined)
        .map((place) => place.textOf('bucket')),
    );
    for (const place of stateWriters(repository)) {
      const { group } = place;
      const found = argumentsNamed(group, ['dynamodb_table', 'dynamodb_endpoint']);
      const [first] = found;
      if (first === undefined || lockTableArgument(group) === undefined) continue;
      const spot = { file: group.file, start: first.node.start };
      if (!takesLockFile(place)) {
        changes.refuse(
          spot,
          `Without the table ${nameOf(place)} would have no lock at all: it does not take the S3 lock yet.`,
          'Do what step lock-both refused here first.',
        );
        continue;
      }
      if (read.has(place.textOf('bucket'))) {
        changes.refuse(
          spot,
          'A terraform_remote_state of this bucket still compares the digest in the table, which would go stale.',
          'Remove dynamodb_table from the readers first (step lock-readers).',
        );
        continue;
      }
      const made = changes.attempt(spot, (edit) => {
        for (const argument of found) edit(group.file).removeArgument(argument);
      });
      if (made) edited.push(place);
    }
    for (const spot of backendConfigFlags(repository, ['dynamodb_table'])) {
      changes.refuse(spot, 'The lock table is named on the command line.', 'Remove the flag by hand.');
    }
    for (const spot of heredocMentions(repository, ['dynamodb_table'])) {
      changes.refuse(
        spot,
        'A backend configuration in a heredoc still names the lock table.',
        'Remove the line there by hand and roll it out; a heredoc is never edited.',
      );
    }
    remarkReconfigure(changes, intent, edited, { what: 'The backend takes the S3 lock only', asPeople: true });
    changes.refuseUnreadable(repository, /\bdynamodb_table\b/);
    return changes.plan();
  },
});
