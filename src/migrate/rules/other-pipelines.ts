/** other-pipelines: GitLab, CircleCI, Bitbucket, Buildkite, Azure and the rest: where the key is, and what to write instead. */
import { findJenkinsKeys, findYamlCredentials } from '../../audit/index.ts';
import { type Intent, pipelineRoleArn } from '../../intent/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Refusal, type Remark } from '../rule.ts';
import { type UneditedServer, uneditedServerOf } from '../unedited-pipelines.ts';
import { pipelinePatch } from '../workflows/pipeline-patches.ts';

export const otherPipelines: MigrationRule = defineRule({
  id: 'other-pipelines',
  title: 'Pipelines of other servers are told how to take a role',
  step: 'identity',
  why: 'Each of these servers issues a token for a job that AWS can trust; where a variable of the server still holds a key, that key wins.',
  does: 'Edits nothing. Names every place that holds a key, and prints what to write in its stead for GitLab, CircleCI, Bitbucket, Buildkite, Azure and Jenkins.',
  refuses:
    'All of them: variables set in the user interface of these servers are in no file and have to go in the same change.',
  source: 'https://docs.gitlab.com/ci/cloud_services/aws/',
  plan(repository, { intent }) {
    const refusals: Refusal[] = [];
    const remarks: Remark[] = [];
    for (const file of repository.files) {
      const kind = uneditedServerOf(file, repository);
      if (kind === undefined) continue;
      const places = placesIn(file, kind);
      if (places.length === 0) continue;
      const { server, patch, afterwards } = pipelinePatch(kind, roleArn(intent));
      for (const at of places) {
        refusals.push({
          rule: 'other-pipelines',
          ...file.locationOf(at),
          reason: `${server} pipelines are not edited.`,
          todo:
            patch === undefined
              ? afterwards
              : `Take the key out here and let the job take a role as printed for ${file.path}. ${afterwards}`,
        });
      }
      if (patch !== undefined) {
        const [first = 0] = places;
        remarks.push({
          rule: 'other-pipelines',
          ...file.locationOf(first),
          text: `What ${file.path} needs in the jobs that use AWS:`,
          commands: [patch],
        });
      }
    }
    return { edits: [], refusals, remarks };
  },
});

function placesIn(file: SourceFile, kind: UneditedServer | 'jenkins'): readonly number[] {
  if (kind === 'jenkins') return findJenkinsKeys(file.text).map(({ at }) => at);
  return findYamlCredentials(file).flatMap(({ parts }) => (parts[0] === undefined ? [] : [parts[0].at]));
}

/** A plan's role reads only, so it is the one to begin with. */
function roleArn(intent: Intent): string {
  const [account] = intent.accounts.keys();
  const arn = account === undefined ? undefined : pipelineRoleArn(intent, account, 'plan');
  return arn ?? `arn:${intent.partition}:iam::<account id>:role/${intent.pipelineRoles.plan}`;
}
