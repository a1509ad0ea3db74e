/** G5: jobs that take a role get `id-token: write`, at the job and with all they had. */
import { githubWorkflows } from '../../audit/index.ts';
import type { YamlEditor } from '../../formats/yaml/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Refusal } from '../rule.ts';
import { editsOf } from '../workflows/federation-rule.ts';
import { grantIdToken, needsIdToken } from '../workflows/token-permissions.ts';
import { type Blocker, blockerOf, runWorks } from '../workflows/work.ts';

export const githubPermissions: MigrationRule = defineRule({
  id: 'G5',
  title: 'Jobs that take a role may ask for a token',
  step: 'identity',
  why: 'GitHub gives id-token to no job that does not ask. At the level of the workflow every job could ask for a token that AWS trusts.',
  does: "Adds `id-token: write` to the map of the job; else gives the job a copy of the workflow's map with it; else, from a table of known actions, a map of what its steps need. Jobs that call a workflow grant what it needs.",
  refuses:
    'read-all, and jobs without any permissions that run actions or scripts whose use of the token is not known: the default of the repository is in no file.',
  source: 'https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/control-permissions',
  plan(repository) {
    const editors = new Map<SourceFile, YamlEditor>();
    const refusals: Refusal[] = [];
    const refuse = ({ rule, file, at, reason, todo }: Blocker): void => {
      refusals.push({ rule, ...file.locationOf(at), reason, todo });
    };
    for (const workflow of githubWorkflows(repository)) {
      for (const job of workflow.jobs) {
        if (!needsIdToken(repository, job)) continue;
        const { works, blockers } = grantIdToken(repository, workflow, job);
        for (const blocker of blockers) refuse(blocker);
        const failed = runWorks(works, editors);
        if (failed !== undefined) refuse(blockerOf(failed));
      }
    }
    return { edits: editsOf(editors), refusals, remarks: [] };
  },
});
