/** How far a move is, as a person reads it and as JSON. */
import type { UsedBy } from '../../audit/index.ts';
import type { MoveStatus, StatusReport, StepState, StepStatus } from './status-report.ts';
import { type Style, styleFor, wrapText } from './style.ts';

export function renderStatusText(report: StatusReport, color: boolean, columns: number): string {
  const style = styleFor(color);
  const width = Math.min(columns, 110);
  const { move, next } = report;
  const parts = [
    inventoryText(report, style),
    move === undefined
      ? style.yellow('There is no keyless.yaml yet, so nothing can be planned.')
      : stepsText(move, style, width),
    ...(move === undefined
      ? []
      : [gateText(move, style, width), blockersText(move, style, width), profilesText(move, style)]),
    `next: ${style.cyan(next.command)}\n${wrapText(next.why, width, '      ')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function inventoryText({ root, inventory: { summary } }: StatusReport, style: Style): string {
  const used = Object.entries(summary.staticMethods) as [UsedBy, number][];
  const places = used.filter(([, count]) => count > 0).map(([by, count]) => `${count} by ${usedByNames[by]}`);
  const verdict = summary.keyless
    ? style.green('no static credential is in use')
    : style.red(places.length === 0 ? 'credentials in clear' : `static credentials: ${places.join(', ')}`);
  const clear = summary.credentialsInClear;
  return `${style.bold(root)}: ${verdict}${clear === 0 ? '' : `; ${clear} ${clear === 1 ? 'credential stands' : 'credentials stand'} in clear`}`;
}

const usedByNames: Readonly<Record<UsedBy, string>> = {
  terraform: 'Terraform',
  pipeline: 'pipelines',
  person: 'people',
  application: 'applications',
  'made-by-code': 'users that the code makes',
};

function stepsText({ steps }: MoveStatus, style: Style, columns: number): string {
  const done = steps.filter(({ state }) => state === 'done').length;
  const width = Math.max(...steps.map((step) => stateLabel(step, style).label.length));
  return [`${done} of ${steps.length} steps done:`, ...steps.map((step) => stepText(step, width, style, columns))].join(
    '\n',
  );
}

/** The state, the title beside it, and below what is left of the step. */
function stepText(step: StepStatus, labelWidth: number, style: Style, columns: number): string {
  const { label, paint } = stateLabel(step, style);
  const start = `  ${step.number}. ${label.padEnd(labelWidth)}  `;
  const beside = ' '.repeat(start.length);
  const title = wrapText(step.title, columns, beside).slice(start.length);
  const left = leftOf(step);
  return [
    `${start.replace(label, paint(label))}${title}`,
    ...(left === '' ? [] : wrapText(left, columns, beside).split('\n').map(style.dim)),
  ].join('\n');
}

function leftOf({ state, files, refusals, remarks, writtenAt }: StepStatus): string {
  const parts = [
    ...(files > 0 ? [`${files} ${files === 1 ? 'file' : 'files'} to edit`] : []),
    ...(refusals > 0 ? [`${refusals} left alone`] : []),
    ...(state === 'by-hand' && remarks > 0 ? [`${remarks} to do outside the files`] : []),
    ...(writtenAt === undefined ? [] : [`written ${writtenAt.slice(0, 10)}`]),
  ];
  return parts.join(', ');
}

function stateLabel({ state, writtenAt }: StepStatus, style: Style) {
  return state === 'done' && writtenAt === undefined
    ? { label: 'nothing to do', paint: style.green }
    : { label: labels[state], paint: style[colours[state]] };
}

const labels: Readonly<Record<StepState, string>> = {
  done: 'done',
  ready: 'ready',
  waits: 'waits',
  'by-hand': 'by hand',
};

const colours: Readonly<Record<StepState, 'green' | 'cyan' | 'yellow'>> = {
  done: 'green',
  ready: 'cyan',
  waits: 'yellow',
  'by-hand': 'yellow',
};

function gateText({ gate, stoppedBy }: MoveStatus, style: Style, width: number): string {
  if (gate === undefined) return '';
  const lines = [style.bold(`Before step ${gate.step}:`)];
  if (gate.conditions.length === 0 && stoppedBy !== undefined) lines.push(wrapText(stoppedBy, width, '  '));
  for (const { text, command } of gate.conditions) {
    lines.push(wrapText(`☐ ${text}`, width, '  ').replace(/\n {2}/g, '\n    '));
    if (command !== undefined) lines.push(style.cyan(`      ${command}`));
  }
  return lines.join('\n');
}

function blockersText({ missing, refusals, stacks }: MoveStatus, style: Style, width: number): string {
  const lines: string[] = [];
  for (const { key, location, neededBy, todo } of missing.filter(({ blocks }) => blocks)) {
    lines.push(`  ${location.path}:${location.line}  ${key} is missing`);
    lines.push(wrapText(`waits for it: ${neededBy.join('; ')}`, width, '      '), `      ${style.cyan(todo)}`);
  }
  for (const { path, line, rule, reason, todo } of refusals) {
    lines.push(
      wrapText(`${path}:${line}  left alone by ${rule}: ${reason}`, width, '  ', '      '),
      wrapText(`do: ${todo}`, width, '      '),
    );
  }
  for (const path of stacks.absent)
    lines.push(`  keyless.yaml names the stack ${path || '.'}, which has no Terraform code`);
  for (const path of stacks.unlisted) lines.push(`  ${path || '.'} is a stack that keyless.yaml does not list`);
  return lines.length === 0 ? '' : [style.bold('What is in the way'), ...lines].join('\n');
}

function profilesText({ profiles }: MoveStatus, style: Style): string {
  if (typeof profiles === 'string') return `${style.bold('Profiles')}: ${profiles}`;
  const { path, added, updated, conflicts } = profiles;
  const lines = conflicts.map(({ section, line, reason }) => `  ${path}:${line}  [${section}]: ${reason}`);
  const state =
    added.length + updated.length === 0
      ? conflicts.length === 0
        ? style.green('as keyless.yaml says')
        : ''
      : `${added.length} to add, ${updated.length} to change`;
  return [`${style.bold('Profiles')} in ${path}: ${state}`.trimEnd(), ...lines].join('\n');
}

/** The shape is versioned; fields are only ever added within a version. */
export function renderStatusJson({ root, inventory, move, next }: StatusReport): string {
  const { keyless, staticMethods, credentialsInClear } = inventory.summary;
  const result = {
    schemaVersion: 1,
    root,
    keyless,
    staticMethods,
    credentialsInClear,
    intent: move === undefined ? null : 'keyless.yaml',
    steps: move?.steps.map(({ writtenAt, ...step }) => ({ ...step, writtenAt: writtenAt ?? null })) ?? [],
    gate: move?.gate ?? null,
    missing: move?.missing ?? [],
    refusals: move?.refusals ?? [],
    stacks: move?.stacks ?? { absent: [], unlisted: [] },
    profiles:
      move === undefined ? null : typeof move.profiles === 'string' ? { unknown: move.profiles } : move.profiles,
    next,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}
