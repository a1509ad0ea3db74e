/** AWS keys in the environment of programs that Terraform starts: provisioners and external data sources. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { configurationBlocks } from '../terraform/configuration-block.ts';
import { keyAssignments } from '../terraform/environment-assignments.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { addressOf } from '../terraform/resources.ts';
import { valueSources } from '../terraform/value-source.ts';

export const provisionerStaticKey: Detector = defineDetector({
  id: 'provisioner-static-key',
  title: 'Provisioner is given an AWS key',
  severity: 'high',
  class: 'static',
  why: 'The program gets a long-lived key where the session of the run would do, and the value is in the plan.',
  fix: 'Drop the variables: a local program inherits the session in Terraform’s environment; a remote one gets a role.',
  source: 'https://developer.hashicorp.com/terraform/language/resources/provisioners/local-exec',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "null_resource" "sync" {\n  provisioner "local-exec" {\n    command = "aws s3 sync . s3://b"\n    environment = {\n      AWS_ACCESS_KEY_ID     = var.key\n      AWS_SECRET_ACCESS_KEY = var.secret\n    }\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "external" "x" {\n  program = ["./x"]\n  query   = { aws_secret_access_key = var.secret }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "null_resource" "sync" {\n  provisioner "local-exec" {\n    command     = "true"\n    environment = { AWS_REGION = "eu-west-1" }\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command     = "true"\n    environment = { AWS_ACCESS_KEY_ID = "" }\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const block of configurationBlocks(file)) {
      const groups =
        block.type === 'resource'
          ? block.settings.nested('provisioner')
          : block.type === 'data' && block.labels[0] === 'external'
            ? [block.settings]
            : [];
      const assignments = groups.flatMap(keyAssignments);
      const [first] = assignments;
      if (first === undefined) continue;
      const subject = addressOf(block);
      const slot = `${file.path}#provisioner@${block.start}`;
      for (const { part, at, value } of assignments) {
        for (const source of valueSources(value, module)) report.use({ at, slot, part, source });
      }
      const given = assignments.map(({ name, value }) => `${name} ${describeOrigin(value, file.text)}`).join(', ');
      const detail = `${subject} hands ${given} to the program it starts.`;
      reportPlace(report, {
        at: first.at,
        kind: 'script-static-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
