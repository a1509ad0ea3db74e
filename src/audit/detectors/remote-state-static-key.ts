/** Static keys in readers of remote state. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeKeys, reportKeyUses, weightOfKeys } from '../terraform/aws-arguments.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const remoteStateStaticKey: Detector = defineDetector({
  id: 'remote-state-static-key',
  title: 'Reader of remote state takes a static access key',
  severity: 'critical',
  class: 'static',
  why: 'The key reads the whole state of another stack, secrets included, and ends up in plans of this one.',
  fix: 'Remove access_key, secret_key and token from config; the reader then takes the same session as the provider.',
  fixRule: 'B1',
  source: 'https://developer.hashicorp.com/terraform/language/state/remote-state-data',
  flagged: [
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    bucket     = "state"\n    access_key = var.key\n    secret_key = var.secret\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config {\n    access_key = "AKIAIOSFODNN7EXAMPLE"\n  }\n}\n',
    },
    {
      path: 'main.tf.json',
      text: `{"data": {"terraform_remote_state": {"net": {"backend": "s3", "config": {"access_key": "\${var.k}"}}}}}`,
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config  = { bucket = "state" }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "azurerm"\n  config  = { access_key = var.key }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, module, read, slot } of stateAccesses(file, repository)) {
      const [first] = read.keys;
      if (role !== 'reader' || first === undefined || weightOfKeys(read) !== 'stored') continue;
      reportKeyUses(read, slot, module, report);
      const detail = `${subject} takes ${describeKeys(read, file.text)}.`;
      const at = first.setting.start;
      reportPlace(report, {
        at,
        kind: 'remote-state-static-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
