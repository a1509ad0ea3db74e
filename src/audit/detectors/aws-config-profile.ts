/** What profiles of the AWS configuration authenticate with, other than keys: Identity Center, roles, processes, tokens, `aws login`. */
import { type AwsProfile, awsProfiles, settingOf, siblingOf } from '../aws-files/aws-profiles.ts';
import { type Detector, defineDetector, type MethodDraft } from '../detector.ts';
import { accountOfRole, rolesIn } from '../role-arn.ts';

export const awsConfigProfile: Detector = defineDetector({
  id: 'aws-config-profile',
  title: 'A profile assumes its role from a static key',
  severity: 'medium',
  class: 'indirect',
  why: 'source_profile hops from one identity to the next; when the first is an IAM user with a key, every account behind the roles is open to whoever has the key.',
  fix: 'Let the profile name an sso-session, or let source_profile name a profile that does.',
  fixRule: 'aws-config',
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html',
  flagged: [
    {
      path: '.aws/config',
      text: '[profile live]\nrole_arn = arn:aws:iam::333344445555:role/deployment\nsource_profile = hub\nmfa_serial = arn:aws:iam::111122223333:mfa/ann\n',
      beside: [{ path: '.aws/credentials', text: '[hub]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n' }],
    },
    {
      path: '.aws/config',
      text: '[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Admin\n\n[profile process]\ncredential_process = vendor-tool get\n\n[profile pod]\nrole_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = /var/run/token\n\n[profile signin]\nlogin_session = arn:aws:iam::111122223333:user/ann\n',
    },
  ],
  clean: [
    { path: '.aws/config', text: '[default]\nregion = eu-west-1\n[sso-session acme]\nsso_region = eu-west-1\n' },
    {
      path: '.aws/config',
      text: '[profile live]\nrole_arn = arn:aws:iam::333344445555:role/deployment\nsource_profile = hub\n[profile hub]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Hub\n',
    },
  ],
  detect(file, report, repository) {
    const sibling = siblingOf(file, repository);
    const everywhere = [...awsProfiles(file), ...(sibling === undefined ? [] : awsProfiles(sibling))];
    for (const profile of awsProfiles(file)) {
      const method = methodOf(profile, everywhere);
      if (method === undefined) continue;
      report.method({ ...method, usedBy: 'person', subject: profile.subject, credentialName: profile.name });
      const hop = keyBehind(profile, everywhere, new Set());
      if (method.kind !== 'aws-config-assume-role' || hop === undefined) continue;
      report.finding({
        at: method.at,
        usedBy: 'person',
        class: 'static',
        identity: profile.name,
        detail: `${profile.subject} assumes its role from the static key of profile ${hop}.`,
      });
    }
  },
});

type Draft = Omit<MethodDraft, 'usedBy' | 'subject' | 'credentialName'>;

/** In the order in which the SDKs look. */
function methodOf(profile: AwsProfile, everywhere: readonly AwsProfile[]): Draft | undefined {
  const role = settingOf(profile, 'role_arn');
  const tokenFile = settingOf(profile, 'web_identity_token_file');
  const session = settingOf(profile, 'sso_session');
  const process = settingOf(profile, 'credential_process');
  const login = settingOf(profile, 'login_session');
  const { subject } = profile;
  if (role !== undefined) {
    const roleArns = roleChain(profile, everywhere);
    const accountId = accountOfRole(roleArns.at(-1));
    const known = { ...(roleArns.length === 0 ? {} : { roleArns }), ...(accountId === undefined ? {} : { accountId }) };
    const at = role.keyRange.start;
    if (tokenFile !== undefined) {
      const detail = `${subject} exchanges the token in ${tokenFile.value} for ${role.value}.`;
      return { at, kind: 'aws-config-web-identity', class: 'dynamic', detail, ...known };
    }
    const source = settingOf(profile, 'source_profile')?.value;
    const machine = settingOf(profile, 'credential_source')?.value;
    const mfa = settingOf(profile, 'mfa_serial') === undefined ? '' : ', with MFA';
    const from = source !== undefined ? `profile ${source}` : (machine ?? 'the credentials it finds');
    const detail = `${subject} assumes ${role.value} from ${from}${mfa}.`;
    return {
      at,
      kind: 'aws-config-assume-role',
      class: machine === undefined ? 'indirect' : 'dynamic',
      detail,
      ...known,
    };
  }
  if (session !== undefined) {
    const account = settingOf(profile, 'sso_account_id')?.value;
    const roleName = settingOf(profile, 'sso_role_name')?.value ?? 'a role';
    const detail = `${subject} uses ${roleName}${account === undefined ? '' : ` in ${account}`} through the sso-session ${session.value}.`;
    const known = account !== undefined && /^\d{12}$/.test(account) ? { accountId: account } : {};
    return { at: session.keyRange.start, kind: 'aws-config-sso', class: 'dynamic', detail, ...known };
  }
  if (process !== undefined) {
    const program = process.value.trim().split(/\s+/)[0] ?? '';
    const detail = `${subject} runs ${program} for its credentials.`;
    return { at: process.keyRange.start, kind: 'aws-config-credential-process', class: 'indirect', detail };
  }
  if (login === undefined) return undefined;
  const detail = `${subject} uses the session of aws login.`;
  return { at: login.keyRange.start, kind: 'aws-config-login-session', class: 'dynamic', detail };
}

/** Roles in the order in which they are assumed, along `source_profile`. */
function roleChain(profile: AwsProfile, everywhere: readonly AwsProfile[], depth = 0): string[] {
  const own = rolesIn(settingOf(profile, 'role_arn')?.value ?? '');
  const source = settingOf(profile, 'source_profile')?.value;
  const next = depth > 4 || source === profile.name ? undefined : everywhere.find(({ name }) => name === source);
  return next === undefined ? own : [...roleChain(next, everywhere, depth + 1), ...own];
}

/** Name of the profile with a static key that the roles start from. */
function keyBehind(profile: AwsProfile, everywhere: readonly AwsProfile[], seen: Set<string>): string | undefined {
  const source = settingOf(profile, 'source_profile')?.value;
  if (source === undefined || seen.has(source)) return undefined;
  seen.add(source);
  const candidates = everywhere.filter(({ name }) => name === source);
  const withKey = candidates.some(
    (each) => settingOf(each, 'aws_access_key_id') !== undefined && settingOf(each, 'aws_session_token') === undefined,
  );
  if (withKey) return source;
  return candidates.map((each) => keyBehind(each, everywhere, seen)).find((found) => found !== undefined);
}
