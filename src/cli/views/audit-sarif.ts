/**
 * Findings as SARIF 2.1.0 (OASIS), with what GitHub code scanning reads of it: stable rule ids, a fingerprint that
 * survives line moves, `security-severity`, and suppressions with their reason.
 */
import {
  type AnyDetector,
  detectors,
  type Finding,
  type Inventory,
  type SuppressedFinding,
  suppressionFile,
} from '../../audit/index.ts';
import type { Location, Severity } from '../../kernel/diagnostic.ts';
import { version } from '../version.ts';

export function renderAuditSarif(inventory: Inventory): string {
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
        originalUriBaseIds: uriBases,
        results: [...inventory.findings.map(result), ...inventory.suppressed.map(suppressedResult)],
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: inventory.coverage.skipped.map(({ path, line, reason, detail }) => ({
              level: 'note',
              message: { text: `${reason}: ${detail}` },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: artifactLocation(path),
                    ...(line === undefined ? {} : { region: { startLine: line } }),
                  },
                },
              ],
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule({ id, title, why, fix, severity, class: type }: AnyDetector): object {
  return {
    id,
    name: id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\nFix: ${fix}`, markdown: `${why}\n\n**Fix:** ${fix}` },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      'security-severity': securitySeverity[severity],
      // CWE-798: use of hard-coded credentials.
      tags: ['security', ...(type === 'static' ? ['external/cwe/cwe-798'] : [])],
    },
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
      : {
          relatedLocations: otherPlaces
            .slice(0, RELATED_LIMIT)
            .map((place, id) => ({ id, physicalLocation: physicalLocation(place) })),
        }),
    partialFingerprints: { 'keyless/v1': fingerprint },
    properties: {
      class: finding.class,
      gated: finding.gated,
      ...(finding.fixRule === undefined ? {} : { fixRule: finding.fixRule }),
      ...(finding.keyId === undefined ? {} : { keyId: finding.keyId }),
    },
  };
}

function suppressedResult({ finding, reason, until, suppressedAt }: SuppressedFinding): object {
  const kind = suppressedAt.path === suppressionFile ? 'external' : 'inSource';
  return {
    ...result(finding),
    suppressions: [{ kind, status: 'accepted', justification: `${reason} (until ${until})` }],
  };
}

/** GitHub refuses a result with more locations than this. */
const RELATED_LIMIT = 1000;

function physicalLocation({ path, line, column }: Location): object {
  return { artifactLocation: artifactLocation(path), region: { startLine: line, startColumn: column } };
}

const uriBases = {
  '%SRCROOT%': { description: { text: 'The audited folder.' } },
  HOME: { description: { text: 'The home folder of the person who ran the audit.' } },
  PROCESS: { description: { text: 'The process that ran the audit; its environment is no file.' } },
} as const;

/** What was read outside the root must not look like a file of the repository. */
function artifactLocation(path: string): { readonly uri: string; readonly uriBaseId: keyof typeof uriBases } {
  const [prefix, uriBaseId] = uriBasePrefixes.find(([start]) => path.startsWith(start)) ?? ['', '%SRCROOT%'];
  const segments = path.slice(prefix.length).split('/');
  // A name may hold half a surrogate pair, which no URI can.
  return { uri: segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/'), uriBaseId };
}

const uriBasePrefixes: readonly (readonly [string, keyof typeof uriBases])[] = [
  ['~/', 'HOME'],
  ['<environment>/', 'PROCESS'],
];

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
