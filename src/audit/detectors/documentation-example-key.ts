/** AWS's own example keys, reported so that their presence is known, and told apart so that nobody is alarmed. */
import { documentedExamples } from '../../aws/access-key-id.ts';
import { type CredentialDetector, defineDetector } from '../detector.ts';
import { sampleKeyId, sampleSecret } from '../sample-credential.ts';

const { keyId, secret } = documentedExamples[0] as (typeof documentedExamples)[number];

export const documentationExampleKey: CredentialDetector = defineDetector({
  scope: 'credential',
  id: 'documentation-example-key',
  title: "An example key of AWS's documentation",
  severity: 'info',
  class: 'static',
  why: 'The key does not exist, but a file that shows how to write one down invites the next reader to fill in a real one.',
  fix: 'Nothing has to be done. Where the text is yours, show the way without keys instead.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  flagged: [
    { path: 'README.md', text: `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n` },
    { path: 'README.md', text: `aws_secret_access_key = ${secret}\n` },
  ],
  clean: [
    { path: '.env', text: `AWS_ACCESS_KEY_ID=${sampleKeyId}\nAWS_SECRET_ACCESS_KEY=${sampleSecret}\n` },
    // One real half makes it a leak.
    { path: '.env', text: `AWS_ACCESS_KEY_ID=${keyId}\nAWS_SECRET_ACCESS_KEY=${sampleSecret}\n` },
  ],
  judge: (credential) => {
    if (!credential.documentationExample) return undefined;
    const what = credential.keyId === undefined ? 'A secret' : `Key ${credential.keyId}`;
    return { detail: `${what} that AWS made up for its documentation.` };
  },
});
