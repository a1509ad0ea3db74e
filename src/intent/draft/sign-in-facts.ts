/** What the person's AWS configuration and the code tell of Identity Center. */
import { type IniSection, parseIni } from '../../formats/ini/index.ts';
import { LineIndex } from '../../formats/line-index.ts';
import {
  attributeOf,
  type Repository,
  type ResourceBlock,
  resolveText,
  type TerraformModule,
  terraformModules,
} from '../../repository/index.ts';
import type { IntentDraft, Maybe } from './draft.ts';
import type { OutsideFile } from './surroundings.ts';

export function signInFacts(
  repository: Repository,
  awsConfig: OutsideFile | undefined,
  organization: string,
): IntentDraft['identityCenter'] {
  const configured = awsConfig && chosenSession(awsConfig, organization);
  return {
    startUrl: configured?.startUrl ?? startUrlInText(repository),
    region: configured?.region ?? regionInCode(repository),
    session: configured?.session ?? { value: organization, because: 'the name of the organisation' },
  };
}

interface ConfiguredSession {
  readonly session: Maybe<string>;
  readonly startUrl: Maybe<string>;
  readonly region: Maybe<string>;
}

/** The only session, or the only one named after the organisation; else a start URL that all legacy profiles share. */
function chosenSession(file: OutsideFile, organization: string): ConfiguredSession | undefined {
  const ini = parseIni(file.text);
  const lines = new LineIndex(file.text);
  const fact = (section: IniSection, key: string): Maybe<string> => {
    const property = section.properties.find(({ name }) => name === key);
    if (property === undefined || property.value === '') return undefined;
    const value = key === 'sso_start_url' ? property.value.replace(/#.*$/, '').replace(/\/+$/, '') : property.value;
    return { value, because: `[${section.name}]`, place: { path: file.path, ...lines.position(property.start) } };
  };
  const sessions = ini.sections.filter(({ words }) => words[0] === 'sso-session' && words.length === 2);
  const similar = sessions.filter(({ words }) => words[1]?.toLowerCase().includes(organization.toLowerCase()));
  const only = sessions.length === 1 ? sessions[0] : similar.length === 1 ? similar[0] : undefined;
  if (only !== undefined) {
    const place = { path: file.path, ...lines.position(only.header.start) };
    return {
      session: { value: only.words[1] ?? '', because: 'the sso-session that is there', place },
      startUrl: fact(only, 'sso_start_url'),
      region: fact(only, 'sso_region'),
    };
  }
  const legacy = ini.sections.filter((section) => fact(section, 'sso_start_url') !== undefined);
  const [first] = legacy;
  const urls = new Set(legacy.map((section) => fact(section, 'sso_start_url')?.value));
  if (sessions.length > 0 || first === undefined || urls.size !== 1) return undefined;
  return { session: undefined, startUrl: fact(first, 'sso_start_url'), region: fact(first, 'sso_region') };
}

/** Somebody wrote it into a page for newcomers. AWS's own examples are none. */
function startUrlInText(repository: Repository): Maybe<string> {
  const pattern = /https:\/\/(?!my-sso-portal\.|d-x+\.)[a-z0-9-]+\.awsapps\.(?:com|cn)\/start(?=[\s#/"'`)<>\]]|$)/g;
  for (const file of repository.files) {
    const match = file.text.matchAll(pattern).next().value;
    if (match !== undefined) return { value: match[0], because: 'written here', place: file.locationOf(match.index) };
  }
  return undefined;
}

/** Identity Center answers only in its own region, so that is the region of a provider which asks it. */
function regionInCode(repository: Repository): Maybe<string> {
  for (const module of terraformModules(repository)) {
    const resource = module.resources.find(({ type }) => /^aws_(ssoadmin|identitystore)_/.test(type));
    const region = resource && providerRegion(resource, module);
    if (region !== undefined) return region;
  }
  return undefined;
}

function providerRegion(resource: ResourceBlock, module: TerraformModule): Maybe<string> {
  const chosen = attributeOf(resource, 'provider')?.node.expression;
  const step = chosen?.kind === 'traversal' ? chosen.steps[0] : undefined;
  const alias = step?.kind === 'attribute' ? step.name : undefined;
  const provider = module.providers.find((candidate) => candidate.name === 'aws' && candidate.alias === alias);
  const region = provider && attributeOf(provider, 'region');
  const text = region && resolveText({ file: region.file, node: region.node.expression }, module, undefined);
  return text && { value: text.text, because: `the provider that manages ${resource.type}`, place: text.place };
}
