/** P2-files: `shared_credentials_file` becomes the list that AWS provider 5 takes. */
import { terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { argumentOf } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { groupsOfProvider, isAws } from '../terraform/provider-roles.ts';

export const providerCredentialsFiles: MigrationRule = defineRule({
  id: 'P2-files',
  title: 'shared_credentials_file becomes a list',
  step: 'guard',
  why: 'AWS provider 5 has only shared_credentials_files. The list means the same, and provider 4 takes it too.',
  does: 'Renames shared_credentials_file in `provider "aws"` and makes its value a list.',
  refuses: 'Nothing but files that cannot be edited. P2 removes the argument later, where the account is known.',
  source:
    'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade#provider-arguments',
  plan(repository) {
    const changes = new Changes('P2-files');
    for (const group of terraformModules(repository).flatMap(({ providers }) =>
      providers.filter(isAws).flatMap(groupsOfProvider),
    )) {
      const argument = argumentOf(group, 'shared_credentials_file');
      if (argument === undefined) continue;
      const { file } = group;
      changes.attempt({ file, start: argument.node.start }, (edit) => {
        if (argumentOf(group, 'shared_credentials_files') !== undefined) {
          edit(file).removeArgument(argument);
          return;
        }
        edit(file).wrapInList(argument);
        edit(file).renameArgument(argument, 'shared_credentials_files');
      });
    }
    changes.refuseUnreadable(repository, /\bshared_credentials_file\b/);
    return changes.plan();
  },
});
