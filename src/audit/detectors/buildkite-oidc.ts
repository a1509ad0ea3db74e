/** Roles of Buildkite steps: by OIDC token, or from the agent's own identity. */
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { asText, entriesOf, readYaml, walkYaml, type YamlEntry } from '../pipelines/yaml-reading.ts';
import { matchesIn, reportRole } from '../pipelines/yaml-report.ts';

export const buildkiteOidc: Detector = defineDetector({
  id: 'buildkite-oidc',
  title: 'A Buildkite step assumes a role',
  severity: 'info',
  class: 'dynamic',
  why: 'The token names organisation, pipeline and ref and lives for minutes.',
  fix: 'Nothing to do: make sure the role trusts no more than this pipeline.',
  source: 'https://github.com/buildkite-plugins/aws-assume-role-with-web-identity-buildkite-plugin',
  flagged: [
    {
      path: '.buildkite/pipeline.yml',
      text: "steps:\n  - command: terraform apply\n    plugins:\n      - aws-assume-role-with-web-identity#v1.4.0: { role-arn: 'arn:aws:iam::111122223333:role/apply' }\n",
    },
    {
      path: '.buildkite/pipeline.yml',
      text: 'steps:\n  - command: |\n      TOKEN=$(buildkite-agent oidc request-token --audience sts.amazonaws.com)\n      aws sts assume-role-with-web-identity --web-identity-token "$TOKEN" --role-arn arn:aws:iam::111122223333:role/apply\n',
    },
  ],
  clean: [{ path: '.buildkite/pipeline.yml', text: 'steps:\n  - command: npm test\n    plugins: [docker#v5.0.0]\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'buildkite') return;
    for (const root of readYaml(file)) {
      for (const part of walkYaml(root)) {
        for (const plugin of entriesOf(part).filter((entry) => !entry.shared && rolePlugin.test(entry.name))) {
          reportPlugin(plugin);
        }
      }
    }
    for (const { at, text } of matchesIn(file, /buildkite-agent oidc request-token/)) {
      const detail = 'a command exchanges an OIDC token of the agent for a role.';
      reportRole(report, { at, kind: 'buildkite-oidc', subject: 'command', detail, roleText: text.text });
    }

    function reportPlugin(plugin: YamlEntry): void {
      const text = [...walkYaml(plugin.value)].map((part) => asText(part)?.text ?? '').join(' ');
      const byToken = /web-identity|oidc/.test(plugin.name);
      reportRole(report, {
        at: plugin.nameRange.start,
        kind: 'buildkite-oidc',
        class: byToken ? 'dynamic' : 'indirect',
        subject: `plugin ${plugin.name.split('#')[0]}`,
        detail: `the plugin ${plugin.name} assumes a role ${byToken ? 'by OIDC' : 'with the identity of the agent'}.`,
        roleText: text,
      });
    }
  },
});

const rolePlugin = /assume-role/;
