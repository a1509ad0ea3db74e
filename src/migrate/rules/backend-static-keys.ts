/** B1: access keys leave backends, partial backend configuration and readers of remote state. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { Changes } from '../terraform/changes.ts';
import { keyArguments, removeKeys } from '../terraform/key-arguments.ts';
import { statePlaces } from '../terraform/state-places.ts';

export const backendStaticKeys: MigrationRule = defineRule({
  id: 'B1',
  title: 'Access keys leave backends and readers of state',
  step: 'identity',
  why: 'A key in a backend is stored in clear in .terraform/ and in every saved plan, and beats every session.',
  does: 'Removes access_key, secret_key and token from `backend "s3"`, *.tfbackend, Terragrunt remote_state and terraform_remote_state, with variables that nothing else uses.',
  refuses: 'Nothing but files that cannot be edited.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration',
  plan(repository) {
    const changes = new Changes('B1');
    for (const { kind, group, modules } of statePlaces(repository)) {
      const keys = keyArguments(group);
      const [first] = keys;
      if (first === undefined) continue;
      const spot = { file: group.file, start: first.node.start };
      const [module] = modules;
      // Only a reader may hold references; a backend is made of literals.
      const made =
        kind === 'reader' && module !== undefined
          ? removeKeys(changes, repository, module, keys, spot)
          : changes.attempt(spot, (edit) => {
              for (const key of keys) edit(group.file).removeArgument(key);
            });
      if (!made || kind === 'reader') continue;
      const folders = modules.map(({ directory }) => (directory === '' ? '.terraform' : `${directory}/.terraform`));
      changes.remark(
        spot,
        'Working copies that ran init with this key hold it in clear, and so do the plans they saved.',
        folders.map((folder) => `rm -rf ${folder}`),
      );
    }
    changes.refuseUnreadable(
      repository,
      /\b(backend\s+"s3"|terraform_remote_state|remote_state)\b.*\b(access_key|secret_key)\b/s,
    );
    return changes.plan();
  },
});
