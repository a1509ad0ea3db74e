import type { Drill } from '../drill.ts';
import { ssoConfig, ssoProfile } from '../sources/sso-profile.ts';
import { legacyKeySection } from '../sources/static-key.ts';

export const staticKeysOfTheSameName: Drill = {
  id: 'static-keys-of-the-same-name',
  title: 'Static keys of the same name hide an SSO profile',
  why: 'The credentials file still has a section with the name of the new SSO profile. Terraform takes the static keys, the AWS CLI does not: `aws sts get-caller-identity` shows the right identity, and Terraform uses the old one.',
  slow: false,
  source: ssoProfile,
  steps: 1,
  stepSeconds: 0,
  before: async (stage) => await stage.writeAwsFiles(ssoConfig(stage), legacyKeySection(stage, 'drill')),
  expected: { outcome: 'finished', lock: 'free', says: [], wroteAs: 'user/deployment' },
  remedy: 'Remove the section from ~/.aws/credentials.',
};
