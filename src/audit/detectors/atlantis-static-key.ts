/** Keys in Atlantis: env steps of workflows, scripts, and the values of its Helm chart. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { asText, findEntry, offsetInFile, readYaml, walkYaml } from '../pipelines/yaml-reading.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const atlantisStaticKey: Detector = defineDetector({
  id: 'atlantis-static-key',
  title: 'Atlantis is given an access key',
  severity: 'high',
  class: 'static',
  why: 'Atlantis runs plans of every pull request: code of a pull request can read the key from the environment of the server.',
  fix: 'Give the pod or instance of Atlantis a role and let workflows assume one role an account; remove the env steps and chart values that hold the key.',
  source: 'https://www.runatlantis.io/docs/provider-credentials.html',
  flagged: [
    {
      path: 'repos.yaml',
      text: `workflows:
  live:
    plan:
      steps:
        - env: { name: AWS_ACCESS_KEY_ID, value: AKIAIOSFODNN7EXAMPLE }
        - env: { name: AWS_SECRET_ACCESS_KEY, command: 'vault kv get -field=secret secret/aws' }
        - init
        - plan
`,
    },
    {
      path: 'atlantis/values.yaml',
      text: 'aws:\n  credentials: |\n    [default]\n    aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
  ],
  clean: [
    { path: 'atlantis.yaml', text: 'version: 3\nprojects:\n  - dir: stacks/network\n    workspace: dev\n' },
    {
      path: 'repos.yaml',
      text: "workflows:\n  live:\n    plan:\n      steps:\n        - env: { name: AWS_ROLE_ARN, value: 'arn:aws:iam::111122223333:role/plan' }\n        - plan\n",
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'atlantis') return;
    reportYamlCredentials(file, report, { kind: 'atlantis-static-key', label: 'Atlantis' });
    for (const root of readYaml(file)) {
      for (const part of walkYaml(root)) {
        const credentials = asText(findEntry(findEntry(part, 'aws')?.value, 'credentials')?.value);
        const key = credentials === undefined ? -1 : credentials.text.search(/aws_access_key_id/);
        if (credentials === undefined || key === -1) continue;
        const detail = 'the chart values write a credentials file with a static key into the pod.';
        const at = offsetInFile(file, credentials, key);
        report.finding({ at, usedBy: 'pipeline', detail });
        report.method({
          at,
          kind: 'atlantis-static-key',
          class: 'static',
          usedBy: 'pipeline',
          subject: 'aws.credentials',
          detail,
        });
      }
    }
  },
});
