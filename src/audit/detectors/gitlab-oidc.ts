/** Jobs of GitLab that get an ID token and exchange it for a role. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import {
  asText,
  entriesOf,
  findEntry,
  findText,
  readYamlTable,
  walkYaml,
  type YamlTable,
} from '../pipelines/yaml-reading.ts';
import { reportRole, soleStackOf } from '../pipelines/yaml-report.ts';

export const gitlabOidc: Detector = defineDetector({
  id: 'gitlab-oidc',
  title: 'A GitLab job assumes a role by OIDC',
  severity: 'info',
  class: 'dynamic',
  why: 'The ID token names project, branch and environment and ends with the job.',
  fix: 'Nothing to do: make sure the role trusts no more than this project and ref.',
  source: 'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
  flagged: [
    {
      path: '.gitlab-ci.yml',
      text: `plan:
  id_tokens:
    AWS_TOKEN:
      aud: https://gitlab.com
  script:
    - >
      aws sts assume-role-with-web-identity --role-arn arn:aws:iam::111122223333:role/plan
      --role-session-name ci --web-identity-token "$AWS_TOKEN"
`,
    },
    {
      path: '.gitlab-ci.yml',
      text: 'default:\n  id_tokens: { T: { aud: sts.amazonaws.com } }\nplan:\n  script: [terraform plan]\n',
    },
  ],
  clean: [{ path: '.gitlab-ci.yml', text: 'vault:\n  script: [vault login]\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'gitlab') return;
    const variables = findEntry(readYamlTable(file), 'variables')?.value;
    for (const job of entriesOf(readYamlTable(file))) {
      if (job.value?.kind !== 'table') continue;
      const tokens = findEntry(job.value, 'id_tokens');
      if (tokens === undefined || tokens.shared) continue;
      const audiences = entriesOf(tokens.value).map((token) => findText(token.value, 'aud') ?? 'no audience');
      const text = textBelow(job.value) + (variables?.kind === 'table' ? textBelow(variables) : '');
      // A token for Vault or another service is no way into AWS.
      if (
        !/aws|terraform|tofu|terragrunt|sts/i.test(text) &&
        !audiences.some((audience) => /gitlab|amazonaws/.test(audience))
      )
        continue;
      const stack = soleStackOf([job.value]);
      reportRole(report, {
        at: tokens.range.start,
        kind: 'gitlab-oidc',
        subject: `job ${job.name}`,
        detail: `job ${job.name} gets an ID token for ${audiences.join(', ')}.`,
        roleText: text,
        ...(stack === undefined ? {} : { stack }),
      });
    }
  },
});

function textBelow(table: YamlTable): string {
  return [...walkYaml(table)].map((part) => asText(part)?.text ?? '').join('\n');
}
