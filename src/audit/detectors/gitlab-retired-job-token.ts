/** `CI_JOB_JWT_V2` and its siblings, which GitLab has taken away. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { matchesIn, reportRole } from '../pipelines/yaml-report.ts';

export const gitlabRetiredJobToken: Detector = defineDetector({
  id: 'gitlab-retired-job-token',
  title: 'A GitLab job uses a token that GitLab no longer issues',
  severity: 'medium',
  class: 'dynamic',
  why: 'CI_JOB_JWT and CI_JOB_JWT_V2 were deprecated in GitLab 15.9 and removed in 17.0: the job gets an empty token, and teams fall back to a stored key.',
  fix: "Declare the token under the job's id_tokens, with the audience that the role's trust policy expects.",
  source: 'https://docs.gitlab.com/update/deprecations/#old-versions-of-json-web-tokens-are-deprecated',
  flagged: [
    {
      path: '.gitlab-ci.yml',
      text: 'plan:\n  script:\n    - echo $CI_JOB_JWT_V2 > /tmp/token\n    - terraform plan\n',
    },
  ],
  clean: [
    { path: '.gitlab-ci.yml', text: 'login:\n  script: [vault write auth/jwt/login jwt=$CI_JOB_JWT]\n' },
    {
      path: '.gitlab-ci.yml',
      text: 'plan:\n  id_tokens: { T: { aud: https://gitlab.com } }\n  script: [terraform plan]\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'gitlab' || !/aws|sts|terraform|tofu/i.test(file.text)) return;
    for (const { at, match, text } of matchesIn(file, /\bCI_JOB_JWT(_V[12])?\b/)) {
      report.finding({
        at,
        usedBy: 'pipeline',
        detail: `${match[0]} is used; GitLab 17.0 and later give it no value.`,
      });
      reportRole(report, {
        at,
        kind: 'gitlab-oidc',
        subject: match[0],
        detail: `a job exchanges ${match[0]} for a role.`,
        roleText: text.text,
      });
    }
  },
});
