/** A named profile in the configuration of the S3 backend. */
import { type Detector, defineDetector } from '../detector.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendProfile: Detector = defineDetector({
  id: 'backend-profile',
  title: 'S3 backend names a profile',
  severity: 'medium',
  class: 'indirect',
  why: 'The profile exists on one person’s machine and may hold a static key; terraform init fails in a pipeline that has none of that name.',
  fix: 'Remove profile: let the bucket policy admit the roles of people and pipelines, or give the profile by partial configuration.',
  fixRule: 'B4',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration',
  flagged: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    profile = "shared"\n  }\n}\n' },
    {
      path: 'terragrunt.hcl',
      text: 'remote_state {\n  backend = "s3"\n  config = {\n    profile = local.profile\n  }\n}\n',
    },
    { path: 'dev.tfbackend', text: 'profile = "shared"\n' },
  ],
  clean: [{ path: 'main.tf', text: 'terraform {\n  backend "s3" { bucket = "state" }\n}\n' }],
  detect(file, report, repository) {
    for (const { role, subject, module, read } of stateAccesses(file, repository)) {
      if (role !== 'backend' || read.profile === undefined) continue;
      const names = possibleTexts(read.profile.value, module, file.text).join(' or ');
      const detail = `${subject} uses profile ${names}; what that is depends on the ~/.aws of whoever runs it.`;
      const at = read.profile.start;
      reportPlace(report, {
        at,
        kind: 'backend-profile',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        credentialName: names,
        detail,
      });
    }
  },
});
