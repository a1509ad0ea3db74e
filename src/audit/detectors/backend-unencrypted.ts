/** S3 backends that do not ask for encryption. */
import { type Detector, defineDetector } from '../detector.ts';
import { partialConfigurationsOf, stateAccesses } from '../terraform/state-access.ts';

export const backendUnencrypted: Detector = defineDetector({
  id: 'backend-unencrypted',
  title: 'S3 backend does not ask for encryption',
  severity: 'low',
  class: 'indirect',
  why: 'State holds secrets in clear. A bucket policy that demands encryption headers refuses this backend, and without kms_key_id access to the bucket alone opens the state.',
  fix: 'Set encrypt = true, and kms_key_id where the bucket has a key of its own.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#s3-state-storage',
  flagged: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    bucket = "state"\n    key    = "a"\n  }\n}\n' },
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    bucket  = "state"\n    encrypt = false\n  }\n}\n' },
  ],
  clean: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    bucket  = "state"\n    encrypt = true\n  }\n}\n' },
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {}\n}\n',
      beside: [{ path: 'a.tfbackend', text: 'bucket = "b"\nencrypt = true\n' }],
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config  = { bucket = "state" }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { role, subject, settings, partial, read, module } of stateAccesses(file, repository)) {
      if (role !== 'backend' || partial || read.endpoint !== 'aws') continue;
      const encrypt = settings.get('encrypt')?.value;
      const off = encrypt?.kind === 'literal' && encrypt.value === false;
      const completed = partialConfigurationsOf(module).some((completion) => completion.settings.has('encrypt'));
      // A block without a bucket is completed elsewhere, perhaps by -backend-config on a command line.
      if ((encrypt !== undefined && !off) || completed || settings.get('bucket') === undefined) continue;
      report.finding({
        at: settings.start,
        identity: subject,
        usedBy: 'terraform',
        detail: off ? `${subject} turns encryption off.` : `${subject} has no encrypt = true.`,
      });
    }
  },
});
