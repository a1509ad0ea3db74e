/** Drills for people, for programs, and as the scorecard of docs/drills.md. */
import {
  type Drill,
  type DrillResult,
  drills,
  messageText,
  type Outcome,
  outcomes,
  outcomeTexts,
  secondsBetweenInterrupts,
} from '../../drills/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { type Style, styleFor, wrapText } from './style.ts';

export function renderDrillList(shown: readonly Drill[], color: boolean, columns: number): string {
  const style = styleFor(color);
  const width = Math.min(columns, 110);
  const details = shown.length < drills.length;
  const entries = shown.map((drill) => {
    const head = `${style.bold(drill.id)}${drill.slow ? style.dim(' (slow)') : ''}`;
    if (!details) return `${head}\n${wrapText(drill.title, width, '  ')}`;
    return [
      head,
      wrapText(drill.title, width, '  '),
      wrapText(drill.why, width, '  '),
      wrapText(`credentials: ${drill.source.name}`, width, '  ', '    '),
      wrapText(`plain Terraform: ${expectedText(drill)}`, width, '  ', '    '),
      wrapText(`do: ${drill.remedy}`, width, '  ', '    '),
    ].join('\n');
  });
  const next = details ? `keyless drill ${shown.map(({ id }) => id).join(' ')}` : 'keyless drill --all';
  return `${entries.join(details ? '\n\n' : '\n')}\n\nnext: ${style.cyan(next)}\n`;
}

export function renderDrillListJson(shown: readonly Drill[]): string {
  const list = shown.map(({ id, title, why, slow, source, expected, remedy }) => ({
    id,
    title,
    why,
    slow,
    credentials: source.name,
    expected,
    remedy,
  }));
  return `${JSON.stringify({ schemaVersion: 1, drills: list }, null, 2)}\n`;
}

/** One drill, as soon as it has been carried out. */
export function renderDrillResult(result: DrillResult, color: boolean, columns: number): string {
  const style = styleFor(color);
  const width = Math.min(columns, 110);
  const drill = drills.find(({ id }) => id === result.drill);
  const lines = [
    `${style.bold(result.drill)}  ${paintOutcome(result.outcome, style)(outcomeTexts[result.outcome])}${result.lock === 'held' ? `; ${style.red('the lock is held')}` : ''}`,
    ...(result.saw === '' ? [] : [wrapText(`saw: ${result.saw}`, width, '  ', '       ')]),
    ...(result.interrupted === 'none' ? [] : [`  ended: ${interruptionText(result)}`]),
    ...(drill?.expected.wroteAs === undefined
      ? []
      : [wrapText(`wrote the state: ${result.wroteAs ?? 'nobody'}`, width, '  ')]),
    ...(drill === undefined ? [] : [wrapText(`do: ${drill.remedy}`, width, '  ', '      ')]),
    `  back in ${seconds(result.recovery.seconds)}: ${result.recovery.steps.map(({ command }) => shortCommand(command)).join(', ')}${afterwards(result)}`,
    ...(result.asExpected ? [] : [style.yellow(wrapText(differenceText(result, drill), width, '  ', '    '))]),
  ];
  return `${lines.join('\n')}\n\n`;
}

export function renderDrillSummary(results: readonly DrillResult[], color: boolean): string {
  const style = styleFor(color);
  const counts = outcomes.flatMap((outcome) => {
    const count = results.filter((result) => result.outcome === outcome).length;
    return count === 0
      ? []
      : [`  ${String(count).padStart(3)}  ${paintOutcome(outcome, style)(outcomeTexts[outcome])}`];
  });
  const held = results.filter(({ lock }) => lock === 'held').length;
  const different = results.filter(({ asExpected }) => !asExpected).map(({ drill }) => drill);
  return [
    style.bold(
      `${results.length} ${results.length === 1 ? 'drill' : 'drills'} with plain ${results[0]?.terraform ?? 'Terraform'}:`,
    ),
    ...counts,
    ...(held === 0 ? [] : [`  ${String(held).padStart(3)}  left the lock held`]),
    ...(different.length === 0 ? [] : [style.yellow(`not as the catalogue says: ${different.join(', ')}`)]),
    '',
  ].join('\n');
}

/** The shape is versioned; fields are only ever added within a version. */
export function renderDrillsJson(results: readonly DrillResult[]): string {
  return `${JSON.stringify({ schemaVersion: 1, results }, null, 2)}\n`;
}

const begin = '<!-- scorecard: `keyless drill --all --scorecard docs/drills.md` -->';
const end = '<!-- /scorecard -->';

/** The page with the results between its markers. Throws USAGE when it has none. */
export function replaceScorecard(page: string, path: string, results: readonly DrillResult[], at: Date): string {
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  if (start === -1 || stop < start) {
    throw new KeylessError({
      code: 'USAGE',
      message: `${path} has no place for the scorecard: a line "${begin}", and after it "${end}"`,
      hint: 'keyless drill --all --scorecard docs/drills.md',
    });
  }
  return `${page.slice(0, start)}${begin}\n\n${scorecard(results, at)}\n${page.slice(stop)}`;
}

/** The page of the catalogue; what was measured is taken over from the page as it was. */
export function drillCatalogue(existing: string): string {
  const [start, stop] = [existing.indexOf(begin), existing.indexOf(end)];
  const measured = start === -1 || stop < start ? `${begin}\n\n` : existing.slice(start, stop);
  return `${measured}${end}\n\n## The catalogue\n\n${drills.map((drill) => `#${explainDrill(drill)}`).join('\n\n')}\n`;
}

/** What a drill does, what plain Terraform does in it, and the way back. */
export function explainDrill(drill: Drill): string {
  return [
    `## ${drill.id}`,
    '',
    `**${drill.title}**${drill.slow ? ' (slow)' : ''}`,
    '',
    drill.why,
    '',
    `- Credentials: ${drill.source.name}.`,
    ...(drill.events ?? []).map(
      ({ what, when }) =>
        `- ${'step' in when ? `After ${when.step} of ${drill.steps} resources` : `After ${when.seconds} seconds`}: ${what}.`,
    ),
    ...(drill.patienceSeconds === undefined
      ? []
      : [
          `- A person interrupts after ${drill.patienceSeconds} seconds, again ${secondsBetweenInterrupts} seconds later, and then kills it.`,
        ]),
    `- Plain Terraform: ${expectedText(drill)}.`,
    ...drill.expected.says.map((id) => `- It prints ${id}: \`${messageText(id)}\``),
    `- What to do: ${drill.remedy}`,
  ].join('\n');
}

function scorecard(results: readonly DrillResult[], at: Date): string {
  const rows = results.map((result) => {
    const cells = [
      `[${result.drill}](#${result.drill})`,
      outcomeCell(result),
      `${result.saved} of ${result.made}${result.onDisk > result.saved ? `, ${result.onDisk} on the disk` : ''}`,
      result.lock,
      seconds(result.seconds),
      `${seconds(result.recovery.seconds)}${afterwards(result)}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return [
    `Plain ${results[0]?.terraform ?? 'Terraform'}, ${at.toISOString().slice(0, 10)}: of ${results.length} drills ${count('finished')} finished, ` +
      `${count('refused')} did not begin, ${count('stopped')} stopped with the state in the bucket, ${count('state-on-disk')} left it on the disk only, ` +
      `${count('state-lost')} lost it; ${results.filter(({ lock }) => lock === 'held').length} left the lock held. The way back is the time of its commands, without the person's own.`,
    '',
    '| drill | what became of the run | made resources that the bucket knows | lock | ended after | way back |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const shortOutcomes: Readonly<Record<Outcome, string>> = {
  finished: 'finished',
  refused: 'not begun',
  stopped: 'stopped',
  'state-on-disk': 'stopped, **state on the disk only**',
  'state-lost': 'stopped, **state lost**',
};

function outcomeCell(result: DrillResult): string {
  const expected = drills.find(({ id }) => id === result.drill)?.expected;
  return [
    shortOutcomes[result.outcome],
    ...(result.interrupted === 'none' ? [] : [interruptionText(result)]),
    ...(expected?.wroteAs === undefined ? [] : [`**as ${result.wroteAs?.split(':').at(-1) ?? 'nobody'}**`]),
    ...(result.asExpected ? [] : ['not as the catalogue says']),
  ].join(', ');
}

function expectedText({ expected }: Drill): string {
  return [
    outcomeTexts[expected.outcome],
    ...(expected.lock === 'held' ? ['the lock is held'] : []),
    ...(expected.wroteAs === undefined ? [] : [`the state is written as ${expected.wroteAs}`]),
  ].join('; ');
}

function differenceText(result: DrillResult, drill: Drill | undefined): string {
  const parts = [
    ...(drill === undefined ? [] : [`the catalogue says: ${expectedText(drill)}`]),
    ...(result.missing.length === 0 ? [] : [`not printed: ${result.missing.join(', ')}`]),
  ];
  return `not as expected; ${parts.join('; ')}`;
}

function interruptionText({ interrupted }: DrillResult): string {
  switch (interrupted) {
    case 'none':
      return 'by itself';
    case 'once':
      return 'interrupted once';
    case 'twice':
      return 'interrupted twice';
    case 'killed':
      return 'interrupted twice, then killed';
  }
}

function afterwards({ recovery }: DrillResult): string {
  return [
    ...(recovery.madeTwice === 0 ? [] : [`; ${recovery.madeTwice} made twice`]),
    ...(recovery.clean ? [] : ['; a plan still shows changes']),
  ].join('');
}

function paintOutcome(outcome: Outcome, style: Style): (text: string) => string {
  if (outcome === 'finished') return style.green;
  return outcome === 'refused' || outcome === 'stopped' ? style.yellow : style.red;
}

function shortCommand(command: string): string {
  return command.replace(/^terraform /, '').replace(/^force-unlock.*/, 'force-unlock');
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
