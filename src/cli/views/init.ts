/** What `keyless init` found and from where, as a person reads it and as JSON. */
import { draftEntries, type IntentDraft, type MissingValue } from '../../intent/index.ts';
import { type Style, styleFor, wrapText } from './style.ts';

export interface InitReport {
  /** Absolute path of keyless.yaml. */
  readonly path: string;
  readonly written: boolean;
  readonly text: string;
  readonly draft: IntentDraft;
  readonly missing: readonly MissingValue[];
  /** How the person named the repository, for the commands to copy: `''` or ` path`. */
  readonly pathArgument: string;
}

export function renderInitText(report: InitReport, color: boolean, columns: number): string {
  const style = styleFor(color);
  const width = Math.min(columns, 110);
  const { accounts, stacks, stateBackends, github } = report.draft;
  const counts = [
    counted(accounts.length, 'account'),
    counted(stacks.length, 'stack'),
    counted(stateBackends.length, 'state bucket'),
    counted(github?.environments.size ?? 0, 'GitHub environment'),
  ];
  const parts = [`${style.bold(`Drafted ${report.path}`)}: ${counts.join(', ')}`, factsText(report.draft, style)];
  if (stacks.length === 0)
    parts.push(style.yellow('No folder that Terraform is run in was found, so the draft has no stacks.'));
  parts.push(missingText(report.missing, style, width), nextText(report, style));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function factsText(draft: IntentDraft, style: Style): string {
  const known = draftEntries(draft).flatMap(({ key, fact }) => (fact === undefined ? [] : [{ key, fact }]));
  const keyWidth = Math.max(...known.map(({ key }) => key.length));
  const valueWidth = Math.max(...known.map(({ fact }) => fact.value.length));
  const lines = known.map(({ key, fact: { value, because, place } }) => {
    const source = place === undefined ? because : `${place.path}:${place.line}  ${because}`;
    return `  ${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${style.dim(source)}`;
  });
  return ['Check each value against the place it comes from:', ...lines].join('\n');
}

function missingText(missing: readonly MissingValue[], style: Style, width: number): string {
  if (missing.length === 0) return style.green('Nothing is missing.');
  const lines = [style.bold(`Missing: ${missing.length}`)];
  for (const { key, location, neededBy, blocks, todo } of missing) {
    const weight = blocks ? style.yellow('waits for it:') : style.dim('better with it:');
    lines.push(`  ${location.path}:${location.line}  ${key}`);
    lines.push(wrapText(`${weight} ${neededBy.join('; ')}`, width, '      '), `      ${style.cyan(todo)}`);
  }
  return lines.join('\n');
}

function nextText({ pathArgument, missing }: InitReport, style: Style): string {
  const migrate = style.cyan(`keyless migrate${pathArgument}`);
  return missing.some(({ blocks }) => blocks)
    ? `next: fill in what you know, then ${migrate} (what needs a missing value is left alone)`
    : `next: ${migrate}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The shape is versioned; fields are only ever added within a version. */
export function renderInitJson({ path, written, text, draft, missing }: InitReport): string {
  const values = draftEntries(draft).map(({ key, fact }) => ({
    key,
    value: fact?.value ?? null,
    because: fact?.because ?? null,
    place: fact?.place ?? null,
  }));
  return `${JSON.stringify({ schemaVersion: 1, path, written, values, missing, text }, null, 2)}\n`;
}
