/** Identity Center in the code: people get sessions, not keys. */
import { type Detector, defineDetector } from '../detector.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';

export const identityCenter: Detector = defineDetector({
  id: 'identity-center',
  title: 'Permission set of Identity Center',
  severity: 'info',
  class: 'dynamic',
  why: 'Sessions from Identity Center end by themselves and carry the person’s name.',
  fix: 'Nothing to change here.',
  source: 'https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "aws_ssoadmin_permission_set" "deploy" {\n  name         = "Deploy"\n  instance_arn = var.instance_arn\n}\n',
    },
  ],
  clean: [{ path: 'main.tf', text: 'data "aws_ssoadmin_instances" "this" {}\n' }],
  detect(file, report) {
    for (const set of resourcesOfType(file, 'aws_ssoadmin_permission_set')) {
      const subject = addressOf(set);
      report.method({
        at: set.start,
        kind: 'identity-center',
        class: 'dynamic',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject}: people get sessions of this permission set from Identity Center.`,
      });
    }
  },
});
