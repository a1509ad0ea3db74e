/** Readers of remote state that assume a role. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportAssumedRoles } from '../terraform/report-roles.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const remoteStateAssumeRole: Detector = defineDetector({
  id: 'remote-state-assume-role',
  title: 'Reader of remote state assumes a role',
  severity: 'low',
  class: 'indirect',
  why: 'The role is as good as the credentials it is assumed from, and every principal that plans must be able to assume it.',
  fix: 'Let the bucket policy admit the roles of people and pipelines directly, or keep the role as an assume_role object.',
  fixRule: 'B2',
  source: 'https://developer.hashicorp.com/terraform/language/state/remote-state-data',
  flagged: [
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    assume_role = { role_arn = var.role }\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config  = { bucket = "b" }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, module, read } of stateAccesses(file, repository)) {
      if (role !== 'reader') continue;
      reportAssumedRoles(report, { kind: 'remote-state-assume-role', subject, file, module }, read.roles);
    }
  },
});
