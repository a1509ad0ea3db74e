/** Steps of Bitbucket Pipelines with an OIDC token. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { asText, findEntry, findText, readYaml, walkYaml } from '../pipelines/yaml-reading.ts';
import { reportRole, soleStackOf } from '../pipelines/yaml-report.ts';

export const bitbucketOidc: Detector = defineDetector({
  id: 'bitbucket-oidc',
  title: 'A Bitbucket step assumes a role by OIDC',
  severity: 'info',
  class: 'dynamic',
  why: 'The token names workspace, repository and deployment environment and ends with the step.',
  fix: 'Nothing to do: make sure the role trusts no more than this repository and environment.',
  source: 'https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/',
  flagged: [
    {
      path: 'bitbucket-pipelines.yml',
      text: `pipelines:
  default:
    - step:
        name: apply
        oidc: true
        script:
          - export AWS_ROLE_ARN=arn:aws:iam::111122223333:role/apply
          - terraform -chdir=stacks/db apply
`,
    },
  ],
  clean: [{ path: 'bitbucket-pipelines.yml', text: 'pipelines:\n  default:\n    - step: { script: [npm test] }\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'bitbucket') return;
    for (const root of readYaml(file)) {
      for (const part of walkYaml(root)) {
        const oidc = findEntry(part, 'oidc');
        if (oidc === undefined || oidc.shared || asText(oidc.value)?.text !== 'true') continue;
        const name = findText(part, 'name');
        const subject = name === undefined ? 'a step' : `step ${name}`;
        const deployment = findText(part, 'deployment');
        const stack = soleStackOf([part]);
        reportRole(report, {
          at: oidc.range.start,
          kind: 'bitbucket-oidc',
          subject,
          detail: `${subject} gets an OIDC token${deployment === undefined ? '' : ` for the deployment ${deployment}`}.`,
          roleText: [...walkYaml(part)].map((each) => asText(each)?.text ?? '').join('\n'),
          ...(stack === undefined ? {} : { stack }),
        });
      }
    }
  },
});
