/** Credential or configuration files named by the S3 backend. */
import { type Detector, defineDetector } from '../detector.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendSharedCredentialsFile: Detector = defineDetector({
  id: 'backend-shared-credentials-file',
  title: 'S3 backend names a credentials file',
  severity: 'medium',
  class: 'indirect',
  why: 'The file usually holds a static key, and the path fits one machine only.',
  fix: 'Remove the argument; shared_credentials_file became the list shared_credentials_files in Terraform 1.6 where it has to stay.',
  fixRule: 'B3',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    shared_credentials_file = "/root/.aws/credentials"\n  }\n}\n',
    },
    { path: 'x.tfbackend', text: 'shared_config_files = ["./config"]\n' },
  ],
  clean: [{ path: 'main.tf', text: 'terraform {\n  backend "s3" { key = "credentials" }\n}\n' }],
  detect(file, report, repository) {
    for (const { role, subject, read } of stateAccesses(file, repository)) {
      const [first] = read.sharedFiles;
      if (role !== 'backend' || first === undefined) continue;
      const detail = `${subject} reads ${read.sharedFiles.map(({ name }) => name).join(' and ')}.`;
      reportPlace(report, {
        at: first.start,
        kind: 'backend-shared-credentials-file',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
