/** B3: backend arguments that Terraform 1.6 renamedBackendArguments. */
import { flatEndpointArguments, renamedBackendArguments } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentOf, argumentsNamed, nestedGroups } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { nestingSupport } from '../terraform/nesting-support.ts';
import { remarkReconfigure } from '../terraform/reconfigure.ts';
import { type StatePlace, statePlaces } from '../terraform/state-places.ts';

export const backendRenamedArguments: MigrationRule = defineRule({
  id: 'B3',
  title: 'Backend arguments take their names of Terraform 1.6',
  step: 'guard',
  why: 'Endpoints, path style and credentials files have new names since Terraform 1.6; the old ones print warnings and will go.',
  does: 'Writes endpoint and *_endpoint as `endpoints = { }`, shared_credentials_file as the list shared_credentials_files, force_path_style as use_path_style.',
  refuses:
    'Modules whose Terraform is not known to be 1.6 or newer, Terragrunt, and an old and a new name side by side.',
  source: 'https://developer.hashicorp.com/terraform/language/upgrade-guides/1-6#aws-s3-backend',
  plan(repository, { intent }) {
    const changes = new Changes('B3');
    const edited: StatePlace[] = [];
    for (const place of statePlaces(repository)) {
      const { group } = place;
      const { file } = group;
      const old = argumentsNamed(group, [...flatEndpointArguments.keys(), ...renamedBackendArguments.keys()]);
      const [first] = old;
      if (first === undefined) continue;
      const spot = { file, start: first.node.start };
      const support = nestingSupport(place, repository);
      if (support.answer === 'no') changes.refuse(spot, support.reason, support.todo);
      if (support.answer !== 'yes') continue;
      const taken = old.find(({ name }) => {
        const successor = renamedBackendArguments.get(name);
        return successor !== undefined && argumentOf(group, successor) !== undefined;
      });
      if (taken !== undefined) {
        changes.refuse(
          { file, start: taken.node.start },
          `Both ${taken.name} and ${renamedBackendArguments.get(taken.name)} are set.`,
          'Remove the one that is not meant.',
        );
        continue;
      }
      const endpoints = argumentsNamed(group, flatEndpointArguments.keys());
      const [grouped] = nestedGroups(group, 'endpoints');
      if (endpoints.length > 0 && grouped !== undefined) {
        changes.refuse(spot, `Both ${endpoints[0]?.name} and endpoints are set.`, 'Move it into endpoints by hand.');
        continue;
      }
      const made = changes.attempt(spot, (edit) => {
        for (const argument of argumentsNamed(group, renamedBackendArguments.keys())) {
          if (argument.name === 'shared_credentials_file') edit(file).wrapInList(argument);
          edit(file).renameArgument(argument, renamedBackendArguments.get(argument.name) as string);
        }
        if (endpoints.length > 0) {
          const members = endpoints.map((argument) => ({
            argument,
            as: flatEndpointArguments.get(argument.name) as string,
          }));
          edit(file).groupArguments('endpoints', members);
        }
      });
      if (made && place.kind !== 'reader') edited.push(place);
    }
    remarkReconfigure(changes, intent, edited, { what: 'Arguments of the backend have new names', asPeople: false });
    changes.refuseUnreadable(repository, /\b(force_path_style|(dynamodb|iam|sts)_endpoint)\b/);
    return changes.plan();
  },
});
