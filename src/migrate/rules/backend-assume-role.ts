/** B2: the flat role arguments of a backend become `assume_role = { }`. */
import { staticString } from '../../formats/hcl/index.ts';
import { goDuration } from '../../kernel/go-duration.ts';
import { flatRoleArguments } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import type { Argument } from '../terraform/argument-group.ts';
import { backendRole, reasonToKeepRole } from '../terraform/backend-role.ts';
import { Changes } from '../terraform/changes.ts';
import { nestingSupport } from '../terraform/nesting-support.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { type StatePlace, statePlaces } from '../terraform/state-places.ts';
import { text, type Value } from '../terraform/value.ts';

export const backendAssumeRole: MigrationRule = defineRule({
  id: 'B2',
  title: 'Role arguments of backends move into assume_role',
  step: 'guard',
  why: 'Terraform 1.10 removed role_arn and its family from the S3 backend and from readers of state; assume_role = { } says the same since 1.6.',
  does: 'Groups role_arn, session_name, external_id and assume_role_* into `assume_role = { }`, where the role stays. One that step identity drops is left as it is until then, unless only Terraform 1.10 or newer runs it.',
  refuses:
    'Modules whose Terraform is not known to be 1.6 or newer, and Terragrunt, whose version decides. Below 1.6 the flat form is the only one and stays.',
  source: 'https://developer.hashicorp.com/terraform/language/upgrade-guides/1-6#aws-s3-backend',
  plan(repository, { intent }) {
    const changes = new Changes('B2');
    const edited: StatePlace[] = [];
    for (const place of statePlaces(repository)) {
      const { group } = place;
      const role = backendRole(group);
      if (role === undefined || role.flat.length === 0) continue;
      const spot = { file: group.file, start: role.start };
      const support = nestingSupport(place, repository);
      // A role that goes later can wait for that in the form it has, as long as that form is one Terraform takes.
      const needed = support.answer === 'yes' ? support.onlyForm : support.answer === 'no' && support.unknown;
      if (!needed && reasonToKeepRole(place, role, intent) === undefined) continue;
      if (support.answer === 'no') {
        changes.refuse(spot, support.reason, support.todo);
        continue;
      }
      if (support.answer === 'not-yet') continue;
      if (role.nested !== undefined) {
        changes.refuse(spot, 'Both role arguments and assume_role are set.', 'Remove those that are not meant.');
        continue;
      }
      const made = changes.attempt(spot, (edit) => {
        edit(group.file).groupArguments(
          'assume_role',
          role.flat.map((argument) => {
            const value = newValue(argument);
            return { argument, as: flatRoleArguments.get(argument.name) as string, ...(value && { value }) };
          }),
        );
      });
      if (made && place.kind !== 'reader') edited.push(place);
    }
    remarkReconfigure(changes, intent, edited, {
      what: 'The role of the backend is written differently',
      asPeople: false,
    });
    changes.refuseUnreadable(repository, /\bbackend\s+"s3".*\brole_arn\b|\bterraform_remote_state\b.*\brole_arn\b/s);
    return changes.plan();
  },
});

/** Seconds become a Go duration: `3600` is `"1h"`. */
function newValue({ name, value }: Argument): Value | undefined {
  if (name !== 'assume_role_duration_seconds') return undefined;
  const seconds = value.kind === 'literal' ? Number(value.value) : Number(staticString(value));
  return Number.isInteger(seconds) && seconds > 0 ? text(goDuration(seconds)) : undefined;
}
