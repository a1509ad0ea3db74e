/**
 * Joins what was seen into credentials: sightings of the same value anywhere, the id and the secret of one pair, and
 * the places that use either by name. One credential is reported once, with all its places, however many strings and
 * files it is spread over. Values stay in here; only fingerprints and masked ids leave.
 */
import { accountOfKeyId, doubtAboutKeyId, isDocumentationExample, keyIdKind } from '../aws/access-key-id.ts';
import { compareLocations, type Location } from '../kernel/diagnostic.ts';
import { maskKeyId, type Secret } from '../kernel/secret.ts';
import type { SourceFile } from '../repository/index.ts';
import { credentialPartInAwsContext } from './credential-names.ts';
import type { CredentialPart, CredentialUse } from './detector.ts';
import type { Credential, CredentialPlace } from './inventory.ts';
import { pairSightings } from './pair-sightings.ts';
import { isSecretShape, shannonEntropy } from './secret-shape.ts';
import type { Sighting } from './text-search.ts';
import { type PlacedDefinition, type ReachedValue, ValueGraph } from './value-graph.ts';
import { displayName } from './value-names.ts';

export interface PlacedUse extends CredentialUse {
  readonly location: Location;
}

export interface SearchedFile {
  readonly file: SourceFile;
  readonly sightings: readonly Sighting[];
}

export interface CredentialEvidence {
  readonly searched: readonly SearchedFile[];
  readonly uses: readonly PlacedUse[];
  readonly definitions: readonly PlacedDefinition[];
  /** Files in which a secret found elsewhere is looked for once more, whatever stands around it. */
  readonly files: readonly SourceFile[];
}

export interface LinkedCredentials {
  /** In order of their first place. */
  readonly credentials: readonly Credential[];
  /** The secrets and tokens among them, for the one purpose of keeping them out of reports. */
  readonly secrets: readonly Secret[];
}

/** Pure; the order of the evidence decides only between pairs that nothing else tells apart. */
export function linkCredentials(evidence: CredentialEvidence): LinkedCredentials {
  const linker = new Linker();
  for (const { file, sightings } of evidence.searched) linker.addSightings(file, sightings);
  linker.addUses(evidence.uses, new ValueGraph(evidence.definitions));
  linker.findKnownSecretsIn(evidence.files);
  return { credentials: linker.credentials(), secrets: linker.secrets() };
}

/** One value and everything that was seen of it. */
interface Part {
  readonly part: CredentialPart;
  readonly value: Secret;
  readonly places: CredentialPlace[];
  /** It needs no partner to be reported. */
  standsAlone: boolean;
  bedrock: boolean;
  /** Every sighting of the id is on a signed request. */
  onlySigned: boolean;
  /** Only a name that other services use too speaks for it. */
  uncertain: boolean;
}

/** A value that a slot takes. */
interface Reached {
  readonly use: PlacedUse;
  readonly value: ReachedValue;
}

/**
 * What an id and a secret of one slot can have in common. Where just one of each has it they are a pair, surer than
 * everything that text alone can show.
 */
const bonds: readonly { readonly strength: number; readonly of: (reached: ReachedValue) => string | undefined }[] = [
  { strength: 5, of: () => 'the slot' },
  { strength: 4, of: mapKeyOf },
  { strength: 4, of: (reached) => reached.path.at(-1)?.location.path },
  { strength: 4, of: (reached) => reached.path.at(-1)?.location.path.replace(/[^/]*$/, '') },
];

class Linker {
  readonly #parts = new Map<string, Part>();
  /** Secret or token value → id value → the best strength and how often it was seen. */
  readonly #pairs = new Map<string, Map<string, { strength: number; count: number }>>();

  /** Pieces that a template puts a secret together from. */
  readonly #pieces: Secret[] = [];

  addSightings(file: SourceFile, sightings: readonly Sighting[]): void {
    for (const sighting of sightings) {
      const part = this.#part(sighting.part, sighting.value);
      part.places.push({ ...file.locationOf(sighting.at), part: sighting.part, via: sighting.via });
      part.standsAlone ||=
        sighting.part === 'keyId' || sighting.bedrock || (sighting.part === 'secret' && sighting.evidence !== 'bare');
      part.uncertain &&= sighting.evidence !== 'aws';
      part.bedrock ||= sighting.bedrock;
      part.onlySigned &&= sighting.onSignedRequest;
    }
    for (const { keyId, other, strength } of pairSightings(sightings, (at) => file.lines.position(at).line)) {
      this.#pair(keyId.value, other.value, strength);
    }
  }

  addUses(uses: readonly PlacedUse[], graph: ValueGraph): void {
    const active = uses.filter(({ passive }) => passive !== true);
    for (const slot of Map.groupBy(active, (use) => `${use.location.path}\0${use.slot}`).values()) {
      const reached = slot.flatMap((use) => graph.valuesOf(use.source).map((value) => ({ use, value })));
      const ids = reached.filter(
        ({ use, value }) => use.part === 'keyId' && keyIdKind(value.value.reveal()) !== undefined,
      );
      const others = reached.filter(({ use, value }) => use.part !== 'keyId' && isPlausible(use.part, value.value));
      for (const { use, value } of reached) {
        if (use.part !== 'keyId' && looksRandom(value.value)) this.#pieces.push(value.value);
      }
      for (const one of [...ids, ...others]) this.#addReached(one.use, one.value);
      this.#pairSlot(ids, others);
    }
    for (const use of uses) {
      if (use.passive !== true) continue;
      for (const { value } of graph.valuesOf(use.source)) {
        const part = this.#parts.get(value.reveal());
        if (part?.part === use.part) part.places.push(placeOf(use));
      }
    }
  }

  findKnownSecretsIn(files: readonly SourceFile[]): void {
    const known = [...this.#parts].filter(([value, part]) => part.part !== 'keyId' && this.#isKnown(value, part));
    const parts = new Map(known);
    for (const file of files) {
      for (const { value, at } of occurrencesOf([...parts.keys()], file.text)) {
        const part = parts.get(value) as Part;
        part.places.push({ ...file.locationOf(at), part: part.part, via: 'literal' });
      }
    }
  }

  credentials(): Credential[] {
    const idOfOther = this.#choosePairs();
    const groups = new Map<string, Part[]>();
    for (const [value, part] of this.#parts) {
      const id = part.part === 'keyId' ? value : idOfOther.get(value);
      if (id === undefined && !part.standsAlone) continue;
      const key = id ?? value;
      groups.set(key, [...(groups.get(key) ?? []), part]);
    }
    return [...groups.values()].map(credentialOf).sort((a, b) => compareLocations(firstPlace(a), firstPlace(b)));
  }

  secrets(): Secret[] {
    const whole = [...this.#parts.values()].filter(({ part }) => part !== 'keyId').map(({ value }) => value);
    return [...whole, ...this.#pieces];
  }

  #part(part: CredentialPart, value: Secret): Part {
    const known = this.#parts.get(value.reveal());
    if (known !== undefined) return known;
    const made = { part, value, places: [], standsAlone: false, bedrock: false, onlySigned: true, uncertain: true };
    this.#parts.set(value.reveal(), made);
    return made;
  }

  #addReached(use: PlacedUse, { value, path }: ReachedValue): void {
    const part = this.#part(use.part, value);
    part.standsAlone ||= use.part !== 'token';
    part.uncertain = false;
    part.onlySigned = false;
    part.places.push(placeOf(use), ...path.map((definition) => placeOf({ ...definition, part: use.part })));
  }

  /** A slot can take several credentials, one for each environment: they are told apart by what else they share. */
  #pairSlot(ids: readonly Reached[], others: readonly Reached[]): void {
    for (const { strength, of } of bonds) {
      for (const [bond, bound] of Map.groupBy(ids, ({ value }) => of(value))) {
        const id = onlyValue(bound);
        if (bond === undefined || id === undefined) continue;
        const alike = others.filter(({ value }) => of(value) === bond);
        for (const same of Map.groupBy(alike, ({ use }) => use.part).values()) {
          const other = onlyValue(same);
          if (other !== undefined) this.#pair(id, other, strength);
        }
      }
    }
  }

  #pair(id: Secret, other: Secret, strength: number): void {
    const candidates = this.#pairs.get(other.reveal()) ?? new Map<string, { strength: number; count: number }>();
    this.#pairs.set(other.reveal(), candidates);
    const known = candidates.get(id.reveal());
    candidates.set(id.reveal(), {
      strength: Math.max(strength, known?.strength ?? 0),
      count: (known?.count ?? 0) + 1,
    });
  }

  /** A secret belongs to one id, and an id has one secret: the surest pairs are taken first. */
  #choosePairs(): Map<string, string> {
    const all = [...this.#pairs].flatMap(([other, candidates]) =>
      [...candidates].map(([id, { strength, count }]) => ({ other, id, strength, count })),
    );
    all.sort((a, b) => b.strength - a.strength || b.count - a.count);
    const chosen = new Map<string, string>();
    const taken = new Set<string>();
    for (const { other, id } of all) {
      const seat = `${this.#parts.get(other)?.part}\0${id}`;
      if (chosen.has(other) || taken.has(seat)) continue;
      chosen.set(other, id);
      taken.add(seat);
    }
    return chosen;
  }

  #isKnown(value: string, part: Part): boolean {
    return part.standsAlone || this.#pairs.has(value);
  }
}

/** A pass for each value is the fastest for a few; for many, one pass over everything that could be one of them. */
const fewValues = 16;

function* occurrencesOf(values: readonly string[], text: string): Generator<{ value: string; at: number }> {
  if (values.length <= fewValues) {
    for (const value of values) {
      for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) yield { value, at };
    }
    return;
  }
  const wanted = new Set(values);
  for (const { 0: value, index: at } of text.matchAll(/[A-Za-z0-9+/=]{40,}/g))
    if (wanted.has(value)) yield { value, at };
}

function credentialOf(parts: readonly Part[]): Credential {
  const id = parts.find(({ part }) => part === 'keyId');
  const [first] = parts as readonly [Part, ...Part[]];
  const idText = id?.value.reveal();
  const accountHint = idText === undefined ? undefined : accountOfKeyId(idText);
  const doubt = doubtAbout(parts, idText);
  return {
    fingerprint: (id ?? first).value.fingerprint('credential'),
    ...(idText === undefined ? {} : { keyId: maskKeyId(idText) }),
    kind: kindOf(parts, idText),
    parts: (['keyId', 'secret', 'token'] as const).filter((part) => parts.some((one) => one.part === part)),
    ...(accountHint === undefined ? {} : { accountHint }),
    documentationExample: parts.every(({ value }) => isDocumentationExample(value.reveal())),
    ...(doubt === undefined ? {} : { doubt }),
    places: uniquePlaces(parts.flatMap(({ places }) => places)),
  };
}

function kindOf(parts: readonly Part[], id: string | undefined): Credential['kind'] {
  if (parts.some(({ bedrock }) => bedrock)) return 'bedrock';
  if (id !== undefined) return keyIdKind(id) === 'temporary' ? 'temporary' : 'long-term';
  const secret = parts.find(({ part }) => part === 'secret')?.value.reveal();
  return secret !== undefined && isSecretShape(secret, 'named') ? 'long-term' : 'other';
}

/** Why this may be no credential, or not one that can be used; `undefined` when nothing speaks against it. */
function doubtAbout(parts: readonly Part[], id: string | undefined): string | undefined {
  if (parts.length > 1) return undefined;
  const [only] = parts as readonly [Part];
  if (only.bedrock) return undefined;
  if (id === undefined) {
    return only.uncertain ? 'its name is also used by other services that speak the S3 protocol' : undefined;
  }
  if (only.onlySigned) return 'it stands in a signed request, which shows the id but not the secret';
  return doubtAboutKeyId(id);
}

/** A literal says more about a place than the name that led there. */
function uniquePlaces(places: readonly CredentialPlace[]): CredentialPlace[] {
  const byPlace = new Map<string, CredentialPlace>();
  for (const place of places) {
    const key = `${place.path}\0${place.line}\0${place.part}`;
    const known = byPlace.get(key);
    if (known === undefined || (isByName(known) && !isByName(place))) byPlace.set(key, place);
  }
  return [...byPlace.values()].sort(compareLocations);
}

/** True when the place refers to the value by a name and does not hold it. */
export function isByName(place: CredentialPlace): boolean {
  return !['literal', 'base64', 'percent-encoded'].includes(place.via);
}

/** Structure says that it is a secret; whether it is one of AWS or of something that copies S3, its shape says. */
function isPlausible(part: CredentialPart, value: Secret): boolean {
  const text = value.reveal();
  if (part === 'token') return text.length >= 100;
  return isSecretShape(text, 'named') || (text.length >= 20 && !/[\s$]/.test(text) && shannonEntropy(text) >= 3.75);
}

function placeOf({ location, part, source }: Pick<PlacedUse, 'location' | 'part' | 'source'>): CredentialPlace {
  const { path, line, column } = location;
  return { path, line, column, part, via: source.kind === 'literal' ? 'literal' : displayName(source.name) };
}

/** `dev` of `var.keys.dev.access_key` and of `var.secrets.dev`. */
function mapKeyOf(reached: ReachedValue): string | undefined {
  const definition = reached.path.at(-1);
  if (definition === undefined) return undefined;
  const [, , ...keys] = displayName(definition.name).split('.');
  const key = keys.filter((each) => credentialPartInAwsContext(each) === undefined).join('.');
  return key === '' ? undefined : key;
}

/** The one value that all of them are; `undefined` when they differ. */
function onlyValue(all: readonly Reached[]): Secret | undefined {
  const [first] = all;
  return first !== undefined && all.every(({ value }) => value.value.equals(first.value.value))
    ? first.value.value
    : undefined;
}

function firstPlace(credential: Credential): CredentialPlace {
  return credential.places[0] as CredentialPlace;
}

/** Shorter than a secret, but no word or path either: a piece of one. */
function looksRandom(value: Secret): boolean {
  const text = value.reveal();
  return (
    text.length >= 8 &&
    text.length < 40 &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d/.test(text) &&
    shannonEntropy(text) >= 2.7
  );
}
