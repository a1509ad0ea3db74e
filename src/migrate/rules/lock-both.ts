/** lock-both: writers of state take the S3 lock file and, until all do, the DynamoDB table, named by its ARN. */
import { parseArn } from '../../aws/arn.ts';
import { staticString } from '../../formats/hcl/index.ts';
import { buildLockTableResourcePolicy, type StateBackend } from '../../intent/index.ts';
import { flatRoleArguments, type Repository } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type RuleContext } from '../rule.ts';
import { type Argument, argumentOf, argumentsNamed } from '../terraform/argument-group.ts';
import { Changes, type Spot } from '../terraform/changes.ts';
import { lockTableArgument, placeBelowLockFile, tableArnOf, takesLockFile } from '../terraform/lock-table.ts';
import { backendConfigFlags, heredocMentions } from '../terraform/opaque-mentions.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { type StatePlace, stateWriters } from '../terraform/state-places.ts';
import { flag, text } from '../terraform/value.ts';

export const lockBoth: MigrationRule = defineRule({
  id: 'lock-both',
  title: 'Backends take the S3 lock beside the table',
  step: 'lock-both',
  why: 'A writer with only the new lock and one with only the old lock do not see each other. With both set Terraform takes the file first, then the table, and goes on with both only. By its ARN the table is found from every account.',
  does: 'Adds `use_lockfile = true` beside `dynamodb_table` and writes the table as an ARN, in backends and *.tfbackend.',
  refuses:
    'The lock file below Terraform 1.10.1 (1.10.0 cannot lock in buckets with Object Lock): there only the table becomes an ARN, and so it is beside role_arn and its family, which Terraform 1.10 removed. Tables whose account or region is not known, Terragrunt, and flags on the command line.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#state-locking',
  plan(repository, context) {
    const changes = new Changes('lock-both');
    const edited: StatePlace[] = [];
    const policies = new Map<string, { readonly place: StatePlace; readonly backend: StateBackend }>();
    for (const place of stateWriters(repository)) {
      const table = lockTableArgument(place.group);
      if (table === undefined) continue;
      const outcome = takeBoth(place, table, repository, context, changes);
      if (outcome === undefined) continue;
      if (outcome.edited) edited.push(place);
      if (outcome.edited && outcome.backend !== undefined)
        policies.set(outcome.arn, { place, backend: outcome.backend });
    }
    for (const spot of backendConfigFlags(repository, ['dynamodb_table'])) {
      changes.refuse(
        spot,
        'The lock table is named on the command line.',
        'Name it by its ARN and add `-backend-config=use_lockfile=true`, or move both into the backend block.',
      );
    }
    for (const spot of heredocMentions(repository, ['dynamodb_table'])) {
      changes.refuse(
        spot,
        'A backend configuration stands in a heredoc, which is text for another machine.',
        'Add `use_lockfile = true` and the ARN of the table to that text by hand, and roll it out; a heredoc is never edited.',
      );
    }
    for (const [arn, { place, backend }] of policies) remarkPolicy(changes, place, backend, arn, context);
    remarkReconfigure(changes, context.intent, edited, { what: 'The backend takes a second lock', asPeople: false });
    changes.refuseUnreadable(repository, /\bdynamodb_table\b/);
    return changes.plan();
  },
});

function takeBoth(
  place: StatePlace,
  table: Argument,
  repository: Repository,
  { intent }: RuleContext,
  changes: Changes,
): { readonly arn: string; readonly backend: StateBackend | undefined; readonly edited: boolean } | undefined {
  const { group } = place;
  const { file } = group;
  const spot = { file, start: table.node.start };
  const isArn = parseArn(staticString(table.value) ?? '').ok;
  if (isArn && takesLockFile(place)) return undefined;

  if (place.kind === 'terragrunt') {
    changes.refuse(
      spot,
      'Terragrunt generates the backend from this map; older releases write use_lockfile in quotes, which Terraform refuses.',
      'Add `use_lockfile = true` and the ARN of the table by hand once Terragrunt is at 1.0 and Terraform at 1.10.1, and regenerate.',
    );
    return undefined;
  }
  const found = tableArnOf(place, table, intent);
  if (!('arn' in found)) changes.refuse(spot, `${found.missing}, so it cannot be named by its ARN.`, found.todo);
  const withoutLockFile =
    refuseOldTerraform(place, spot, repository, changes) || (!takesLockFile(place) && refuseOldForm(place, changes));
  if (!('arn' in found) || (withoutLockFile && isArn)) return undefined;

  const lockFile = argumentOf(group, 'use_lockfile');
  const edited = changes.attempt(spot, (edit) => {
    const editor = edit(file);
    // DynamoDB itself takes an ARN for a name, whatever the version of Terraform.
    if (!isArn) editor.setValue(table, text(found.arn));
    if (withoutLockFile || takesLockFile(place)) return;
    if (lockFile === undefined) editor.insertArgument(group, 'use_lockfile', flag(true), { after: 'dynamodb_table' });
    else editor.setValue(lockFile, flag(true));
  });
  return { ...found, edited };
}

/** True when a version is let in that must not lock by file. */
function refuseOldTerraform(place: StatePlace, spot: Spot, repository: Repository, changes: Changes): boolean {
  const older = placeBelowLockFile(place, repository);
  if (older === undefined) return false;
  const { path, line } = older.location;
  changes.refuse(
    spot,
    `${path}:${line} lets in Terraform older than 1.10.1 (${older.text}), which has no S3 lock file or cannot use it in every bucket.`,
    'Raise it to 1.10.1 or newer, wherever this state is written or read, then run again.',
  );
  return true;
}

/** True when the configuration has arguments that every Terraform with a lock file refuses. */
function refuseOldForm({ together }: StatePlace, changes: Changes): boolean {
  const [old] = together.flatMap((part) => argumentsNamed(part, flatRoleArguments.keys()));
  if (old === undefined) return false;
  changes.refuse(
    { file: old.group.file, start: old.node.start },
    `The backend still has ${old.name}: Terraform 1.10, the first with the S3 lock file, removed it, so no release takes both.`,
    'Pin Terraform to 1.10.1 or newer (`required_version = ">= 1.10.1"`), so that step guard can write the role as `assume_role = { … }`, or write it by hand; then run again.',
  );
  return true;
}

function remarkPolicy(
  changes: Changes,
  { group }: StatePlace,
  backend: StateBackend,
  arn: string,
  { intent }: RuleContext,
): void {
  const parsed = parseArn(arn);
  if (!parsed.ok) return;
  const { region, resource } = parsed.arn;
  const lockTable = {
    name: resource.replace(/^table\//, ''),
    account: backend.lockTable?.account ?? backend.account,
    region,
  };
  const policy = buildLockTableResourcePolicy(intent, { ...backend, lockTable });
  if (policy === undefined) return;
  changes.remark(
    { file: group.file, start: group.start },
    `Callers of other accounts need this resource policy on the table before they lock with it.`,
    [`aws dynamodb put-resource-policy --region ${region} --resource-arn ${arn} --policy '${JSON.stringify(policy)}'`],
  );
}
