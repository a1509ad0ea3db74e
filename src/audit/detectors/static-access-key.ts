/** The finding for every credential that stands in clear: one for each, whatever number of strings and files it is in. */
import type { Severity } from '../../kernel/diagnostic.ts';
import { type CredentialDetector, defineDetector } from '../detector.ts';
import type { Credential } from '../inventory.ts';
import { sampleKeyId, sampleSecret } from '../sample-credential.ts';

const text = `AWS_ACCESS_KEY_ID=${sampleKeyId}\nAWS_SECRET_ACCESS_KEY=${sampleSecret}\n`;

export const staticAccessKey: CredentialDetector = defineDetector({
  scope: 'credential',
  id: 'static-access-key',
  title: 'An AWS access key stands in clear',
  severity: 'critical',
  class: 'static',
  why: 'Whoever can read the file can use the key, from anywhere, until somebody deletes it. Removing it from the file does not take it out of clones and history.',
  fix: 'Treat the key as leaked: move what uses it to short-lived credentials (`keyless migrate`), then deactivate it in IAM, wait, and delete it.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html',
  flagged: [
    { path: '.env', text },
    { path: 'notes.txt', text: `the key is ${sampleKeyId}, ask Ada for the rest\n` },
    {
      path: 'main.tf',
      text: `variable "aws_secret_key" {\n  type    = string\n  default = "${sampleSecret}"\n}\n`,
    },
  ],
  clean: [
    { path: '.env', text: 'AWS_PROFILE=dev\n' },
    { path: 'roles.json', text: '{ "RoleId": "AROAQNZGKIQY56ABCDEF", "UserId": "AIDAQNZGKIQY56ABCDEF" }\n' },
    { path: 'commits.txt', text: 'secret key rotated in 4f1c2d3e4b5a69788796a5b4c3d2e1f001234567\n' },
    { path: '.env.example', text: 'AWS_ACCESS_KEY_ID=AKIAXXXXXXXXXXXXXXXX\nAWS_SECRET_ACCESS_KEY=\n' },
  ],
  judge: (credential) => {
    if (credential.documentationExample || credential.kind === 'bedrock') return undefined;
    return {
      severity: severityOf(credential),
      detail: detailOf(credential),
      ...(credential.kind === 'temporary' ? { class: 'dynamic', fix: temporaryFix } : {}),
    };
  },
});

const temporaryFix =
  'Remove it from the file. It ends by itself within 36 hours of its issue; if that is not over, revoke the sessions of its role.';

function severityOf({ kind, parts, doubt }: Credential): Severity {
  if (doubt !== undefined) return 'low';
  const complete = parts.includes('keyId') && parts.includes('secret');
  if (kind === 'temporary') return complete ? 'medium' : 'low';
  if (complete) return 'critical';
  return kind === 'other' ? 'medium' : 'high';
}

function detailOf(credential: Credential): string {
  const { keyId, kind, parts, accountHint, doubt } = credential;
  const account = accountHint === undefined ? '' : ` of account ${accountHint} (decoded from the id: a hint)`;
  const which =
    keyId === undefined ? 'A secret access key whose id was not found' : `${nameOf(kind)} ${keyId}${account}`;
  const secret = parts.includes('secret');
  const with_ = keyId === undefined ? '' : secret ? ' with its secret' : ', without its secret';
  const places = `${credential.places.length} place${credential.places.length === 1 ? '' : 's'}`;
  return `${which}${with_} stands in ${places}.${doubt === undefined ? '' : ` It may be no usable key: ${doubt}.`}`;
}

function nameOf(kind: Credential['kind']): string {
  return kind === 'temporary' ? 'Temporary key' : 'Long-term key';
}
