/** Keys in comments of Terraform code: switched off, not gone. */
import { credentialPartInAwsContext } from '../credential-names.ts';
import { looksLikeKeyMaterial, readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';

export const commentedOutKey: Detector = defineDetector({
  id: 'commented-out-key',
  title: 'Comment holds an AWS key',
  severity: 'low',
  class: 'static',
  why: 'A key that was commented out is still in every clone, and it is rarely deactivated at the same time.',
  fix: 'Delete the line; if the value was ever real, deactivate the key, because history keeps it.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  # access_key = "AKIAIOSFODNN7EXAMPLE"\n  // secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n}\n',
    },
    { path: 'live.tfvars', text: '/*\naws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n*/\n' },
    { path: 'terragrunt.hcl', text: '# access_key = "hunter2hunter2hunter2"\n' },
  ],
  clean: [
    { path: 'main.tf', text: '# access_key = var.access_key\n' },
    { path: 'main.tf', text: '# access_key = "your-access-key"\n' },
    { path: 'main.tf', text: '# kms_key_id = "alias/something-long"\n' },
    { path: 'main.tf', text: 'variable "x" {}\n# the secret_key is gone\n' },
  ],
  detect(file, report) {
    if (file.terraformBody() === undefined || file.format.endsWith('-json') || !/key/i.test(file.text)) return;
    for (const comment of file.hcl().comments) {
      const text = file.text.slice(comment.start, comment.end);
      for (const match of text.matchAll(/(?<![\w-])"?([A-Za-z][\w-]*)"?[ \t]*[=:][ \t]*"([^"\n]+)"/g)) {
        const part = credentialPartInAwsContext(match[1] as string);
        const value = readPlainCredential(match[2] as string);
        if (part === undefined || value.kind !== 'literal' || (match[2] as string).includes(`\${`)) continue;
        const at = comment.start + match.index;
        const real = looksLikeKeyMaterial(value.value.reveal());
        report.finding({
          at,
          identity: `${match[1]} in a comment`,
          severity: real && !value.documentationExample ? 'medium' : 'low',
          detail: `${match[1]} is commented out but still holds a value${real ? ' of the shape of a real one' : ''}.`,
        });
        // Only what has the shape of a key is linked: prose in comments is full of assignments.
        if (!real) continue;
        report.use({ at, slot: `${file.path}#comments`, part, source: { kind: 'literal', value: value.value } });
      }
    }
  },
});
