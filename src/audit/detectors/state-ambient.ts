/** Backends and readers of remote state that name no credential. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsArguments, isAmbient } from '../terraform/aws-arguments.ts';
import { partialConfigurationsOf, stateAccesses } from '../terraform/state-access.ts';

export const stateAmbient: Detector = defineDetector({
  id: 'state-ambient',
  title: 'State in S3 is reached with the credentials of the surroundings',
  severity: 'info',
  class: 'indirect',
  why: 'Nothing in the code decides who reads and writes the state: a session is as good as a forgotten key in ~/.aws.',
  fix: 'Nothing to change here; make sure that people and pipelines bring a session that the bucket policy admits.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3',
  flagged: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" { bucket = "state" }\n}\n' },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config  = { bucket = "state" }\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" { profile = "shared" }\n}\n' },
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {}\n}\n',
      beside: [{ path: 'dev.tfbackend', text: 'bucket  = "b"\nprofile = "shared"\n' }],
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, settings, read, partial, module } of stateAccesses(file, repository)) {
      if (partial || !isAmbient(read) || read.endpoint === 'local') continue;
      const completedElsewhere =
        role === 'backend' &&
        partialConfigurationsOf(module).some((completion) => !isAmbient(awsArguments([completion.settings])));
      if (completedElsewhere) continue;
      report.method({
        at: settings.start,
        kind: role === 'backend' ? 'backend-ambient' : 'remote-state-ambient',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail: `${subject} names no credential: it takes what it finds in the environment, ~/.aws or the machine it runs on.`,
      });
    }
  },
});
