/** Profiles of `~/.aws/config` and `~/.aws/credentials`, wherever such a file lies. */
import type { IniProperty, IniSection } from '../../formats/ini/index.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import type { CredentialPart } from '../detector.ts';

export interface AwsProfile {
  readonly name: string;
  /** `profile live`. */
  readonly subject: string;
  readonly section: IniSection;
}

/** Sections that are profiles; `[sso-session x]` and `[services x]` are none. Empty for other kinds of file. */
export function awsProfiles(file: SourceFile): AwsProfile[] {
  if (file.format !== 'aws-ini') return [];
  return file.ini().sections.flatMap((section) => {
    const [first = '', second] = section.words;
    if (second !== undefined && first !== 'profile') return [];
    const name = second ?? first;
    return name === '' ? [] : [{ name, subject: `profile ${name}`, section }];
  });
}

/** The last value of a setting, as both SDK families that accept a repeated one read it. */
export function settingOf(profile: AwsProfile, name: string): IniProperty | undefined {
  return profile.section.properties.findLast((property) => property.name === name && property.value !== '');
}

export function profilePart(name: string): CredentialPart | undefined {
  switch (name) {
    case 'aws_access_key_id':
      return 'keyId';
    case 'aws_secret_access_key':
      return 'secret';
    case 'aws_session_token':
    case 'aws_security_token':
      return 'token';
    default:
      return undefined;
  }
}

/** `credentials` for `config` and the other way round, in the same folder. */
export function siblingOf(file: SourceFile, repository: Repository): SourceFile | undefined {
  const sibling = /config$/.test(file.path)
    ? file.path.replace(/config$/, 'credentials')
    : file.path.replace(/credentials$/, 'config');
  return sibling === file.path ? undefined : repository.file(sibling);
}
