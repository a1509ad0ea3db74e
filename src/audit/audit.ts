/**
 * The audit: every detector over every file, what they saw linked into credentials, suppressions applied, and the
 * inventory of it all. `auditRepository` is pure; `runAudit` reads the tree and, when asked, the home directory and the
 * environment first.
 */
import { setImmediate } from 'node:timers/promises';
import { compareLocations, type Location } from '../kernel/diagnostic.ts';
import { KeylessError } from '../kernel/error.ts';
import type { Ports } from '../ports/index.ts';
import { Repository, readTree, type Skipped, type SourceFile } from '../repository/index.ts';
import { detectors as allDetectors } from './catalogue.ts';
import { type LinkedCredentials, linkCredentials, type PlacedUse, type SearchedFile } from './credentials.ts';
import type {
  AnyDetector,
  CredentialDetector,
  Detector,
  FindingDraft,
  Report,
  SuppressionDetector,
} from './detector.ts';
import { credentialFinding, fileFinding, suppressionFinding } from './finding.ts';
import { type ForeignMark, readForeignMarks } from './foreign-marks.ts';
import type { Finding, Inventory, Method, SuppressedFinding } from './inventory.ts';
import { redactInventory, redactText } from './redact.ts';
import { environmentFile } from './sources/environment.ts';
import { type HomeReading, readHome } from './sources/home.ts';
import { summarise } from './summary.ts';
import { covers, isInForce, readSuppressions, type SuppressionMark } from './suppressions.ts';
import { searchMarkers, searchText } from './text-search.ts';
import type { PlacedDefinition } from './value-graph.ts';

export interface AuditOptions {
  readonly now: Date;
  /** Shown in the inventory; the audit itself knows no absolute paths. Default `''`. */
  readonly root?: string;
  /** Marks of other scanners suppress too. */
  readonly honourForeignSuppressions?: boolean;
  /** Methods that were found outside the repository's files. */
  readonly otherMethods?: readonly Method[];
  /** Default: the whole catalogue. */
  readonly detectors?: readonly AnyDetector[];
}

/** What a repository holds. Pure: the same repository and day give the same inventory. */
export function auditRepository(repository: Repository, options: AuditOptions): Inventory {
  const audit = new Audit(repository, options);
  for (const file of audit.files) audit.inspect(file);
  return audit.inventory();
}

/**
 * Masks key ids and takes secrets out of any text that quotes the repository: those that look like one, and those that
 * only the flow of values shows to be one. For what must show lines of files, such as diffs.
 */
export function redactionFor(repository: Repository, now: Date): (text: string) => string {
  const audit = new Audit(repository, { now });
  for (const file of audit.files) audit.inspect(file);
  return audit.redaction();
}

export interface RunAuditOptions {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Look at `~/.aws` too. */
  readonly home?: boolean;
  /** Look at the process environment too. */
  readonly env?: boolean;
  readonly honourForeignSuppressions?: boolean;
  /** Default 20 MiB; see `readTree`. */
  readonly maxFileBytes?: number;
}

/**
 * Reads and audits. Throws PATH_NOT_FOUND, NOT_A_DIRECTORY, PERMISSION_DENIED for the root itself, and INTERRUPTED; it
 * shows progress on `output` and takes it away again.
 */
export async function runAudit(ports: Ports, options: RunAuditOptions): Promise<Inventory> {
  const { files, output, signal } = ports;
  try {
    const tree = await readTree(files, options.root, {
      signal,
      markers: searchMarkers,
      ...(options.maxFileBytes === undefined ? {} : { maxFileBytes: options.maxFileBytes }),
      onProgress: (progress) => output.progress(`reading: ${progress.files} files, ${progress.path}`),
    });
    const home: HomeReading = options.home ? await readHome(ports) : { files: [], methods: [], skipped: [] };
    const environment = options.env ? environmentFile(ports.env) : undefined;
    const outside = [...home.files, ...(environment === undefined ? [] : [environment])];
    const repository = new Repository([...tree.files, ...outside], [...tree.skipped, ...home.skipped], {
      entries: tree.entries,
      fragments: tree.fragments,
      links: tree.links,
      scanned: {
        files: tree.scanned.files + outside.length,
        bytes: tree.scanned.bytes + outside.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
      },
    });
    const audit = new Audit(repository, {
      now: ports.clock.now(),
      root: options.root,
      honourForeignSuppressions: options.honourForeignSuppressions ?? false,
      otherMethods: home.methods,
    });
    await inspectAll(audit, ports);
    return audit.inventory();
  } finally {
    output.progress(undefined);
  }
}

/** Characters between two looks at the signal and the progress line. */
const breathAfter = 1_000_000;

async function inspectAll(audit: Audit, { output, signal }: Ports): Promise<void> {
  let sinceBreath = 0;
  for (const [index, file] of audit.files.entries()) {
    audit.inspect(file);
    sinceBreath += file.text.length + 1000;
    if (sinceBreath < breathAfter) continue;
    sinceBreath = 0;
    output.progress(`auditing: ${index + 1} of ${audit.files.length} files`);
    await setImmediate();
    if (signal.aborted) throw new KeylessError({ code: 'INTERRUPTED', message: 'interrupted while auditing' });
  }
}

class Audit {
  /** What is to be inspected. */
  readonly files: readonly SourceFile[];
  readonly #repository: Repository;
  readonly #options: AuditOptions;
  readonly #detectors: readonly AnyDetector[];
  /** What a suppression of every rule stands for. */
  readonly #rulesOfFiles: ReadonlySet<string>;
  readonly #findings: Finding[] = [];
  readonly #methods: Method[];
  readonly #uses: PlacedUse[] = [];
  readonly #definitions: PlacedDefinition[] = [];
  readonly #searched: SearchedFile[] = [];
  readonly #failed: Skipped[] = [];
  readonly #foreign: ForeignMark[] = [];

  constructor(repository: Repository, options: AuditOptions) {
    this.files = [...repository.files, ...repository.entries];
    this.#repository = repository;
    this.#options = options;
    this.#detectors = options.detectors ?? allDetectors;
    this.#rulesOfFiles = new Set(this.#detectors.flatMap((each) => ('detect' in each ? [each.id] : [])));
    this.#methods = [...(options.otherMethods ?? [])];
  }

  inspect(file: SourceFile): void {
    this.#search(file);
    const report: Omit<Report, 'finding'> = {
      method: ({ at, ...method }) => this.#methods.push({ ...method, ...file.locationOf(at) }),
      use: (use) => this.#uses.push({ ...use, location: file.locationOf(use.at) }),
      define: (definition) => this.#definitions.push({ ...definition, location: file.locationOf(definition.at) }),
    };
    for (const detector of this.#detectors) {
      if ('detect' in detector) this.#run(detector, file, report);
    }
    // Asked for here, so that a Terraform file which no detector needed is listed all the same when it is broken.
    file.terraformBody();
    this.#foreign.push(...readForeignMarks(file));
  }

  inventory(): Inventory {
    const { credentials, secrets } = this.#link();
    const methods = uniqueMethods(this.#methods);
    const marks = readSuppressions(this.#repository, new Set(this.#detectors.map(({ id }) => id)));
    const all = [
      ...this.#findings,
      ...this.#detectors
        .filter(judgesCredentials)
        .flatMap((detector) =>
          credentials.flatMap((credential) => credentialFinding(detector, credential, methods) ?? []),
        ),
      ...this.#detectors
        .filter(judgesSuppressions)
        .flatMap((detector) => marks.flatMap((mark) => suppressionFinding(detector, mark, this.#options.now) ?? [])),
    ];
    const { findings, suppressed } = this.#suppress(withUniqueFingerprints(all.sort(compareFindings)), marks);
    const inventory: Inventory = {
      root: this.#options.root ?? '',
      summary: summarise({ findings, suppressed, credentials, methods }, this.#foreign.length),
      findings,
      suppressed,
      credentials,
      methods,
      coverage: { scanned: this.#repository.scanned, skipped: this.#skipped() },
    };
    return redactInventory(inventory, secrets);
  }

  /** See `redactionFor`. */
  redaction(): (text: string) => string {
    const { secrets } = this.#link();
    return (text) => redactText(text, secrets);
  }

  #link(): LinkedCredentials {
    for (const fragment of this.#repository.fragments) this.#search(fragment);
    return linkCredentials({
      searched: this.#searched,
      uses: this.#uses,
      definitions: this.#definitions,
      files: [...this.files, ...this.#repository.fragments],
    });
  }

  #search(file: SourceFile): void {
    const sightings = searchText(file.text);
    if (sightings.length > 0) this.#searched.push({ file, sightings });
  }

  #run(detector: Detector, file: SourceFile, shared: Omit<Report, 'finding'>): void {
    const finding = (draft: FindingDraft): void => {
      this.#findings.push(fileFinding(detector, draft, file));
    };
    try {
      detector.detect(file, { ...shared, finding }, this.#repository);
    } catch (error) {
      // One detector's fault on one file must not cost the rest of the audit; the message could quote the file.
      const name = error instanceof Error ? error.name : 'an error';
      const detail = `detector ${detector.id} failed on it (${name}): what it would have reported is missing`;
      this.#failed.push({ path: file.path, reason: 'detector-failed', detail, searchedAsText: true });
    }
  }

  #suppress(
    findings: readonly Finding[],
    marks: readonly SuppressionMark[],
  ): { readonly findings: Finding[]; readonly suppressed: SuppressedFinding[] } {
    const inForce = marks.filter((mark) => isInForce(mark, this.#options.now));
    const honoured = this.#options.honourForeignSuppressions ? this.#foreign : [];
    const kept: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    for (const finding of findings) {
      const cover = coverOf(finding, inForce, this.#rulesOfFiles, honoured);
      if (cover === undefined) kept.push(finding);
      else suppressed.push({ finding, ...cover });
    }
    return { findings: kept, suppressed };
  }

  #skipped(): Skipped[] {
    const unparseable = this.files.flatMap((file): Skipped[] => {
      const { problem } = file;
      if (problem === undefined) return [];
      const { line } = file.locationOf(problem.start);
      return [{ path: file.path, reason: 'unparseable', detail: problem.message, line, searchedAsText: true }];
    });
    return [...this.#repository.skipped, ...unparseable, ...this.#failed].sort((a, b) =>
      compareLocations({ ...a, line: a.line ?? 0, column: 0 }, { ...b, line: b.line ?? 0, column: 0 }),
    );
  }
}

/** What covers every place of a finding: one that is suppressed here still stands there. */
function coverOf(
  finding: Finding,
  marks: readonly SuppressionMark[],
  everyRule: ReadonlySet<string>,
  foreign: readonly ForeignMark[],
): Omit<SuppressedFinding, 'finding'> | undefined {
  const places: readonly Location[] = [finding, ...finding.otherPlaces];
  const covering = places.map((place) => {
    const own = marks.find((mark) => covers(mark, finding, place, everyRule));
    if (own !== undefined) return { reason: own.reason, until: own.until, suppressedAt: own.at };
    const other = foreign.find(({ at, line }) => at.path === place.path && line === place.line);
    return other && { reason: `marked ${other.mark}`, until: '9999-12-31', suppressedAt: other.at };
  });
  return covering.every((cover) => cover !== undefined) ? covering[0] : undefined;
}

function judgesCredentials(detector: AnyDetector): detector is CredentialDetector {
  return detector.scope === 'credential';
}

function judgesSuppressions(detector: AnyDetector): detector is SuppressionDetector {
  return detector.scope === 'suppression';
}

function compareFindings(a: Finding, b: Finding): number {
  return compareLocations(a, b) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** Two detectors may see one method at one place; it is counted once. */
function uniqueMethods(methods: readonly Method[]): Method[] {
  const byIdentity = new Map<string, Method>();
  for (const method of methods) {
    const key = [method.path, method.line, method.column, method.kind, method.credentialName, method.subject].join(
      '\0',
    );
    if (!byIdentity.has(key)) byIdentity.set(key, method);
  }
  return [...byIdentity.values()].sort(compareLocations);
}

/** Findings that say the same twice in one file are told apart by their order. */
function withUniqueFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return count === 1 ? finding : { ...finding, fingerprint: `${finding.fingerprint}-${count}` };
  });
}
