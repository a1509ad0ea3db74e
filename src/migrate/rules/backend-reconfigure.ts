/** B7: after a backend changed, `init -reconfigure`; scripts that would copy state instead are found first. */
import { defineRule, type MigrationRule } from '../rule.ts';
import { Changes } from '../terraform/changes.ts';

export const backendReconfigure: MigrationRule = defineRule({
  id: 'B7',
  title: 'Nothing answers the backend question with -migrate-state',
  step: 'guard',
  why: 'Every change of a backend makes init ask. Bucket and key stay the same here, so `-reconfigure` is the answer; -migrate-state and -force-copy would copy state over itself.',
  does: 'Edits nothing. Rules that change a backend print the `terraform init -reconfigure` of each stack.',
  refuses: 'Scripts and pipelines that run init with -migrate-state or -force-copy: change them first.',
  source: 'https://developer.hashicorp.com/terraform/cli/commands/init#backend-initialization',
  plan(repository) {
    const changes = new Changes('B7');
    for (const file of repository.files.filter(({ format }) => runnable.has(format))) {
      for (const match of file.text.matchAll(
        /(?:terraform|tofu|terragrunt|\$\(?\w+\)?)\b[^\n#]*\binit\b[^\n]*?\s--?(migrate-state|force-copy)\b/g,
      )) {
        changes.refuse(
          { file, start: match.index },
          `This init runs with -${match[1]}: when a backend changes it copies state.`,
          'Replace the flag by -reconfigure before anything else is applied.',
        );
      }
    }
    return changes.plan();
  },
});

const runnable: ReadonlySet<string> = new Set([
  'shell',
  'makefile',
  'justfile',
  'yaml',
  'powershell',
  'dockerfile',
  'jenkinsfile',
]);
