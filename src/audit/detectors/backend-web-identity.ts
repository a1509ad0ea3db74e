/** S3 backends that exchange an OIDC token for a role themselves. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportWebIdentity } from '../terraform/report-roles.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendWebIdentity: Detector = defineDetector({
  id: 'backend-web-identity',
  title: 'S3 backend holds a web identity token in its code',
  severity: 'high',
  class: 'static',
  why: 'A token in the backend is copied into .terraform/terraform.tfstate and into every saved plan.',
  fix: 'Use web_identity_token_file, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment.',
  fixRule: 'B6',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#assume-role-with-web-identity-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    assume_role_with_web_identity = {\n      role_arn           = "arn:aws:iam::111122223333:role/s"\n      web_identity_token = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl"\n    }\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    assume_role_with_web_identity = {\n      role_arn                = "arn:aws:iam::111122223333:role/s"\n      web_identity_token_file = "/tmp/t"\n    }\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, module, read } of stateAccesses(file, repository)) {
      const kind = role === 'backend' ? 'backend-web-identity' : 'remote-state-web-identity';
      for (const identity of read.webIdentity) reportWebIdentity(report, { kind, subject, file, module }, identity);
    }
  },
});
