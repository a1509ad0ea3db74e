/** Readers of remote state that assume a role. */
import { type Detector, defineDetector } from '../detector.ts';
import { onlyAccountOf, roleArnsOf } from '../terraform/aws-arguments.ts';
import { reportPlace } from '../terraform/report-place.ts';
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
      const [first] = read.roles;
      if (role !== 'reader' || first === undefined) continue;
      const roleArns = roleArnsOf(read.roles, module, file.text);
      const accountId = onlyAccountOf(roleArns);
      const detail = `${subject} assumes ${roleArns.join(', ') || 'a role named elsewhere'}.`;
      reportPlace(report, {
        at: first.at,
        kind: 'remote-state-assume-role',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        roleArns,
        ...(accountId === undefined ? {} : { accountId }),
        detail,
      });
    }
  },
});
