/** Roles that pipelines of other CI servers assume. */
import { type Detector, defineDetector } from '../detector.ts';
import { otherCiName, pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { matchesIn, reportRole } from '../pipelines/yaml-report.ts';

export const ciOidc: Detector = defineDetector({
  id: 'ci-oidc',
  title: 'A pipeline assumes a role by OIDC',
  severity: 'info',
  class: 'dynamic',
  why: 'The token ends with the build and is stored nowhere.',
  fix: 'Nothing to do: make sure the role trusts no more than this pipeline.',
  flagged: [
    {
      path: 'codefresh.yml',
      text: 'steps:\n  aws:\n    type: obtain-oidc-id-token\n  plan:\n    commands:\n      - aws sts assume-role-with-web-identity --role-arn arn:aws:iam::111122223333:role/plan --web-identity-token $ID_TOKEN --role-session-name ci\n',
    },
  ],
  clean: [{ path: '.drone.yml', text: 'kind: pipeline\nsteps:\n  - name: test\n    commands: [npm test]\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'other-ci') return;
    for (const { at, text } of matchesIn(file, /assume-role-with-web-identity|AWS_WEB_IDENTITY_TOKEN_FILE/)) {
      const subject = otherCiName(file.path);
      const detail = `${subject} exchanges an OIDC token for a role.`;
      reportRole(report, { at, kind: 'ci-oidc', subject, detail, roleText: text.text });
    }
  },
});
