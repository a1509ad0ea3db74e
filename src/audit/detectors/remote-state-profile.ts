/** Readers of remote state that name a profile or a credentials file. */
import { type Detector, defineDetector } from '../detector.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const remoteStateProfile: Detector = defineDetector({
  id: 'remote-state-profile',
  title: 'Reader of remote state names a profile',
  severity: 'medium',
  class: 'indirect',
  why: 'The profile exists on one person’s machine and may hold a static key; a pipeline has none of that name.',
  fix: 'Remove profile and credentials files from config; the reader then takes the same session as the provider.',
  fixRule: 'B4',
  source: 'https://developer.hashicorp.com/terraform/language/state/remote-state-data',
  flagged: [
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    profile = "shared"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    shared_credentials_file = "creds"\n  }\n}\n',
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
      const pointer = read.profile ?? read.sharedFiles[0];
      if (role !== 'reader' || pointer === undefined) continue;
      const names = possibleTexts(pointer.value, module, file.text).join(' or ');
      const detail = `${subject} uses ${pointer.name} ${names}; what that is depends on the ~/.aws of whoever runs it.`;
      reportPlace(report, {
        at: pointer.start,
        kind: 'remote-state-profile',
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
