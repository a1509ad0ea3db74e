/** Places in the settings of tools other than Terraform and pipelines that take an AWS key. */
import type { HclBody, HclItem } from '../../formats/hcl/index.ts';
import type { IniSection } from '../../formats/ini/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import type { SlotPart } from '../credential-slot.ts';
import { type CredentialValue, readPlainCredential } from '../credential-value.ts';

export interface ToolPlace {
  /** `[backup]`, `source "amazon-ebs" "agent"`. */
  readonly place: string;
  readonly parts: readonly SlotPart[];
}

/** Empty for files of a format that other detectors read. */
export function findToolPlaces(file: SourceFile): ToolPlace[] {
  if (!/aws|amazon|access_?key|secret_?key|s3/i.test(file.text)) return [];
  switch (file.format) {
    case 'ini':
      return file.ini().sections.map((section) => fromSection(file, section));
    case 'hcl':
      return /\.pkr(vars)?\.hcl$/.test(file.path) ? fromPacker(file, file.hcl().body, 'the file') : [];
    case 'json':
      return fromJson(file);
    default:
      return [];
  }
}

function fromSection(file: SourceFile, section: IniSection): ToolPlace {
  const setting = (name: string): string | undefined => section.properties.find((each) => each.name === name)?.value;
  const name = file.path.split('/').at(-1) ?? '';
  // These tools talk to everything that speaks S3.
  const elsewhere =
    (setting('provider') ?? 'AWS') !== 'AWS' ||
    /^(?!.*amazonaws\.com)./.test(setting('host_base') ?? setting('endpoint') ?? '');
  const known = /^(\.s3cfg|\.boto|rclone\.conf)$/.test(name) && (name !== 'rclone.conf' || setting('type') === 's3');
  const parts = section.properties.flatMap((property): SlotPart[] => {
    const part = known ? credentialPartInAwsContext(property.name) : awsCredentialPart(property.name);
    if (part === undefined || elsewhere) return [];
    return [{ part, name: property.key, at: property.keyRange.start, value: readPlainCredential(property.value) }];
  });
  return { place: `[${section.name}]`, parts };
}

function fromPacker(file: SourceFile, body: HclBody, place: string): ToolPlace[] {
  const amazon = place.includes('amazon') || file.path.endsWith('.pkrvars.hcl');
  const parts = body.items.flatMap((item): SlotPart[] => {
    if (item.kind !== 'attribute') return [];
    const part = amazon ? credentialPartInAwsContext(item.name) : awsCredentialPart(item.name);
    const value =
      part === undefined ? undefined : readExpression(file.text.slice(item.expression.start, item.expression.end));
    return part === undefined || value === undefined ? [] : [{ part, name: item.name, at: item.nameStart, value }];
  });
  const inner = body.items.flatMap((item) => packerBlock(file, item, place));
  return parts.length === 0 ? inner : [{ place, parts }, ...inner];
}

function packerBlock(file: SourceFile, item: HclItem, outer: string): ToolPlace[] {
  if (item.kind !== 'block') return [];
  const labels = item.labels.map((label) => ` "${label.value}"`).join('');
  if (item.type !== 'variable')
    return fromPacker(file, item.body, outer === 'the file' ? `${item.type}${labels}` : outer);
  const name = item.labels[0]?.value ?? '';
  const part = awsCredentialPart(name);
  const fallback = item.body.items.find((each) => each.kind === 'attribute' && each.name === 'default');
  if (part === undefined || fallback?.kind !== 'attribute') return [];
  const value = readExpression(file.text.slice(fallback.expression.start, fallback.expression.end));
  return [{ place: `variable${labels}`, parts: [{ part, name, at: item.start, value }] }];
}

function readExpression(text: string): CredentialValue {
  const literal = /^"([^"$]*)"$/.exec(text)?.[1];
  if (literal !== undefined) return readPlainCredential(literal);
  const call = /^(vault|aws_secretsmanager|consul_key)\s*\(\s*"([^"]*)"/.exec(text);
  if (call !== null) return { kind: 'stored', store: call[1] as string, name: call[2] as string };
  const environment = /^env\s*\(\s*"(\w+)"\s*\)$/.exec(text)?.[1];
  return { kind: 'name', name: environment ?? text.replace(/^"?\$?\{?|\}?"?$/g, '') };
}

/** Any JSON settings; Packer's old templates also by the short names of its builders. */
function fromJson(file: SourceFile): ToolPlace[] {
  const packer = /"type"\s*:\s*"amazon-/.test(file.text);
  const groups: SlotPart[][] = [];
  for (const match of file.text.matchAll(/"([A-Za-z_][\w.:-]*)"\s*:\s*"((?:\\.|[^"\\])*)"/g)) {
    const [, name, text] = match as unknown as [string, string, string];
    const part = packer ? credentialPartInAwsContext(name) : awsCredentialPart(name.replace(/^.*[.:]/, ''));
    if (part === undefined) continue;
    const value = readTemplate(text);
    if (!packer && value.kind !== 'literal') continue;
    const open = groups.at(-1);
    const near = open !== undefined && match.index - (open.at(-1)?.at ?? 0) < nearby;
    const fits =
      near && open.every((other) => other.part !== part && credentialStem(other.name) === credentialStem(name));
    if (fits) open.push({ part, name, at: match.index, value });
    else groups.push([{ part, name, at: match.index, value }]);
  }
  return groups.map((parts, index) => ({ place: groups.length === 1 ? 'the file' : `place ${index + 1}`, parts }));
}

function readTemplate(text: string): CredentialValue {
  const name = /^\{\{\s*(?:user|env|build)\s+[`'"]?([\w.-]+)[`'"]?\s*\}\}$/.exec(text)?.[1];
  return name === undefined ? readPlainCredential(text) : { kind: 'name', name };
}

/** Characters between the halves of one credential in a settings file. */
const nearby = 300;
