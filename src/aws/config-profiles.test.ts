import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../formats/edit.ts';
import { parseIni } from '../formats/ini/index.ts';
import { type AwsProfiles, planAwsConfig } from './config-profiles.ts';

const wanted: AwsProfiles = {
  session: { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' },
  profiles: [
    { name: 'acme-dev-plan', accountId: '222233334444', permissionSet: 'TerraformDeveloper', region: 'eu-west-1' },
    { name: 'acme-dev-apply', accountId: '222233334444', permissionSet: 'TerraformDeployer', region: 'eu-west-1' },
  ],
};

const complete = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile acme-dev-plan]
sso_session = acme
sso_account_id = 222233334444
sso_role_name = TerraformDeveloper
region = eu-west-1

[profile acme-dev-apply]
sso_session = acme
sso_account_id = 222233334444
sso_role_name = TerraformDeployer
region = eu-west-1
`;

function planned(source: string, credentials?: string) {
  const plan = planAwsConfig(parseIni(source), wanted, credentials === undefined ? undefined : parseIni(credentials));
  return { ...plan, after: applyEdits(source, plan.edits) };
}

describe('planAwsConfig', () => {
  it('fills an empty file with one session and a profile for each account and permission set', () => {
    const { after, added } = planned('');
    expect(after).toBe(complete);
    expect(added).toEqual(['sso-session acme', 'profile acme-dev-plan', 'profile acme-dev-apply']);
  });

  it('changes nothing the second time', () => {
    const { edits, unchanged } = planned(complete);
    expect(edits).toEqual([]);
    expect(unchanged).toHaveLength(3);
  });

  it('appends below what is there, with one blank line between', () => {
    expect(planned('# mine\n[default]\nregion = us-east-1').after).toBe(
      `# mine\n[default]\nregion = us-east-1\n\n${complete}`,
    );
    expect(planned('[default]\nregion = us-east-1\n\n').after).toBe(`[default]\nregion = us-east-1\n\n${complete}`);
  });

  it('keeps CRLF', () => {
    expect(planned('[default]\r\nregion = us-east-1\r\n').after).toBe(
      `[default]\r\nregion = us-east-1\r\n\r\n${complete.replaceAll('\n', '\r\n')}`,
    );
  });

  it('mends a profile where it stands and leaves its comments, order and further settings', () => {
    const source = complete.replace(
      'sso_role_name = TerraformDeveloper\nregion = eu-west-1',
      'output = json ; terse\nsso_role_name = Reader # old\nregion = us-east-1',
    );
    const { after, updated } = planned(source);
    expect(updated).toEqual(['profile acme-dev-plan']);
    expect(after).toBe(source.replace('Reader', 'TerraformDeveloper'));
  });

  it('turns a legacy SSO profile of the same account into one of the session', () => {
    const legacy = `[profile acme-dev-plan]
sso_start_url = https://acme.awsapps.com/start#/
sso_region = eu-west-1
sso_account_id = 222233334444
sso_role_name = TerraformDeveloper
`;
    expect(planned(legacy).after).toContain(`[profile acme-dev-plan]
sso_account_id = 222233334444
sso_role_name = TerraformDeveloper
sso_session = acme
region = eu-west-1
`);
  });

  it('accepts a session whose start URL differs only in how a browser shows it', () => {
    expect(planned(complete.replace('/start\n', '/start/#/\n')).edits).toEqual([]);
  });

  describe('refuses to touch what is not ours', () => {
    it.each([
      ['a static key', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE', 'it is a static key'],
      ['a role', 'role_arn = arn:aws:iam::222233334444:role/x', 'it is an assumed role'],
      ['another session', 'sso_session = other', 'it belongs to the sso-session other, not to acme'],
      ['another account', 'sso_account_id = 999988887777', 'it is for account 999988887777, not for 222233334444'],
      ['another portal', 'sso_start_url = https://other.awsapps.com/start', 'it signs in at https://other'],
    ])('%s', (_, setting, reason) => {
      const { conflicts } = planned(`[profile acme-dev-plan]\n${setting}\n`);
      expect(conflicts).toEqual([{ section: 'profile acme-dev-plan', at: 0, reason: expect.stringContaining(reason) }]);
    });

    it('a session of the same name at another portal', () => {
      const { conflicts } = planned('[sso-session acme]\nsso_start_url = https://x.awsapps.com/start\n');
      expect(conflicts.map(({ section }) => section)).toEqual(['sso-session acme']);
    });
  });

  it('warns of a static key that would win over the profile without a word', () => {
    const credentials = '[acme-dev-plan]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[other]\naws_access_key_id = x\n';
    expect(planned('', credentials).warnings).toEqual([expect.stringContaining('[acme-dev-plan]')]);
  });

  it('keeps every line of other sections, whatever stands in the file', () => {
    const line = fc.constantFrom(
      '# note',
      '; note',
      '',
      'region = x',
      'output=json',
      '[default]',
      '[profile other]',
      's3 =',
      '  a = b',
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const source = lines.join('\n');
        const { after, conflicts } = planned(source);
        expect(conflicts).toEqual([]);
        expect(after.startsWith(source)).toBe(true);
        expect(planned(after).edits).toEqual([]);
      }),
    );
  });
});
