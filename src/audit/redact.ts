/**
 * The last gate before an inventory leaves: whatever sentence a detector or a parser wrote, no key id stands in it whole
 * and nothing that looks like a secret stands in it at all. Detectors are careful themselves; files hold secrets where
 * nobody expects them (a profile's name, a line that a parser quotes).
 */
import { maskKeyId, type Secret } from '../kernel/secret.ts';
import { findBase64Runs } from './base64-run.ts';
import type { Credential, Finding, Inventory, Method } from './inventory.ts';
import { isSecretShape } from './secret-shape.ts';

/** `known` are the values of the credentials in it, which are taken out whatever they look like. */
export function redactInventory(inventory: Inventory, known: readonly Secret[]): Inventory {
  const redact = (text: string): string => redactText(text, known);
  return {
    ...inventory,
    findings: inventory.findings.map((finding) => redactFinding(finding, redact)),
    suppressed: inventory.suppressed.map((suppressed) => ({
      ...suppressed,
      finding: redactFinding(suppressed.finding, redact),
      reason: redact(suppressed.reason),
    })),
    credentials: inventory.credentials.map((credential) => redactCredential(credential, redact)),
    methods: inventory.methods.map((method) => redactMethod(method, redact)),
    coverage: {
      ...inventory.coverage,
      skipped: inventory.coverage.skipped.map((skipped) => ({ ...skipped, detail: redact(skipped.detail) })),
    },
  };
}

/** The text with key ids masked, and known values and every run of base64 with a secret's randomness taken out. */
export function redactText(text: string, known: readonly Secret[] = []): string {
  let masked = text.replace(/A(?:KIA|SIA|BIA|CCA|3T[A-Z0-9])[A-Z0-9]{16}/g, maskKeyId);
  for (const secret of known) masked = masked.replaceAll(secret.reveal(), '[secret]');
  let result = '';
  let position = 0;
  for (const run of findBase64Runs(masked, 0, masked.length, 40)) {
    if (!holdsSecret(run.value)) continue;
    result += `${masked.slice(position, run.at)}[secret]`;
    position = run.end;
  }
  return result + masked.slice(position);
}

function holdsSecret(run: string): boolean {
  for (let at = 0; at + 40 <= run.length; at++) if (isSecretShape(run.slice(at, at + 40), 'bare')) return true;
  return false;
}

type Redact = (text: string) => string;

function redactFinding(finding: Finding, redact: Redact): Finding {
  return { ...finding, detail: redact(finding.detail), fix: redact(finding.fix) };
}

function redactMethod(method: Method, redact: Redact): Method {
  return {
    ...method,
    detail: redact(method.detail),
    subject: redact(method.subject),
    ...(method.credentialName === undefined ? {} : { credentialName: redact(method.credentialName) }),
    ...(method.roleArns === undefined ? {} : { roleArns: method.roleArns.map(redact) }),
  };
}

function redactCredential(credential: Credential, redact: Redact): Credential {
  return { ...credential, places: credential.places.map((place) => ({ ...place, via: redact(place.via) })) };
}
