/** A rehearsal as text: one line a step as it ends, then the verdict with every red step's cause and fix. */
import type { Rehearsal, StepResult } from '../../rehearse/index.ts';
import { alike } from './alike.ts';
import { type Style, styleFor, wrapText } from './style.ts';

export interface RehearseTextOptions {
  readonly color: boolean;
  readonly columns: number;
  /** Also every check, not only what failed. */
  readonly verbose: boolean;
}

/** All of it: what the command prints step by step. */
export function renderRehearseText(rehearsal: Rehearsal, options: RehearseTextOptions): string {
  return rehearsal.steps.map((step) => renderStep(step, options)).join('') + renderVerdict(rehearsal, options);
}

export function renderStep(step: StepResult, options: RehearseTextOptions): string {
  const style = styleFor(options.color);
  const width = Math.min(options.columns, 120);
  const lines = [
    renderStepLine(step, options),
    wrapText(step.summary, width, '     '),
    ...step.checks.flatMap((check) => {
      if (check.outcome === 'green' && !options.verbose) return [];
      const head = `${mark(check.outcome, style)} ${check.what}: ${check.result}`;
      return [
        `     ${head} ${style.dim(`(${check.client})`)}`,
        ...(check.cause === undefined ? [] : [wrapText(check.cause, width, '       ')]),
        ...(check.fix === undefined ? [] : [wrapText(`fix: ${check.fix}`, width, '       ')]),
      ];
    }),
    ...(options.verbose ? step.notes.map((note) => wrapText(note, width, '     · ', '       ')) : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderVerdict(rehearsal: Rehearsal, options: RehearseTextOptions): string {
  const style = styleFor(options.color);
  const width = Math.min(options.columns, 120);
  const { verdict, network, tools, assumptions } = rehearsal;
  const head = verdict.outcome === 'green' ? style.green('green') : style.red('red');
  return [
    '',
    wrapText(`${style.bold('Verdict')}: ${head}. ${verdict.text}`, width, ''),
    ...alike(verdict.red, ({ step, cause, fix }) => [step, cause, fix]).map(({ item: { step, cause, fix }, what }) =>
      wrapText(`${step}. ${what}: ${cause} ${style.bold('Fix:')} ${fix}`, width, '  ', '     '),
    ),
    ...alike(verdict.skipped, ({ step, reason }) => [step, reason]).map(({ item: { step, reason }, what }) =>
      wrapText(`${step}. ${style.yellow('skipped')} ${what}: ${reason}`, width, '  ', '     '),
    ),
    ...assumptions.map((text) => wrapText(`assumed: ${text}`, width, '  ', '     ')),
    wrapText(networkText(network), width, '  ', '     '),
    `  ${tools.terraform ?? 'terraform did not run'}, ${tools.awsProvider === undefined ? 'no AWS provider to be had' : `AWS provider ${tools.awsProvider}`}; ${rehearsal.seconds.toFixed(1)} s`,
    '',
  ].join('\n');
}

/** `✓ 3  An engineer signs in …   4.2 s  terraform 1.11.4, keyless`. */
export function renderStepLine(step: StepResult, options: Pick<RehearseTextOptions, 'color'>): string {
  const style = styleFor(options.color);
  const clients = step.clients.length === 0 ? '' : style.dim(`  ${step.clients.join(', ')}`);
  return `  ${mark(step.outcome, style)} ${style.bold(`${step.number}  ${step.title}`)}  ${style.dim(`${step.seconds.toFixed(1)} s`)}${clients}`;
}

export function networkText({ requests, refusedHosts }: Rehearsal['network']): string {
  const answered = `${requests} requests, all answered on this machine`;
  return refusedHosts.length === 0
    ? `nothing left the machine: ${answered}, and no client asked for another host`
    : `nothing left the machine: ${answered}; refused: ${refusedHosts.join(', ')}`;
}

function mark(outcome: StepResult['outcome'], style: Style): string {
  if (outcome === 'green') return style.green('✓');
  return outcome === 'red' ? style.red('✗') : style.yellow('–');
}
