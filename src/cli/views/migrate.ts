/** The plan of a move, as a person reads it and as JSON. */
import type { Intent } from '../../intent/index.ts';
import { type ChangeSet, gateOf, type MigrationPlan, type WrittenRun } from '../../migrate/index.ts';
import { type Style, styleFor, wrapText } from './style.ts';
import { colorDiff, unifiedDiff } from './unified-diff.ts';

export interface MigrateReport {
  readonly root: string;
  readonly plan: MigrationPlan;
  readonly intent: Intent;
  /** Number of the last step that may be written now. */
  readonly writableThrough: number;
  /** The step up to which a person has to vouch for the gates, when any step that may be written has one. */
  readonly vouchedThrough: number | undefined;
  /** Why the step after it may not be. */
  readonly stoppedBy: string | undefined;
  readonly written: WrittenRun | undefined;
  /** Takes keys out of lines that are shown. */
  readonly redact: (text: string) => string;
  /** Leave the diffs out. */
  readonly brief: boolean;
  /** How the person named the repository, for the commands to copy: `''` or ` path`. */
  readonly pathArgument: string;
}

export function renderMigrateText(report: MigrateReport, color: boolean, columns: number): string {
  const style = styleFor(color);
  const width = Math.min(columns, 110);
  const details = report.plan.changeSets
    .filter(({ changes, remarks }) => changes.length > 0 || remarks.length > 0)
    // After writing, what was written is of interest; the plan for the rest was shown before and can be shown again.
    .filter(
      ({ step, changes }) =>
        report.written === undefined || (changes.length > 0 && step.number <= report.writableThrough),
    )
    .map((changeSet) => stepText(changeSet, report, style, width, color));
  const parts = [overview(report, style), ...details, refusalsText(report, style, width), closingText(report, style)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function overview(report: MigrateReport, style: Style): string {
  const rows = report.plan.changeSets.map((changeSet) => {
    const { step } = changeSet;
    return `  ${step.number}  ${stepState(changeSet, report, style)}  ${step.title}`;
  });
  return [style.bold(`The move of ${report.root}, in safe order`), ...rows].join('\n');
}

function stepText(changeSet: ChangeSet, report: MigrateReport, style: Style, width: number, color: boolean): string {
  const { step, changes, remarks } = changeSet;
  const lines = [style.bold(`${step.number}. ${step.title}`), style.dim(wrapText(step.why, width, '   '))];
  const gate = gateOf(changeSet, report.intent);
  if (gate.length > 0) lines.push('   before it:');
  for (const { text, command, policy } of gate) {
    lines.push(wrapText(`☐ ${text}`, width, '     ').replace(/\n {5}/g, '\n       '));
    if (command !== undefined) lines.push(style.cyan(`         ${command}`));
    if (policy !== undefined && !report.brief) lines.push(policy.replace(/^/gm, '         '));
  }
  for (const { path, rules } of changes) lines.push(`   ${path}  ${style.dim(rules.join(' '))}`);
  if (!report.brief) {
    for (const { path, before, after } of changes) {
      lines.push('', colorDiff(report.redact(unifiedDiff(path, before, after)), color).trimEnd());
    }
  }
  if (remarks.length > 0) lines.push('');
  for (const { rule, path, line, text, commands } of remarks) {
    lines.push(wrapText(`${path}:${line}  ${rule}: ${report.redact(text)}`, width, '   '));
    for (const command of commands ?? [])
      lines.push(...command.split('\n').map((part) => style.cyan(`       ${part}`)));
  }
  return lines.join('\n');
}

/** Padded, so that the overview lines up. */
function stepState({ step, changes, remarks, refusals }: ChangeSet, report: MigrateReport, style: Style): string {
  const pad = (text: string): string => text.padEnd('written  999 files'.length);
  if (changes.length === 0) return style.dim(pad(remarks.length + refusals.length === 0 ? 'nothing to do' : 'by hand'));
  const files = `${changes.length} ${changes.length === 1 ? 'file' : 'files'}`;
  if (step.number > report.writableThrough) return style.yellow(pad(`waits    ${files}`));
  return style.green(pad(`${report.written === undefined ? 'ready    ' : 'written  '}${files}`));
}

function refusalsText({ plan, redact }: MigrateReport, style: Style, width: number): string {
  const refusals = plan.changeSets.flatMap((changeSet) => changeSet.refusals);
  if (refusals.length === 0) return '';
  const lines = [style.bold(`Left alone: ${refusals.length}`)];
  for (const { path, line, rule, reason, todo } of refusals) {
    lines.push(`  ${path}:${line}  ${style.yellow(rule)}`);
    lines.push(wrapText(redact(reason), width, '      '), wrapText(`do: ${todo}`, width, '      '));
  }
  return lines.join('\n');
}

function closingText(report: MigrateReport, style: Style): string {
  const pending = pendingChanges(report.plan, report.written === undefined ? 0 : report.writableThrough);
  const lines: string[] = [];
  if (report.written !== undefined) {
    const count = report.written.paths.length;
    lines.push(
      count === 0
        ? 'Nothing was written.'
        : `${count} ${count === 1 ? 'file' : 'files'} written. To take it back: ${style.cyan(`keyless migrate${report.pathArgument} --undo`)}`,
    );
  }
  if (pending === 0) lines.push('No edit is left to make.');
  if (report.stoppedBy !== undefined) lines.push(report.stoppedBy);
  const ready = pendingChanges(report.plan, 0) - pendingChanges(report.plan, report.writableThrough);
  if (report.written === undefined && ready > 0) {
    lines.push(
      `Nothing was written. To write what is ready: ${style.cyan(`keyless migrate${report.pathArgument} --write${report.vouchedThrough === undefined ? '' : ` --through ${report.vouchedThrough}`}`)}`,
    );
  }
  return lines.join('\n');
}

function pendingChanges(plan: MigrationPlan, after: number): number {
  return plan.changeSets
    .filter(({ step }) => step.number > after)
    .reduce((count, { changes }) => count + changes.length, 0);
}

/** The shape is versioned; fields are only ever added within a version. */
export function renderMigrateJson(report: MigrateReport): string {
  const { plan, intent, written } = report;
  const result = {
    schemaVersion: 1,
    root: report.root,
    writableThrough: report.writableThrough,
    stoppedBy: report.stoppedBy ?? null,
    steps: plan.changeSets.map(({ step, changes, refusals, remarks }) => ({
      number: step.number,
      id: step.id,
      title: step.title,
      gate: gateOf({ step, changes, refusals }, intent),
      files: changes.map(({ path, before, after, rules }) => ({
        path,
        rules,
        created: before === undefined,
        diff: report.redact(unifiedDiff(path, before, after)),
      })),
      refusals: refusals.map((refusal) => ({ ...refusal, reason: report.redact(refusal.reason) })),
      remarks: remarks.map((remark) => ({ ...remark, text: report.redact(remark.text) })),
    })),
    written: written === undefined ? null : { run: written.run?.id ?? null, paths: written.paths },
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}
