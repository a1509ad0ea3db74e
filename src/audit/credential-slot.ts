/**
 * The parts of one credential that stand together (the env of a step, the inputs of an action, the exports of a script),
 * and the one way in which every detector weighs and reports them.
 */
import { keyIdKind } from '../aws/access-key-id.ts';
import { namesOtherService } from './credential-names.ts';
import { type CredentialValue, looksLikeKeyMaterial } from './credential-value.ts';
import type { CredentialPart, Report, ValueSource } from './detector.ts';
import type { MethodKind, UsedBy } from './inventory.ts';
import { environmentName, storedSecretName } from './value-names.ts';

export interface SlotPart {
  readonly part: CredentialPart;
  /** The name it stands under: `AWS_ACCESS_KEY_ID`, `aws-access-key-id`. */
  readonly name: string;
  /** UTF-16 offset in the file. */
  readonly at: number;
  readonly value: CredentialValue;
}

/**
 * `static`: a long-lived key, in clear or by the name it is stored under. `issued`: made for a session. `nothing`:
 * placeholders and dummies.
 */
export type SlotWeight = 'static' | 'issued' | 'nothing';

/** A key handed on by an unknown name together with a session token is taken for a session's. */
export function weighSlot(parts: readonly SlotPart[]): SlotWeight {
  const present = partsPresent(parts);
  const keys = present.filter((part) => part.part !== 'token');
  if (keys.length === 0) return 'nothing';
  // The id of a session's credentials says so itself, wherever they were copied to.
  if (keys.some((key) => key.value.kind === 'literal' && keyIdKind(key.value.value.reveal()) === 'temporary'))
    return 'issued';
  if (keys.some((key) => key.value.kind === 'literal' || key.value.kind === 'stored')) return 'static';
  if (keys.some((key) => key.value.kind === 'issued')) return 'issued';
  return present.length > keys.length ? 'issued' : 'static';
}

/**
 * A text that stands for itself but can't be an id or a secret, such as a path or a sentence, is no part; neither is the
 * key of another service that speaks S3.
 */
function partsPresent(parts: readonly SlotPart[]): SlotPart[] {
  return parts.filter(
    ({ part, value }) =>
      value.kind !== 'nothing' &&
      !('name' in value && namesOtherService(value.name)) &&
      (value.kind !== 'literal' || part === 'token' || looksLikeKeyMaterial(value.value.reveal())),
  );
}

/** `aws-access-key-id from secrets.KEY, aws-secret-access-key from secrets.SECRET`. Never a value. */
export function describeParts(parts: readonly SlotPart[]): string {
  return partsPresent(parts)
    .map((part) => `${part.name} ${originOf(part.value, part.name)}`)
    .join(', ');
}

export interface StaticSlot {
  readonly parts: readonly SlotPart[];
  /** Unique in the repository: path and place. */
  readonly slot: string;
  readonly subject: string;
  readonly kind: MethodKind;
  readonly usedBy: UsedBy;
  /** Sentence without its end; the parts are appended. */
  readonly lead: string;
  readonly fixRule?: string;
  readonly fix?: string;
  readonly stack?: string;
  /**
   * Where the names of the parts are known beyond this file: `everywhere` for what a shell exports, `here` for what a
   * pipeline's job sets. `TF_VAR_` names set variables of Terraform wherever they are set.
   */
  readonly reach?: 'everywhere' | 'here';
}

/** Reports a static slot: its parts for the linker, one finding and one method. False, and silence, for any other weight. */
export function reportStaticSlot(report: Report, slot: StaticSlot): boolean {
  if (weighSlot(slot.parts) !== 'static') return false;
  reportParts(report, slot);
  const present = partsPresent(slot.parts);
  const at = Math.min(...present.map((part) => part.at));
  const detail = `${slot.lead}: ${describeParts(present)}.`;
  const onlyExamples = present.every((part) => part.value.kind === 'literal' && part.value.documentationExample);
  const credentialName = present.flatMap((part) => (part.value.kind === 'stored' ? [part.value.name] : []))[0];
  report.finding({
    at,
    detail,
    usedBy: slot.usedBy,
    ...(onlyExamples ? { severity: 'info' } : {}),
    ...(slot.fixRule === undefined ? {} : { fixRule: slot.fixRule }),
    ...(slot.fix === undefined ? {} : { fix: slot.fix }),
  });
  report.method({
    at,
    kind: slot.kind,
    class: 'static',
    usedBy: slot.usedBy,
    detail,
    subject: slot.subject,
    ...(slot.stack === undefined ? {} : { stack: slot.stack }),
    ...(credentialName === undefined ? {} : { credentialName }),
  });
  return true;
}

/** Hands the parts to the linker: what takes a part, and which names get a value. */
export function reportParts(
  report: Report,
  { slot, parts, reach = 'here' }: Pick<StaticSlot, 'slot' | 'parts' | 'reach'>,
): void {
  for (const { part, name, at, value } of partsPresent(parts)) {
    const source = sourceOf(value);
    const own = environmentName(name);
    if (source === undefined || (source.kind === 'name' && source.name === own)) continue;
    report.use({ at, slot, part, source });
    const exported = name.startsWith('TF_VAR_') || (reach === 'everywhere' && /^[A-Z_][A-Z0-9_]*$/.test(name));
    if (exported) report.define({ at, name: own, source });
  }
}

function sourceOf(value: CredentialValue): ValueSource | undefined {
  switch (value.kind) {
    case 'literal':
      return { kind: 'literal', value: value.value };
    case 'stored':
      return { kind: 'name', name: storedSecretName(value.store, value.name) };
    case 'name':
      return { kind: 'name', name: environmentName(value.name) };
    default:
      return undefined;
  }
}

function originOf(value: CredentialValue, name: string): string {
  switch (value.kind) {
    case 'literal':
      return value.documentationExample ? "written out (AWS's documentation example)" : 'written out';
    case 'stored':
      return `from ${storeLabels[value.store] ?? `${value.store} `}${value.name}`.replace('.[', '[');
    case 'name':
      return value.name === name ? 'from the environment' : `from ${value.name}`;
    case 'issued':
      return `issued by ${value.by}`;
    case 'nothing':
      return 'without a value';
  }
}

/** How a store is called before the name it keeps the value under; other stores are called by their own name. */
const storeLabels: Readonly<Record<string, string>> = {
  github: 'secrets.',
  'github-variables': 'vars.',
  command: 'the output of ',
  'aws-config': 'a profile by aws configure get ',
  jenkins: 'the Jenkins credential ',
  variable: 'the variable ',
  secret: 'the secret ',
  harness: 'the secret ',
  concourse: 'the secret ',
  template: 'the template value ',
  parameter: 'the parameter ',
  input: 'the input ',
  encrypted: 'an encrypted ',
};
