/** P2: profiles and credentials files leave provider blocks; the account is chosen by the session. */
import { profileName } from '../../intent/index.ts';
import { type ProviderBlock, type TerraformModule, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { type Argument, argumentOf, argumentsNamed, groupOfBlock, isUnset } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { orphansOf, removeLocals } from '../terraform/name-uses.ts';
import { assumedRoles, groupsOfProvider, isAws, providerArgument } from '../terraform/provider-roles.ts';
import { accountsOfModule } from '../terraform/stacks.ts';

export const providerProfile: MigrationRule = defineRule({
  id: 'P2',
  title: 'Profiles and credentials files leave provider blocks',
  step: 'identity',
  why: 'A profile in the code is a name on one machine: pipelines have none, and it beats the session that a person chose.',
  does: 'Removes profile, shared_credentials_file(s) and shared_config_files from AWS providers of stacks whose accounts keyless.yaml knows. People choose the account with AWS_PROFILE, pipelines by their role.',
  refuses:
    'Stacks whose account is not known, and modules whose providers use different profiles: each may be another account, and a session is in one.',
  source:
    'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#shared-configuration-and-credentials-files',
  plan(repository, { intent }) {
    const changes = new Changes('P2');
    for (const module of terraformModules(repository)) {
      const providers = module.providers.filter(isAws);
      const found = providers.flatMap((provider) =>
        groupsOfProvider(provider).flatMap((group) =>
          argumentsNamed(group, names).filter((argument) => !isLeftToTheRun(argument, module)),
        ),
      );
      const [first] = found;
      if (first === undefined) continue;
      const accounts = accountsOfModule(intent, repository, module);
      for (const argument of found) {
        const spot = { file: argument.group.file, start: argument.node.start };
        if (!accounts.known) {
          changes.refuse(spot, `${argument.name} chooses the account, and ${accounts.missing}.`, accounts.todo);
        } else if (differentProfiles(providers)) {
          changes.refuse(
            spot,
            'The providers of this module use different profiles, so they may be in different accounts; a session is in one.',
            'Split the module by account, or give every provider an assume_role into its account.',
          );
        }
      }
      if (!accounts.known || differentProfiles(providers)) continue;

      const orphans = orphansOf(repository, module, found);
      const spot = { file: first.group.file, start: first.node.start };
      const made = changes.attempt(spot, (edit) => {
        for (const argument of found) edit(argument.group.file).removeArgument(argument);
        removeLocals(edit, orphans.locals);
      });
      if (!made) continue;
      const profiles = [...new Set(accounts.workspaces.map(({ account }) => profileName(intent, account, 'plan')))];
      changes.remark(
        spot,
        `The profile of ${module.directory || 'the root'} is chosen outside the code now.`,
        profiles.map((profile) => `export AWS_PROFILE=${profile}`),
      );
      for (const name of orphans.variables) remarkUnused(changes, module, name);
    }
    changes.refuseUnreadable(repository, /provider\s+"aws(cc)?"[^}]*\b(profile|shared_credentials_files?)\b/s);
    return changes.plan();
  },
});

const names = ['profile', 'shared_credentials_file', 'shared_credentials_files', 'shared_config_files'];

/** Unset, or a variable that is unset by default: the code leaves it to whoever runs it. */
function isLeftToTheRun(argument: Argument, module: TerraformModule): boolean {
  if (isUnset(argument)) return true;
  const { value } = argument;
  if (value.kind !== 'traversal' || value.root !== 'var') return false;
  const [name] = value.steps;
  const variable = name?.kind === 'attribute' ? module.variables.get(name.name) : undefined;
  const fallback = variable && argumentOf(groupOfBlock(variable.file, variable.node), 'default');
  return fallback === undefined || isUnset(fallback);
}

function differentProfiles(providers: readonly ProviderBlock[]): boolean {
  const profiles = providers
    .filter((provider) => assumedRoles(provider).length === 0)
    .map((provider) => {
      const profile = providerArgument(provider, 'profile');
      return profile === undefined ? '' : profile.group.file.text.slice(profile.value.start, profile.value.end);
    });
  return new Set(profiles).size > 1;
}

function remarkUnused(changes: Changes, module: TerraformModule, name: string): void {
  const variable = module.variables.get(name);
  if (variable === undefined) return;
  changes.remark(
    { file: variable.file, start: variable.node.start },
    `Nothing uses var.${name} any more. It stays, because pipelines may still pass it; remove it together with whatever sets it.`,
  );
}
