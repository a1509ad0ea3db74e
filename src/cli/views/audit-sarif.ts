/**
 * Findings as SARIF 2.1.0 (OASIS), with what GitHub code scanning reads of it: stable rule ids, a fingerprint that
 * survives line moves, `security-severity`, and suppressions with their reason.
 */
import { type AnyDetector, detectors, type Finding, type Inventory } from '../../audit/index.ts';
import type { Severity } from '../../kernel/diagnostic.ts';
import { version } from '../version.ts';

export function renderAuditSarif(inventory: Inventory): string {
  const suppressed = inventory.suppressed.map(({ finding, reason, until }) => ({
    ...result(finding),
    suppressions: [{ kind: 'inSource', justification: `${reason} (until ${until})` }],
  }));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'keyless',
            semanticVersion: version,
            rules: detectors.map(rule),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { description: { text: 'The audited folder.' } } },
        results: [...inventory.findings.map(result), ...suppressed],
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: inventory.coverage.skipped.map(({ path, line, reason, detail }) => ({
              level: 'note',
              message: { text: `${reason}: ${detail}` },
              locations: [{ physicalLocation: physicalLocation({ path, line: line ?? 1, column: 1 }) }],
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule({ id, title, why, fix, severity }: AnyDetector): object {
  return {
    id,
    name: id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\nFix: ${fix}`, markdown: `${why}\n\n**Fix:** ${fix}` },
    defaultConfiguration: { level: levels[severity] },
    properties: { 'security-severity': securitySeverity[severity], tags: ['security', 'external/cwe/cwe-798'] },
  };
}

function result(finding: Finding): object {
  const { rule: ruleId, severity, detail, fix, fingerprint, otherPlaces } = finding;
  return {
    ruleId,
    ruleIndex: detectors.findIndex(({ id }) => id === ruleId),
    level: levels[severity],
    message: { text: `${detail} Fix: ${fix}` },
    locations: [{ physicalLocation: physicalLocation(finding) }],
    ...(otherPlaces.length === 0
      ? {}
      : { relatedLocations: otherPlaces.map((place, id) => ({ id, physicalLocation: physicalLocation(place) })) }),
    partialFingerprints: { 'keyless/v1': fingerprint },
    properties: {
      class: finding.class,
      gated: finding.gated,
      ...(finding.fixRule === undefined ? {} : { fixRule: finding.fixRule }),
      ...(finding.keyId === undefined ? {} : { keyId: finding.keyId }),
    },
  };
}

function physicalLocation(place: { readonly path: string; readonly line: number; readonly column: number }): object {
  return {
    artifactLocation: { uri: place.path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' },
    region: { startLine: place.line, startColumn: place.column },
  };
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** GitHub's scale from 0.1 to 10 ("SARIF support for code scanning"). */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.1',
};
