/** Roles and profiles that Atlantis workflows work with. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { findEntry, findText, readYaml, walkYaml, type YamlPart } from '../pipelines/yaml-reading.ts';
import { reportRole } from '../pipelines/yaml-report.ts';
import { rolesIn } from '../role-arn.ts';

export const atlantisRole: Detector = defineDetector({
  id: 'atlantis-role',
  title: 'An Atlantis workflow assumes a role',
  severity: 'info',
  class: 'indirect',
  why: 'The role is assumed from what the server has: an instance or pod role is fine, a key is not.',
  fix: 'Make sure the server has a role of its own and no key in its environment or ~/.aws.',
  source: 'https://www.runatlantis.io/docs/provider-credentials.html',
  flagged: [
    {
      path: 'repos.yaml',
      text: "workflows:\n  live:\n    plan:\n      steps:\n        - env: { name: AWS_ROLE_ARN, value: 'arn:aws:iam::111122223333:role/plan' }\n        - plan\n",
    },
    {
      path: 'atlantis.yaml',
      text: "workflows:\n  live:\n    plan:\n      steps:\n        - init\n        - plan: { extra_args: ['-var', 'role_arn=arn:aws-us-gov:iam::111122223333:role/plan'] }\n",
    },
  ],
  clean: [{ path: 'atlantis.yaml', text: 'version: 3\nprojects: [{ dir: a }]\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'atlantis') return;
    for (const root of readYaml(file)) {
      const named = new Set<YamlPart>();
      for (const part of walkYaml(root)) {
        const name = findText(part, 'name');
        const value = findEntry(part, 'value')?.value;
        if (value?.kind === 'text' && name !== undefined && /^AWS_(PROFILE|ROLE_ARN|ASSUME_ROLE_ARN)$/.test(name)) {
          named.add(value);
          const detail = `workflows run with ${name}=${value.text}.`;
          role(part, 'env step', detail, value.text);
        } else if (part.kind === 'text' && !named.has(part) && rolesIn(part.text).length > 0) {
          role(part, 'step', `a step names the role ${rolesIn(part.text)[0]}.`, part.text);
        }
      }
    }

    function role(part: YamlPart, subject: string, detail: string, roleText: string): void {
      reportRole(report, { at: part.range.start, kind: 'atlantis-role', class: 'indirect', subject, detail, roleText });
    }
  },
});
