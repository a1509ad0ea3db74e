/** Keys in the configuration of TFLint's AWS plugin. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsArguments, describeKeys, reportKeyUses, weightOfKeys } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { moduleCode } from '../terraform/module-code.ts';

export const tflintStaticKey: Detector = defineDetector({
  id: 'tflint-static-key',
  title: 'TFLint’s AWS plugin takes a static key',
  severity: 'critical',
  class: 'static',
  why: 'The file is committed for everybody; its key is in every clone.',
  fix: 'Remove access_key and secret_key: with deep_check the plugin takes the session in the environment.',
  source: 'https://github.com/terraform-linters/tflint-ruleset-aws/blob/master/docs/configuration.md',
  flagged: [
    {
      path: '.tflint.hcl',
      text: 'plugin "aws" {\n  enabled    = true\n  deep_check = true\n  access_key = "AKIAIOSFODNN7EXAMPLE"\n  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n}\n',
    },
  ],
  clean: [
    { path: '.tflint.hcl', text: 'plugin "aws" {\n  enabled = true\n  version = "0.40.0"\n}\n' },
    { path: '.tflint.hcl', text: 'plugin "aws" {\n  access_key = ""\n}\n' },
  ],
  detect(file, report, repository) {
    if (file.format !== 'tflint') return;
    const module = moduleCode(repository, file.directory);
    for (const block of blocksOfType(file, 'plugin', 'aws')) {
      const read = awsArguments([block.settings]);
      const [first] = read.keys;
      if (first === undefined || weightOfKeys(read) !== 'stored') continue;
      reportKeyUses(read, `${file.path}#plugin@${block.start}`, module, report);
      const detail = `plugin "aws" takes ${describeKeys(read, file.text)}.`;
      report.finding({ at: first.setting.start, identity: 'plugin "aws"', usedBy: 'person', detail });
      report.method({
        at: first.setting.start,
        kind: 'tflint-static-key',
        class: 'static',
        usedBy: 'person',
        subject: 'plugin "aws" of TFLint',
        detail,
      });
    }
  },
});
