/** B4: how state is reached: directly through the bucket policy, or with the profile that keyless.yaml names. */
import { parseArn } from '../../aws/arn.ts';
import { staticString } from '../../formats/hcl/index.ts';
import { type Intent, type StateBackend, stateProfileName } from '../../intent/index.ts';
import type { Repository } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type RuleContext } from '../rule.ts';
import { type Argument, argumentOf, argumentsNamed, isUnset } from '../terraform/argument-group.ts';
import { type BackendRole, backendRole, reasonToKeepRole } from '../terraform/backend-role.ts';
import { Changes } from '../terraform/changes.ts';
import { lockTableArgument, placeBelowLockFile, takesLockFile } from '../terraform/lock-table.ts';
import { backendConfigFlags } from '../terraform/opaque-mentions.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { stackAt } from '../terraform/stacks.ts';
import { type StatePlace, stateBackendOf, statePlaces } from '../terraform/state-places.ts';
import { text } from '../terraform/value.ts';

export const backendAccess: MigrationRule = defineRule({
  id: 'B4',
  title: 'State is reached as keyless.yaml says: directly or by profile',
  step: 'identity',
  why: 'A committed profile or a role made for the old key locks out either people or pipelines. With direct access the caller is let in by the bucket policy and nothing about it stands in the code.',
  does: 'direct: removes profile, credentials files, and a role of the state account. profile: writes the profile into backends, which pipelines empty with -backend-config=profile=, and removes the role.',
  refuses:
    'Buckets that keyless.yaml does not describe, roles of other accounts or with an external id or policies, and profiles of readers with access: profile, which nothing can override.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3',
  plan(repository, context) {
    const changes = new Changes('B4');
    const { intent } = context;
    const edited: StatePlace[] = [];
    const withProfile: StatePlace[] = [];
    for (const place of statePlaces(repository)) {
      const outcome = settle(place, repository, context, changes);
      if (outcome !== 'left' && place.kind !== 'reader') edited.push(place);
      if (outcome === 'profile-written') withProfile.push(place);
    }
    remarkPipelines(changes, withProfile);
    for (const spot of backendConfigFlags(repository, ['profile', 'role_arn', 'shared_credentials_file'])) {
      // A pipeline empties the profile of a backend this way.
      if (/profile\s*=\s*["']?(\s|$)/.test(spot.file.text.slice(spot.start, spot.start + 60))) continue;
      changes.refuse(
        spot,
        'Terraform is told on the command line how to reach state.',
        'Remove the flag once the backend reaches state as keyless.yaml says.',
      );
    }
    remarkReconfigure(changes, intent, edited, { what: 'The way into the state bucket changed', asPeople: true });
    changes.refuseUnreadable(repository, /\b(backend\s+"s3"|terraform_remote_state)\b.*\b(profile|role_arn)\b/s);
    return changes.plan();
  },
});

type Outcome = 'left' | 'edited' | 'profile-written';

function settle(place: StatePlace, repository: Repository, { intent }: RuleContext, changes: Changes): Outcome {
  const { group } = place;
  const { file } = group;
  const backend = stateBackendOf(intent, place);
  const profile = argumentOf(group, 'profile');
  const files = argumentsNamed(group, ['shared_credentials_file', 'shared_credentials_files', 'shared_config_files']);
  const role = backendRole(group);
  if (backend === undefined) {
    const start = [profile, ...files].find((argument) => argument !== undefined)?.node.start ?? role?.start;
    if (start !== undefined) refuseUnknownBucket(place, start, changes);
    return 'left';
  }
  const table = namedTable(place);
  if (table !== undefined && leavesItsAccount(place, backend, intent)) {
    changes.refuse(
      { file: table.group.file, start: table.node.start },
      'The lock table is named without its account, so it would be looked for in the account of whoever runs Terraform.',
      'Name the table by its ARN first: step lock-both says what it lacks.',
    );
    return 'left';
  }

  if (role !== undefined && waitsForLock(place, role, repository)) {
    changes.refuse(
      { file, start: role.start },
      'Step lock-both could not add the S3 lock beside this role, and it comes before the role goes.',
      'Do what step lock-both says of this backend first.',
    );
    return 'left';
  }

  const kept = role === undefined ? undefined : reasonToKeepRole(place, role, intent);
  if (role !== undefined && kept !== undefined) changes.refuse({ file, start: role.start }, kept.reason, kept.todo);
  const gone: Argument[] = [...files];
  const wanted = backend.access === 'profile' ? stateProfileName(intent, backend) : undefined;
  if (backend.access === 'direct' && profile !== undefined && !isUnset(profile)) gone.push(profile);
  const writesProfile = wantsProfile(place, backend, wanted, profile, changes);
  if (gone.length === 0 && !writesProfile && (role === undefined || kept !== undefined)) return 'left';

  const start = gone[0]?.node.start ?? role?.start ?? profile?.node.start ?? group.start;
  const made = changes.attempt({ file, start }, (edit) => {
    const editor = edit(file);
    if (role !== undefined && kept === undefined) {
      for (const argument of role.flat) editor.removeArgument(argument);
      if (role.nested !== undefined) editor.removeNested(role.nested);
    }
    for (const argument of gone) editor.removeArgument(argument);
    if (writesProfile && wanted !== undefined) {
      if (profile === undefined) editor.insertArgument(group, 'profile', text(wanted), { after: 'region' });
      else editor.setValue(profile, text(wanted));
    }
  });
  if (!made) return 'left';
  return writesProfile ? 'profile-written' : 'edited';
}

/**
 * The role is all that keeps the S3 lock out. Taking it away here would let step lock-both go on in the next run: the
 * steps would have changed places.
 */
function waitsForLock(place: StatePlace, role: BackendRole, repository: Repository): boolean {
  if (place.kind === 'reader' || role.flat.length === 0 || takesLockFile(place)) return false;
  const hasTable = place.together.some((part) => lockTableArgument(part) !== undefined);
  return hasTable && placeBelowLockFile(place, repository) === undefined;
}

function refuseUnknownBucket(place: StatePlace, start: number, changes: Changes): void {
  const bucket = place.textOf('bucket');
  changes.refuse(
    { file: place.group.file, start },
    `keyless.yaml has no state bucket ${bucket ?? '(its name is not in the code)'}, so how it is reached stays.`,
    'Add the bucket under `state:` with its account and access.',
  );
}

/** Pipelines have no profile; an empty one on the command line wins over the code. */
function remarkPipelines(changes: Changes, places: readonly StatePlace[]): void {
  const [first] = places;
  if (first === undefined) return;
  const folders = new Set(places.flatMap(({ modules }) => modules.map(({ directory }) => directory)));
  changes.remark(
    { file: first.group.file, start: first.group.start },
    'Pipelines have no such profile: their init empties it, and the bucket policy lets their role in.',
    [...folders].map((folder) => `terraform${folder === '' ? '' : ` -chdir=${folder}`} init -backend-config=profile=`),
  );
}

/** Somebody who runs this stack is not in the account of the table, as far as keyless.yaml says. */
function leavesItsAccount(place: StatePlace, backend: StateBackend, intent: Intent): boolean {
  const owner = backend.lockTable?.account ?? backend.account;
  const accounts = place.modules.flatMap(({ directory }) => [
    ...(stackAt(intent, directory)?.workspaces.values() ?? ['']),
  ]);
  return accounts.length === 0 || accounts.some((account) => account !== owner);
}

/** The lock table of a writer that is no ARN. A reader without it only skips a digest. */
function namedTable(place: StatePlace): Argument | undefined {
  if (place.kind === 'reader') return undefined;
  return place.together
    .map(lockTableArgument)
    .find((table) => table !== undefined && !parseArn(staticString(table.value) ?? '').ok);
}

/** Whether this place gets the profile; says why not where it should but can't. */
function wantsProfile(
  place: StatePlace,
  backend: StateBackend,
  wanted: string | undefined,
  profile: Argument | undefined,
  changes: Changes,
): boolean {
  if (backend.access !== 'profile') return false;
  const { file, start } = place.group;
  if (place.kind === 'reader') {
    if (profile !== undefined && staticString(profile.value) !== undefined && !isUnset(profile)) {
      changes.refuse(
        { file, start: profile.node.start },
        'A pipeline has no such profile, and the configuration of a reader cannot be overridden from outside.',
        `Write \`profile = var.state_profile\` with a variable whose default is "${wanted ?? ''}", and set TF_VAR_state_profile="" in pipelines; or choose \`access: direct\`.`,
      );
    }
    return false;
  }
  if (wanted === undefined) {
    changes.refuse(
      { file, start },
      `keyless.yaml names neither the profile nor the account of bucket ${backend.bucket}.`,
      `Fill in \`profile\` or \`account\` of ${backend.bucket} under \`state:\`.`,
    );
    return false;
  }
  if (profile !== undefined) return staticString(profile.value) !== wanted;
  // It stands once in a configuration of several parts: where the bucket does.
  return (
    argumentOf(place.group, 'bucket') !== undefined &&
    !place.together.some((part) => argumentOf(part, 'profile') !== undefined)
  );
}
