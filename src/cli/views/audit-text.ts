/** An inventory as a person reads it at a terminal: grouped by what to do, worst first, with the rule that does it. */
import type { Credential, Finding, Inventory } from '../../audit/index.ts';
import { type Severity, severities, severityRank } from '../../kernel/diagnostic.ts';
import { fixLabel } from './fix-label.ts';
import { type Style, styleFor, wrapText } from './style.ts';
import { verdictText } from './verdict.ts';

export interface AuditTextOptions {
  readonly color: boolean;
  readonly columns: number;
  /** Also list every place, every method and every skipped file. */
  readonly verbose: boolean;
  /** There is a keyless.yaml already, so that the move can be planned. */
  readonly hasIntent: boolean;
  /** How the person named the repository, for the commands to copy: `''` or ` path`. */
  readonly pathArgument: string;
}

export function renderAuditText(inventory: Inventory, options: AuditTextOptions): string {
  const style = styleFor(options.color);
  const width = Math.min(options.columns, 110);
  const sections = [
    headline(inventory, style, width),
    credentialsText(inventory, style, width),
    findingsText(inventory, style, width, options.verbose),
    methodsText(inventory, style, width, options.verbose),
    suppressedText(inventory, style, width),
    coverageText(inventory, style, width, options.verbose),
    nextText(inventory, options, style, width),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ root, summary }: Inventory, style: Style, width: number): string {
  const { staticMethods, credentialsInClear } = summary;
  const verdict = (summary.keyless ? style.green : style.red)(verdictText(summary));
  const uses = (['terraform', 'pipeline', 'person', 'application'] as const)
    .filter((by) => staticMethods[by] > 0)
    .map((by) => `${staticMethods[by]} by ${usedByLabels[by]}`)
    .join(', ');
  const lines = [
    `${style.bold(root)}: ${verdict}`,
    `  credentials in clear: ${credentialsInClear}`,
    wrapText(`places that use a static credential: ${uses === '' ? 'none' : uses}`, width, '  ', '    '),
  ];
  if (staticMethods['made-by-code'] > 0) {
    lines.push(`  static identities made by the code, to be retired last: ${staticMethods['made-by-code']}`);
  }
  return lines.join('\n');
}

const usedByLabels = {
  terraform: 'Terraform',
  pipeline: 'pipelines',
  person: 'people',
  application: 'applications',
} as const;

function credentialsText({ credentials }: Inventory, style: Style, width: number): string {
  const real = credentials.filter(isReal);
  if (real.length === 0) return '';
  const lines = [style.bold('Credentials in clear')];
  for (const { keyId, kind, parts, accountHint, places } of real) {
    const account = accountHint === undefined ? '' : `, account ${accountHint} by its id (a hint)`;
    const name = keyId ?? 'secret without its id';
    const facts = wrapText(
      `${kind}, ${parts.map(partLabel).join(' + ')}${account}`,
      width,
      ' '.repeat(name.length + 4),
    );
    lines.push(`  ${style.red(name)}  ${facts.trimStart()}`);
    for (const { path, line, via, part } of places) {
      lines.push(
        `      ${path}:${line}  ${style.dim(via === 'literal' ? partLabel(part) : `${partLabel(part)} by ${via}`)}`,
      );
    }
  }
  return lines.join('\n');
}

function isReal({ documentationExample }: Credential): boolean {
  return !documentationExample;
}

function partLabel(part: 'keyId' | 'secret' | 'token'): string {
  return part === 'keyId' ? 'key id' : part;
}

function findingsText({ findings, credentials }: Inventory, style: Style, width: number, verbose: boolean): string {
  if (findings.length === 0) return style.green('Nothing was found.');
  const groups = [...Map.groupBy(findings, ({ rule }) => rule).values()].sort(
    (a, b) => worst(a) - worst(b) || ((a[0] as Finding).rule < (b[0] as Finding).rule ? -1 : 1),
  );
  const listedAbove = new Set(credentials.filter(isReal).map(({ keyId }) => keyId));
  return groups.map((group) => groupText(group, listedAbove, style, width, verbose)).join('\n\n');
}

function worst(group: readonly Finding[]): number {
  return Math.min(...group.map(({ severity }) => severityRank(severity)));
}

/** From here on a long list says less than its length does; the severe ones are listed for longer. */
const PLACE_LIMIT: Readonly<Record<Severity, number>> = { critical: 40, high: 40, medium: 10, low: 10, info: 5 };

/** @param listedAbove key ids whose places are all named already */
function groupText(
  group: readonly Finding[],
  listedAbove: ReadonlySet<string | undefined>,
  style: Style,
  width: number,
  verbose: boolean,
): string {
  const first = group[0] as Finding;
  const severity = severities[worst(group)] as Severity;
  const lines = [headingText(severity, first, style, width)];
  const limit = verbose || group.length <= PLACE_LIMIT[severity] ? group.length : PLACE_LIMIT[severity];
  const shown = group.slice(0, limit);
  for (const [index, { path, line, column, gated, detail, keyId, otherPlaces }] of shown.entries()) {
    lines.push(`  ${path}:${line}:${column}${gated ? style.dim('  (gated: retired last)') : ''}`);
    // The same sentence is said once, below the last place it is true of.
    if (shown[index + 1]?.detail === detail) continue;
    lines.push(style.dim(wrapText(detail, width, '      ')));
    if (keyId !== undefined && listedAbove.has(keyId)) continue;
    for (const place of otherPlaces) lines.push(style.dim(`      also ${place.path}:${place.line}`));
  }
  if (limit < group.length) lines.push(`  and ${group.length - limit} more, --verbose lists all`);
  const fixes = new Map(group.map(({ fix, fixRule }) => [fix, fixRule]));
  for (const [fix, fixRule] of fixes) {
    lines.push(wrapText(`fix (${fixLabel(fixRule)}): ${fix}`, width, '  '));
  }
  return lines.join('\n');
}

function headingText(severity: Severity, { title, rule }: Finding, style: Style, width: number): string {
  const indent = ' '.repeat(SEVERITY_WIDTH + 2);
  const heading = `${severityLabel(severity, style)}  ${style.bold(title)}`;
  const fits = indent.length + title.length + 2 + rule.length <= width;
  return `${heading}${fits ? '  ' : `\n${indent}`}${style.dim(rule)}`;
}

const SEVERITY_WIDTH = 8;

function severityLabel(severity: Severity, style: Style): string {
  const label = severity.toUpperCase().padEnd(SEVERITY_WIDTH);
  if (severity === 'critical' || severity === 'high') return style.red(label);
  return severity === 'medium' ? style.yellow(label) : style.dim(label);
}

function methodsText({ methods, summary }: Inventory, style: Style, width: number, verbose: boolean): string {
  const counts = `${summary.methods.static} static, ${summary.methods.indirect} indirect, ${summary.methods.dynamic} dynamic`;
  const lines = [`${style.bold('Ways to authenticate')}: ${counts}`];
  if (!verbose) return `${lines[0]}${methods.length === 0 ? '' : style.dim('  (--verbose lists them)')}`;
  for (const { kind, class: type, path, line, detail } of methods) {
    const label = type.padEnd(8);
    lines.push(`  ${type === 'static' ? style.red(label) : label}  ${path}:${line}  ${kind}`);
    lines.push(style.dim(wrapText(detail, width, '            ')));
  }
  return lines.join('\n');
}

function suppressedText({ suppressed }: Inventory, style: Style, width: number): string {
  if (suppressed.length === 0) return '';
  const lines = [`${style.bold('Suppressed')}: ${suppressed.length}`];
  for (const { finding, reason, until } of suppressed) {
    const text = `${finding.path}:${finding.line}  ${finding.rule}: ${reason} (until ${until})`;
    lines.push(style.dim(wrapText(text, width, '  ', '      ')));
  }
  return lines.join('\n');
}

/** At this many skipped files a summary by reason is more use than the list. */
const SKIPPED_LIST_LIMIT = 15;

function coverageText({ coverage }: Inventory, style: Style, width: number, verbose: boolean): string {
  const { scanned, skipped } = coverage;
  const lines = [
    `${style.bold('Coverage')}: ${counted(scanned.files, 'file')}, ${sizeText(scanned.bytes)} read; ${skipped.length} left out or not understood`,
  ];
  if (!verbose && skipped.length > SKIPPED_LIST_LIMIT) {
    const byReason = new Map<string, number>();
    for (const { reason } of skipped) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    for (const [reason, count] of byReason) lines.push(style.dim(`  ${count} × ${reason}`));
    lines.push(style.dim('  (--verbose lists each)'));
  } else {
    for (const { path, line, reason, detail } of skipped) {
      const text = `${path}${line === undefined ? '' : `:${line}`}  ${detail.startsWith(reason) ? detail : `${reason}: ${detail}`}`;
      lines.push(style.dim(wrapText(text, width, '  ', '      ')));
    }
  }
  return lines.join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** One command to copy, and why it is the next. */
function nextText(
  { summary, findings }: Inventory,
  { hasIntent, pathArgument }: AuditTextOptions,
  style: Style,
  width: number,
): string {
  const counts = severities.filter((severity) => summary.findings[severity] > 0);
  const tally = `${counted(findings.length, 'finding')}: ${counts.map((severity) => `${summary.findings[severity]} ${severity}`).join(', ')}`;
  const next = (command: string, why: string): string =>
    [
      ...(findings.length === 0 ? [] : [style.bold(tally)]),
      `next: ${style.cyan(command)}`,
      wrapText(why, width, '      '),
    ].join('\n');
  if (findings.length === 0) {
    return next(
      `keyless audit${pathArgument} --fail-on low`,
      'as a hook or a job of the pipeline it keeps the repository so',
    );
  }
  const byRule = findings.filter(({ fixRule, gated }) => fixRule !== undefined && !gated);
  if (byRule.length > 0) {
    const edits = `rules mend ${byRule.length} of ${counted(findings.length, 'finding')}`;
    return hasIntent
      ? next(
          `keyless migrate${pathArgument}`,
          `${edits}; this shows every edit, keyless status${pathArgument} how far the move is`,
        )
      : next(
          `keyless init${pathArgument}`,
          `${edits}; this drafts keyless.yaml, then keyless migrate${pathArgument} shows every edit`,
        );
  }
  const worstFinding = findings.reduce((a, b) => (severityRank(b.severity) < severityRank(a.severity) ? b : a));
  const why = summary.keyless
    ? 'what is left is mended by hand, or retired last'
    : 'what is left a person has to mend; this one is the worst';
  return next(`keyless explain ${worstFinding.rule}`, why);
}
