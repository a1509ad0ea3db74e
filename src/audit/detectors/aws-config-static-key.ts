/** Static keys in `~/.aws/credentials` and `~/.aws/config`, and in files of their kind anywhere in the tree. */
import { awsProfiles, profilePart } from '../aws-files/aws-profiles.ts';
import { reportStaticSlot, type SlotPart } from '../credential-slot.ts';
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';

export const awsConfigStaticKey: Detector = defineDetector({
  id: 'aws-config-static-key',
  title: 'An AWS profile holds an access key',
  severity: 'high',
  class: 'static',
  why: 'Every program of the person reads the file; it is the first thing that malware looks for, and the key never ends.',
  fix: 'Replace the profile by one on an sso-session and delete the section; make the key inactive first and wait a few quiet days.',
  fixRule: 'aws-config',
  source: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html',
  flagged: [
    {
      path: '.aws/credentials',
      text: '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\n[live]\naws_access_key_id=AKIAI44QH8DHBEXAMPLE\naws_secret_access_key=je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n',
    },
    {
      path: 'docker/.aws/config',
      text: '[profile ci]\nregion = eu-west-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
  ],
  clean: [
    {
      path: '.aws/credentials',
      text: '[temporary]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\naws_session_token = IQoJb3JpZ2luX2Vj\n',
    },
    { path: '.aws/credentials', text: '[localstack]\naws_access_key_id = test\naws_secret_access_key = test\n' },
    {
      path: '.aws/config',
      text: '[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Admin\n',
    },
  ],
  detect(file, report) {
    for (const profile of awsProfiles(file)) {
      const parts = profile.section.properties.flatMap((property): SlotPart[] => {
        const part = profilePart(property.name);
        const at = property.keyRange.start;
        return part === undefined ? [] : [{ part, name: property.key, at, value: readPlainCredential(property.value) }];
      });
      reportStaticSlot(report, {
        parts,
        slot: `${file.path}#${profile.section.name}`,
        subject: profile.subject,
        kind: 'aws-config-static-key',
        usedBy: 'person',
        lead: `${profile.subject} holds a static key`,
      });
    }
  },
});
