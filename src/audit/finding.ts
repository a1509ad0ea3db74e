/** A finding from what a detector said: its place, its fingerprint, and the detector's own words where it said nothing else. */
import { createHash } from 'node:crypto';
import type { Location } from '../kernel/diagnostic.ts';
import type { SourceFile } from '../repository/index.ts';
import { isByName } from './credentials.ts';
import type { CredentialDetector, Detector, DetectorStory, FindingDraft, SuppressionDetector } from './detector.ts';
import type { Credential, CredentialPlace, Finding, Method } from './inventory.ts';
import type { SuppressionMark } from './suppressions.ts';

export function fileFinding(detector: Detector, draft: FindingDraft, file: SourceFile): Finding {
  return {
    ...file.locationOf(draft.at),
    ...told(detector, draft),
    fingerprint: fingerprintOf(detector.id, file.path, draft.identity ?? draft.detail),
    ...(draft.usedBy === undefined ? {} : { usedBy: draft.usedBy }),
    otherPlaces: [],
    gated: draft.gated ?? false,
  };
}

/** The finding stands where the secret does, or else the id; every other place of the credential is listed with it. */
export function credentialFinding(
  detector: CredentialDetector,
  credential: Credential,
  methods: readonly Method[],
): Finding | undefined {
  const draft = detector.judge(credential);
  if (draft === undefined) return undefined;
  const first = worstPlace(credential);
  const usedBy = methods.find((method) =>
    credential.places.some(({ path, line }) => path === method.path && line === method.line),
  )?.usedBy;
  return {
    ...placeOnly(first),
    ...told(detector, draft),
    fingerprint: fingerprintOf(detector.id, '', credential.fingerprint),
    ...(credential.keyId === undefined ? {} : { keyId: credential.keyId }),
    ...(credential.accountHint === undefined ? {} : { accountHint: credential.accountHint }),
    ...(usedBy === undefined ? {} : { usedBy }),
    otherPlaces: credential.places.filter((place) => place !== first).map(placeOnly),
    gated: false,
  };
}

export function suppressionFinding(
  detector: SuppressionDetector,
  mark: SuppressionMark,
  now: Date,
): Finding | undefined {
  const draft = detector.judge(mark, now);
  if (draft === undefined) return undefined;
  return {
    ...mark.at,
    ...told(detector, draft),
    fingerprint: fingerprintOf(detector.id, mark.at.path, draft.identity),
    otherPlaces: [],
    gated: false,
  };
}

function told(
  detector: DetectorStory,
  draft: Pick<FindingDraft, 'detail' | 'severity' | 'class' | 'fix' | 'fixRule'>,
): Pick<Finding, 'rule' | 'severity' | 'class' | 'title' | 'detail' | 'fix' | 'fixRule'> {
  const fixRule = draft.fixRule ?? detector.fixRule;
  return {
    rule: detector.id,
    severity: draft.severity ?? detector.severity,
    class: draft.class ?? detector.class,
    title: detector.title,
    detail: draft.detail,
    fix: draft.fix ?? detector.fix,
    ...(fixRule === undefined ? {} : { fixRule }),
  };
}

function fingerprintOf(rule: string, path: string, identity: string): string {
  return createHash('sha256').update(`${rule}\0${path}\0${identity}`).digest('hex').slice(0, 32);
}

function worstPlace(credential: Credential): CredentialPlace {
  const literal = credential.places.filter((place) => !isByName(place));
  return (literal.find(({ part }) => part === 'secret') ?? literal[0] ?? credential.places[0]) as CredentialPlace;
}

function placeOnly({ path, line, column }: Location): Location {
  return { path, line, column };
}
