/** Amazon Bedrock API keys: bearer tokens that need no signature. */
import { type CredentialDetector, defineDetector } from '../detector.ts';
import { sampleBedrockKey, sampleKeyId, sampleSecret } from '../sample-credential.ts';

export const bedrockApiKey: CredentialDetector = defineDetector({
  scope: 'credential',
  id: 'bedrock-api-key',
  title: 'An Amazon Bedrock API key stands in clear',
  severity: 'critical',
  class: 'static',
  why: 'A long-term Bedrock key is the service-specific credential of an IAM user: whoever reads it can run models at your cost until it is deleted.',
  fix: 'Delete the credential in IAM (`aws iam delete-service-specific-credential`) and call Bedrock with a role, or with short-term keys made from one.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-how.html',
  flagged: [{ path: '.env', text: `AWS_BEARER_TOKEN_BEDROCK=${sampleBedrockKey}\n` }],
  clean: [
    { path: '.env', text: 'AWS_BEARER_TOKEN_BEDROCK=ABSK-your-key-here\n' },
    { path: '.env', text: `AWS_ACCESS_KEY_ID=${sampleKeyId}\nAWS_SECRET_ACCESS_KEY=${sampleSecret}\n` },
  ],
  judge: (credential) => {
    if (credential.kind !== 'bedrock') return undefined;
    if (credential.parts.includes('secret')) return { detail: 'A long-term Bedrock API key stands in the file.' };
    return {
      severity: 'medium',
      class: 'dynamic',
      detail: 'A short-term Bedrock API key stands in the file; it ends within 12 hours of its issue.',
    };
  },
});
