/** Profiles of Identity Center in the old form, whose login can't be renewed. */
import { awsProfiles, settingOf } from '../aws-files/aws-profiles.ts';
import { type Detector, defineDetector } from '../detector.ts';

export const awsConfigSsoLegacy: Detector = defineDetector({
  id: 'aws-config-sso-legacy',
  title: 'A profile uses Identity Center in the form that cannot be renewed',
  severity: 'low',
  class: 'dynamic',
  why: 'sso_start_url in the profile gives a token of at most eight hours that no tool can refresh: a long apply dies with it. Terraform and the CLI also cache it under another name than sso-session profiles.',
  fix: 'Put start URL, region and sso_registration_scopes = sso:account:access into an [sso-session] section and name it from the profile.',
  fixRule: 'aws-config',
  source: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso-legacy.html',
  flagged: [
    {
      path: '.aws/config',
      text: '[profile dev]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Admin\n',
    },
  ],
  clean: [
    {
      path: '.aws/config',
      text: '[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Admin\n[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n',
    },
  ],
  detect(file, report) {
    for (const profile of awsProfiles(file)) {
      const url = settingOf(profile, 'sso_start_url');
      if (url === undefined || settingOf(profile, 'sso_session') !== undefined) continue;
      const accountId = settingOf(profile, 'sso_account_id')?.value;
      const detail = `${profile.subject} logs in at ${url.value} without an sso-session.`;
      report.finding({ at: url.keyRange.start, usedBy: 'person', detail, identity: profile.name });
      report.method({
        at: url.keyRange.start,
        kind: 'aws-config-sso-legacy',
        class: 'dynamic',
        usedBy: 'person',
        subject: profile.subject,
        detail,
        credentialName: profile.name,
        ...(accountId !== undefined && /^\d{12}$/.test(accountId) ? { accountId } : {}),
      });
    }
  },
});
