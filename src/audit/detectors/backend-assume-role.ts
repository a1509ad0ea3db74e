/** Roles that the S3 backend assumes to reach the state, in either form. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportAssumedRoles } from '../terraform/report-roles.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendAssumeRole: Detector = defineDetector({
  id: 'backend-assume-role',
  title: 'S3 backend assumes a role',
  severity: 'low',
  class: 'indirect',
  why: 'The role is as good as the credentials it is assumed from, and every principal that plans must be able to assume it.',
  fix: 'Let the bucket policy admit the roles of people and pipelines directly, or keep the role as an assume_role object.',
  fixRule: 'B2',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#assume-role-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    assume_role = {\n      role_arn = "arn:aws-cn:iam::111122223333:role/state"\n    }\n  }\n}\n',
    },
    {
      path: 'terragrunt.hcl',
      text: 'remote_state {\n  backend = "s3"\n  config = {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
  ],
  clean: [{ path: 'main.tf', text: 'terraform {\n  backend "s3" { bucket = "state" }\n}\n' }],
  detect(file, report, repository) {
    for (const { role, subject, module, read } of stateAccesses(file, repository)) {
      if (role !== 'backend') continue;
      reportAssumedRoles(report, { kind: 'backend-assume-role', subject, file, module }, read.roles);
    }
  },
});
