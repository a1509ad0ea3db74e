/** An inventory as a person reads it at a terminal: grouped by what to do, worst first, with the rule that does it. */
import type { Finding, Inventory } from '../../audit/index.ts';
import { type Severity, severities, severityRank } from '../../kernel/diagnostic.ts';
import { type Style, styleFor, wrapText } from './style.ts';

export interface AuditTextOptions {
  readonly color: boolean;
  readonly columns: number;
  /** Also list every method, every suppression and every skipped file. */
  readonly verbose: boolean;
}

export function renderAuditText(inventory: Inventory, options: AuditTextOptions): string {
  const style = styleFor(options.color);
  const width = Math.min(options.columns, 110);
  const sections = [
    headline(inventory, style),
    credentialsText(inventory, style),
    findingsText(inventory, style, width),
    methodsText(inventory, style, options.verbose),
    suppressedText(inventory, style),
    coverageText(inventory, style, options.verbose),
    nextText(inventory, style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ root, summary }: Inventory, style: Style): string {
  const { staticMethods, credentialsInClear } = summary;
  const verdict = summary.keyless ? style.green('keyless') : style.red('not keyless');
  const uses = (['terraform', 'pipeline', 'person', 'application'] as const)
    .filter((by) => staticMethods[by] > 0)
    .map((by) => `${staticMethods[by]} by ${usedByLabels[by]}`)
    .join(', ');
  const lines = [
    `${style.bold(root)}: ${verdict}`,
    `  credentials in clear: ${credentialsInClear}`,
    `  places that use a static credential: ${uses === '' ? 'none' : uses}`,
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

function credentialsText({ credentials }: Inventory, style: Style): string {
  const real = credentials.filter(({ documentationExample }) => !documentationExample);
  if (real.length === 0) return '';
  const lines = [style.bold('Credentials in clear')];
  for (const { keyId, kind, parts, accountHint, places } of real) {
    const account = accountHint === undefined ? '' : `, account ${accountHint} by its id (a hint)`;
    lines.push(
      `  ${style.red(keyId ?? 'secret without its id')}  ${kind}, ${parts.map(partLabel).join(' + ')}${account}`,
    );
    for (const { path, line, via, part } of places) {
      lines.push(
        `      ${path}:${line}  ${style.dim(via === 'literal' ? partLabel(part) : `${partLabel(part)} by ${via}`)}`,
      );
    }
  }
  return lines.join('\n');
}

function partLabel(part: 'keyId' | 'secret' | 'token'): string {
  return part === 'keyId' ? 'key id' : part;
}

function findingsText({ findings }: Inventory, style: Style, width: number): string {
  if (findings.length === 0) return '';
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const groups = [...byRule.values()].sort(
    (a, b) => worst(a) - worst(b) || ((a[0] as Finding).rule < (b[0] as Finding).rule ? -1 : 1),
  );
  return groups.map((group) => groupText(group, style, width)).join('\n\n');
}

function worst(group: readonly Finding[]): number {
  return Math.min(...group.map(({ severity }) => severityRank(severity)));
}

function groupText(group: readonly Finding[], style: Style, width: number): string {
  const first = group[0] as Finding;
  const severity = severities[worst(group)] as Severity;
  const lines = [`${severityLabel(severity, style)}  ${style.bold(first.title)}  ${style.dim(first.rule)}`];
  for (const finding of group) {
    lines.push(
      `  ${finding.path}:${finding.line}:${finding.column}${finding.gated ? style.dim('  (gated: retired last)') : ''}`,
    );
    lines.push(style.dim(wrapText(finding.detail, width, '      ')));
    for (const { path, line } of finding.otherPlaces) lines.push(style.dim(`      also ${path}:${line}`));
  }
  const fixes = new Map(group.map(({ fix, fixRule }) => [fix, fixRule]));
  for (const [fix, fixRule] of fixes) {
    const by = fixRule === undefined ? 'by hand' : `migrate rule ${fixRule}`;
    lines.push(wrapText(`fix (${by}): ${fix}`, width, '  '));
  }
  return lines.join('\n');
}

function severityLabel(severity: Severity, style: Style): string {
  const label = severity.toUpperCase().padEnd(8);
  if (severity === 'critical' || severity === 'high') return style.red(label);
  return severity === 'medium' ? style.yellow(label) : style.dim(label);
}

function methodsText({ methods, summary }: Inventory, style: Style, verbose: boolean): string {
  const counts = `${summary.methods.static} static, ${summary.methods.indirect} indirect, ${summary.methods.dynamic} dynamic`;
  const lines = [`${style.bold('Ways to authenticate')}: ${counts}`];
  if (!verbose) return `${lines[0]}${methods.length === 0 ? '' : style.dim('  (--verbose lists them)')}`;
  for (const { kind, class: type, path, line, detail } of methods) {
    const label = type.padEnd(8);
    lines.push(`  ${type === 'static' ? style.red(label) : label}  ${path}:${line}  ${kind}`);
    lines.push(style.dim(`            ${detail}`));
  }
  return lines.join('\n');
}

function suppressedText({ suppressed }: Inventory, style: Style): string {
  if (suppressed.length === 0) return '';
  const lines = [`${style.bold('Suppressed')}: ${suppressed.length}`];
  for (const { finding, reason, until } of suppressed) {
    lines.push(style.dim(`  ${finding.path}:${finding.line}  ${finding.rule}: ${reason} (until ${until})`));
  }
  return lines.join('\n');
}

/** At this many skipped files a summary by reason is more use than the list. */
const SKIPPED_LIST_LIMIT = 15;

function coverageText({ coverage }: Inventory, style: Style, verbose: boolean): string {
  const { scanned, skipped } = coverage;
  const lines = [
    `${style.bold('Coverage')}: ${scanned.files} files, ${mebibytes(scanned.bytes)} MiB read; ${skipped.length} left out or not understood`,
  ];
  if (!verbose && skipped.length > SKIPPED_LIST_LIMIT) {
    const byReason = new Map<string, number>();
    for (const { reason } of skipped) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    for (const [reason, count] of byReason) lines.push(style.dim(`  ${count} × ${reason}`));
    lines.push(style.dim('  (--verbose lists each)'));
  } else {
    for (const { path, line, reason, detail } of skipped) {
      lines.push(style.dim(`  ${path}${line === undefined ? '' : `:${line}`}  ${reason}: ${detail}`));
    }
  }
  return lines.join('\n');
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function nextText({ summary, findings }: Inventory, style: Style): string {
  if (summary.keyless && findings.length === 0) return '';
  const fixable = findings.some(({ fixRule }) => fixRule !== undefined);
  return fixable
    ? `next: ${style.cyan('keyless init')}, then ${style.cyan('keyless migrate')}`
    : `next: ${style.cyan(`keyless explain ${findings[0]?.rule ?? ''}`.trim())}`;
}
