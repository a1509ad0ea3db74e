/**
 * The `[sso-session]` and `[profile]` sections of `~/.aws/config` that keyless keeps: planned as splices, so that
 * comments, order and other people's profiles stay as they are.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
 */
import type { Edit } from '../formats/edit.ts';
import type { IniFile, IniProperty, IniSection } from '../formats/ini/index.ts';

export interface AwsProfiles {
  readonly session: SsoSession;
  readonly profiles: readonly SsoProfile[];
}

export interface SsoSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
}

export interface SsoProfile {
  readonly name: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly permissionSet: string;
  /** Region for commands that name none. */
  readonly region: string | undefined;
}

export interface AwsConfigPlan {
  /** Splices of the file; none when it says all of it already. */
  readonly edits: readonly Edit[];
  /** Names of the sections that are added, changed, and right already: `profile acme-dev-plan`. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
  /** Sections of the same name that are not ours to change. Nothing should be written while there is one. */
  readonly conflicts: readonly AwsConfigConflict[];
  /** Things that work against the profiles without standing in their way: a static key of the same name. */
  readonly warnings: readonly string[];
}

export interface AwsConfigConflict {
  readonly section: string;
  /** Offset of its header. */
  readonly at: number;
  /** What it is instead, and what a person should do. */
  readonly reason: string;
}

/**
 * What to do to a config file so that it holds the session and the profiles. A section of the same name is updated when
 * it is the same thing (a session with the same start URL, an SSO profile of the same account), else it is a conflict.
 * `credentials` is the file of static keys beside it. The
 * file has no `problems`: what the AWS tools cannot read in one way is not for us to edit.
 */
export function planAwsConfig(config: IniFile, wanted: AwsProfiles, credentials?: IniFile): AwsConfigPlan {
  const eol = config.source.includes('\r\n') ? '\r\n' : '\n';
  const edits: Edit[] = [];
  const appended: string[] = [];
  const plan = {
    edits,
    added: [] as string[],
    updated: [] as string[],
    unchanged: [] as string[],
    conflicts: [] as AwsConfigConflict[],
    warnings: keysOfTheSameName(wanted, credentials),
  };

  for (const section of sectionsOf(wanted)) {
    const [existing, again] = config.sections.filter((candidate) => isSection(candidate, section));
    if (existing === undefined) {
      appended.push(
        [`[${headerOf(section)}]`, ...section.settings.map(([key, value]) => `${key} = ${value}`)].join(eol),
      );
      plan.added.push(headerOf(section));
      continue;
    }
    const reason = again === undefined ? section.conflict(existing) : 'it stands twice in the file; remove one of them';
    if (reason !== undefined) {
      plan.conflicts.push({ section: headerOf(section), at: existing.header.start, reason });
      continue;
    }
    const changes = settingEdits(config, existing, section.settings, eol);
    (changes.length === 0 ? plan.unchanged : plan.updated).push(headerOf(section));
    edits.push(...changes);
  }
  if (appended.length > 0) edits.push(appendix(config.source, appended, eol));
  return plan;
}

interface WantedSection {
  readonly kind: 'sso-session' | 'profile';
  readonly name: string;
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** Why an existing section is not this one; `undefined` when it is. */
  readonly conflict: (existing: IniSection) => string | undefined;
}

function sectionsOf({ session, profiles }: AwsProfiles): WantedSection[] {
  return [
    {
      kind: 'sso-session',
      name: session.name,
      settings: [
        ['sso_start_url', session.startUrl],
        ['sso_region', session.region],
        // The scope that lets the CLI and the SDKs refresh the token.
        ['sso_registration_scopes', 'sso:account:access'],
      ],
      conflict: (existing) => {
        const url = settingOf(existing, 'sso_start_url');
        if (url === undefined || sameUrl(url, session.startUrl)) return undefined;
        return `it signs in at ${url}, not at ${session.startUrl}; give identity_center.sso_session another name`;
      },
    },
    ...profiles.map(
      (profile): WantedSection => ({
        kind: 'profile',
        name: profile.name,
        settings: [
          ['sso_session', session.name],
          ['sso_account_id', profile.accountId],
          ['sso_role_name', profile.permissionSet],
          ...(profile.region === undefined ? [] : ([['region', profile.region]] as const)),
        ],
        conflict: (existing) => foreignProfile(existing, profile, session),
      }),
    ),
  ];
}

/** Settings that make a profile something else than a plain SSO profile; the SDKs would prefer some of them in silence. */
const otherSources: Readonly<Record<string, string>> = {
  aws_access_key_id: 'a static key',
  credential_process: 'a credential_process',
  credential_source: 'a role with a credential_source',
  role_arn: 'an assumed role',
  web_identity_token_file: 'a web identity',
  login_session: 'a console login',
};

function foreignProfile(existing: IniSection, profile: SsoProfile, session: SsoSession): string | undefined {
  for (const [key, what] of Object.entries(otherSources)) {
    if (settingOf(existing, key) !== undefined) return `it is ${what}; rename or remove it, then run the command again`;
  }
  const theirSession = settingOf(existing, 'sso_session');
  if (theirSession !== undefined && theirSession !== session.name) {
    return `it belongs to the sso-session ${theirSession}, not to ${session.name}; rename it`;
  }
  const account = settingOf(existing, 'sso_account_id');
  if (account !== undefined && account !== profile.accountId) {
    return `it is for account ${account}, not for ${profile.accountId}; rename it, or mend keyless.yaml`;
  }
  const url = settingOf(existing, 'sso_start_url');
  return url === undefined || sameUrl(url, session.startUrl)
    ? undefined
    : `it signs in at ${url}, not at ${session.startUrl}; rename it`;
}

/** Sets what differs and takes out the legacy form of what the session now says; everything else stays. */
function settingEdits(
  config: IniFile,
  existing: IniSection,
  settings: WantedSection['settings'],
  eol: string,
): readonly Edit[] {
  const edits: Edit[] = [];
  const missing: string[] = [];
  for (const [key, value] of settings) {
    const property = propertyOf(existing, key);
    if (property === undefined) {
      missing.push(`${key} = ${value}`);
    } else if (key === 'region' || key === 'sso_registration_scopes') {
      // A person's own choice.
    } else if (key === 'sso_start_url' ? !sameUrl(property.value, value) : property.value !== value) {
      edits.push({ ...property.valueRange, text: property.value === '' ? ` ${value}` : value });
    }
  }
  if (settings.some(([key]) => key === 'sso_session')) {
    // Beside sso_session they are an error for some SDKs when they differ, and say nothing when they do not.
    for (const key of ['sso_start_url', 'sso_region']) {
      const property = propertyOf(existing, key);
      if (property !== undefined) edits.push({ ...property.lines, text: '' });
    }
  }
  if (missing.length > 0) {
    const atEndOfLine = existing.bodyEnd === 0 || config.source[existing.bodyEnd - 1] === '\n';
    const lines = missing.join(eol);
    edits.push({
      start: existing.bodyEnd,
      end: existing.bodyEnd,
      text: atEndOfLine ? `${lines}${eol}` : `${eol}${lines}`,
    });
  }
  return edits;
}

function appendix(source: string, sections: readonly string[], eol: string): Edit {
  const text = `${sections.join(`${eol}${eol}`)}${eol}`;
  const blank = source.replace(/^\uFEFF/, '').trim() === '';
  const before = blank ? '' : source.endsWith(`${eol}${eol}`) ? '' : source.endsWith('\n') ? eol : `${eol}${eol}`;
  return { start: source.length, end: source.length, text: `${before}${text}` };
}

/**
 * A key under the profile's name in the credentials file wins over the SSO settings in Terraform and the AWS SDKs for Go
 * and JavaScript, in silence.
 */
function keysOfTheSameName({ profiles }: AwsProfiles, credentials: IniFile | undefined): string[] {
  const named = new Set(profiles.map(({ name }) => name));
  return (credentials?.sections ?? []).flatMap((section) => {
    const name = section.words.at(-1) ?? '';
    if (!named.has(name) || settingOf(section, 'aws_access_key_id') === undefined) return [];
    return [
      `the credentials file holds a static key under [${section.name}]: Terraform takes it instead of signing in; remove that section`,
    ];
  });
}

function isSection(candidate: IniSection, wanted: WantedSection): boolean {
  const [first, second] = candidate.words;
  if (wanted.kind === 'profile' && wanted.name === 'default' && candidate.words.length === 1)
    return first === 'default';
  return candidate.words.length === 2 && first === wanted.kind && second === wanted.name;
}

function headerOf({ kind, name }: WantedSection): string {
  return `${kind} ${name}`;
}

function propertyOf(section: IniSection, name: string): IniProperty | undefined {
  return section.properties.find((property) => property.name === name);
}

function settingOf(section: IniSection, name: string): string | undefined {
  return propertyOf(section, name)?.value;
}

function sameUrl(a: string, b: string): boolean {
  const plain = (url: string) => url.replace(/#.*$/, '').replace(/\/+$/, '');
  return plain(a) === plain(b);
}
