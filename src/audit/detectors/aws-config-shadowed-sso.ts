/** Keys in `credentials [x]` that hide the Identity Center settings of `config [profile x]`. */
import { awsProfiles, settingOf, siblingOf } from '../aws-files/aws-profiles.ts';
import { type Detector, defineDetector } from '../detector.ts';

export const awsConfigShadowedSso: Detector = defineDetector({
  id: 'aws-config-shadowed-sso',
  title: 'A static key hides the Identity Center settings of its profile',
  severity: 'high',
  class: 'static',
  why: 'Every SDK takes keys of a profile before it looks at sso_session, credential_process or login_session of the same name, in whichever of the two files they stand: the person logs in and still works with the key.',
  fix: 'Delete the keys of that profile from ~/.aws/credentials.',
  fixRule: 'aws-config',
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html',
  flagged: [
    {
      path: '.aws/credentials',
      text: '[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
      beside: [
        {
          path: '.aws/config',
          text: '[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Admin\n',
        },
      ],
    },
    {
      path: '.aws/config',
      text: '[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\ncredential_process = keyless credential-process dev\n',
    },
  ],
  clean: [
    {
      path: '.aws/credentials',
      text: '[old]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
      beside: [{ path: '.aws/config', text: '[profile dev]\nsso_session = acme\n' }],
    },
  ],
  detect(file, report, repository) {
    const sibling = siblingOf(file, repository);
    // Reported in the file that holds the key.
    const others = sibling === undefined ? [] : awsProfiles(sibling);
    for (const profile of awsProfiles(file)) {
      const key = settingOf(profile, 'aws_access_key_id');
      if (key === undefined) continue;
      for (const other of [profile, ...others.filter(({ name }) => name === profile.name)]) {
        const hidden = hideable.map((name) => settingOf(other, name)).find((setting) => setting !== undefined);
        if (hidden === undefined) continue;
        const where =
          other === profile ? 'the same section' : `[${other.section.name}] of ${sibling?.path ?? 'config'}`;
        report.finding({
          at: key.keyRange.start,
          usedBy: 'person',
          identity: profile.name,
          detail: `aws_access_key_id of ${profile.subject} hides ${hidden.name} in ${where}.`,
        });
        break;
      }
    }
  },
});

const hideable = ['sso_session', 'sso_start_url', 'login_session', 'credential_process', 'web_identity_token_file'];
