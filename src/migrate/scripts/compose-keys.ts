/**
 * Keys in Docker Compose. A service that runs Terraform gets the profile of whoever starts it when `~/.aws` is mounted,
 * else the whole session; one of an application needs a role where it is deployed, which no edit here can give.
 */
import {
  asList,
  asText,
  entriesOf,
  findPart,
  findText,
  findYamlCredentials,
  readYamlTable,
  type YamlPart,
} from '../../audit/index.ts';
import type { Edit } from '../../formats/edit.ts';
import {
  insertEntry,
  insertSequenceItem,
  nodeAt,
  removeEntry,
  removeSequenceItem,
  type YamlAnswer,
  YamlEditor,
  type YamlFile,
  type YamlNode,
} from '../../formats/yaml/index.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import type { ScriptObstacle } from './remove-keys.ts';
import { isTerraformImage } from './terraform-image.ts';

export function composeKeys(
  repository: Repository,
  file: SourceFile,
): { readonly edits: readonly Edit[]; readonly obstacles: readonly ScriptObstacle[] } {
  const editor = new YamlEditor(file.yaml());
  const obstacles: ScriptObstacle[] = [];
  const found = findYamlCredentials(file);
  for (const service of entriesOf(findPart(readYamlTable(file), 'services'))) {
    const environment = findPart(service.value, 'environment');
    const names = namesIn(environment);
    const handedOn = names.some(({ name, handsOn }) => handsOn && keyName.test(name));
    const stored = found.some(
      ({ path, parts }) =>
        path[0] === 'services' && path[1] === service.name && parts.some(({ name }) => keyName.test(name)),
    );
    const first = names.find(({ name }) => keyName.test(name));
    if (first === undefined || !(handedOn || stored) || names.some(({ name }) => name === 'AWS_SESSION_TOKEN'))
      continue;
    if (!runsTerraform(repository, file, service.value)) {
      obstacles.push({
        index: first.at,
        reason: `Service ${service.name} is an application that is handed a key.`,
        todo: 'Give it a role where it is deployed; for work on a laptop mount ~/.aws read-only and set AWS_PROFILE.',
      });
      continue;
    }
    const refusal = mountsProfiles(service.value)
      ? (editor.step((now) => addName(now, service.name, 'AWS_PROFILE')) ?? dropNames(editor, service.name))
      : editor.step((now) => addName(now, service.name, 'AWS_SESSION_TOKEN'));
    if (refusal !== undefined) {
      obstacles.push({
        index: first.at,
        reason: `It can't be edited, because ${refusal.reason}.`,
        todo: 'Make this change by hand.',
      });
      return { edits: [], obstacles };
    }
  }
  return { edits: editor.finish().edits, obstacles };
}

const keyName = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/;

/** Names of an environment in both its forms; `handsOn` for those without a value. */
function namesIn(part: YamlPart | undefined): { name: string; at: number; handsOn: boolean }[] {
  if (part?.kind === 'list') {
    return part.items.flatMap((item) => {
      const text = asText(item)?.text ?? '';
      const name = /^\w+/.exec(text)?.[0];
      return name === undefined ? [] : [{ name, at: item.range.start, handsOn: !/=[^$]/.test(text) }];
    });
  }
  return entriesOf(part).map(({ name, nameRange, value }) => ({
    name,
    at: nameRange.start,
    handsOn: value === undefined || (asText(value)?.text ?? '').startsWith('$'),
  }));
}

function runsTerraform(repository: Repository, file: SourceFile, service: YamlPart | undefined): boolean {
  const image = findText(service, 'image');
  if (image !== undefined && isTerraformImage(image)) return true;
  const context = findText(service, 'build') ?? findText(service, 'build', 'context');
  if (context === undefined) return false;
  const name = findText(service, 'build', 'dockerfile') ?? 'Dockerfile';
  const path = [...file.directory.split('/'), ...context.split('/'), name].filter(
    (part) => part !== '' && part !== '.',
  );
  const dockerfile = repository.file(path.join('/'));
  return dockerfile !== undefined && isTerraformImage(dockerfile.text);
}

function mountsProfiles(service: YamlPart | undefined): boolean {
  return asList(findPart(service, 'volumes')).some((volume) => {
    const source = asText(volume)?.text ?? findText(volume, 'source') ?? '';
    return /(^|[/}~])\.?\/?\.aws(\/?:|\/?$)/.test(source) || /\/\.aws(:|$)/.test(source);
  });
}

function environmentIn(file: YamlFile, service: string): YamlNode | undefined {
  return nodeAt(file.documents[0], ['services', service, 'environment']);
}

/** Without a value Compose hands on what the shell has, and nothing when it has none. */
function addName(file: YamlFile, service: string, name: string): YamlAnswer {
  const environment = environmentIn(file, service);
  if (environment?.kind === 'sequence') {
    const last = environment.items.findLastIndex(
      ({ value }) => value.kind === 'scalar' && /^AWS_SECRET/.test(value.value),
    );
    return insertSequenceItem(file, environment, name, last === -1 ? 'last' : { after: last });
  }
  if (environment?.kind !== 'map') return { reason: 'its environment is neither a map nor a list', start: 0 };
  const last = environment.entries.findLast((entry) => keyName.test(entry.name ?? ''));
  const value = name === 'AWS_SESSION_TOKEN' ? '${AWS_SESSION_TOKEN}' : null;
  return insertEntry(file, environment, name, value, last?.name === undefined ? 'last' : { after: last.name });
}

function dropNames(editor: YamlEditor, service: string): ReturnType<YamlEditor['step']> {
  for (;;) {
    const environment = environmentIn(editor.file, service);
    let refusal: ReturnType<YamlEditor['step']>;
    if (environment?.kind === 'map') {
      const entry = environment.entries.find(({ name }) => keyName.test(name ?? ''));
      if (entry === undefined) return undefined;
      refusal = editor.step((file) => removeEntry(file, entry));
    } else if (environment?.kind === 'sequence') {
      const item = environment.items.find(
        ({ value }) => value.kind === 'scalar' && /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)(=|$)/.test(value.value),
      );
      if (item === undefined) return undefined;
      refusal = editor.step((file) => removeSequenceItem(file, item));
    } else return undefined;
    if (refusal !== undefined) return refusal;
  }
}
