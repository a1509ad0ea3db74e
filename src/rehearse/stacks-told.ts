/** What a step says of its stacks, in words: only of those that were run, and by whom. Pure. */
import { counted } from './counted.ts';
import type { Check } from './rehearsal.ts';
import type { StackRun } from './stack-runs.ts';

type Told = readonly { readonly run: StackRun; readonly checks: readonly Check[] }[];

/**
 * `6 of 7 stacks work (5 by terraform, 1 by calls of keyless; 2 skipped)`. A stack with several backends works when it does
 * with each of them.
 *
 * @param told runs with their checks
 */
export function stacksTold(told: Told): string {
  const stacks = [...Map.groupBy(told, ({ run }) => run.stack).values()].map((runs) => {
    const all = runs.flatMap((each) => each.checks);
    const checks = all.filter(({ outcome }) => outcome !== 'skipped');
    return {
      inPart: checks.length > 0 && checks.length < all.length,
      tried: checks.length > 0,
      works: checks.length > 0 && checks.every(({ outcome }) => outcome === 'green'),
      byKeyless: checks.every(({ client }) => client === 'keyless'),
    };
  });
  const tried = stacks.filter((stack) => stack.tried);
  if (tried.length === 0) return 'no stack could be run';
  const works = tried.filter((stack) => stack.works);
  const byKeyless = works.filter((stack) => stack.byKeyless).length;
  const by = [
    ...(works.length > byKeyless ? [`${works.length - byKeyless} by terraform`] : []),
    ...(byKeyless > 0 ? [`${byKeyless} by calls of keyless`] : []),
  ].join(', ');
  const skipped = stacks.length - tried.length;
  const inPart = tried.filter((stack) => stack.inPart).length;
  const more = [by, inPart === 0 ? '' : `${inPart} not in all workspaces`, skipped === 0 ? '' : `${skipped} skipped`]
    .filter(Boolean)
    .join('; ');
  return `${works.length} of ${counted(tried.length, 'stack')} ${works.length === 1 ? 'works' : 'work'}${more === '' ? '' : ` (${more})`}`;
}

/** Those that real terraform ran, whatever came of it. */
export function ranByTerraform(told: Told): readonly StackRun[] {
  return told.flatMap(({ run, checks }) =>
    run.client.kind === 'terraform' &&
    checks.some(({ outcome, client }) => outcome !== 'skipped' && client !== 'keyless')
      ? [run]
      : [],
  );
}

/** The parts that a skeleton does without, by reason: some of them by name, all of them by number. */
export function leftOutOf({ name, leftOut }: Pick<StackRun, 'name' | 'leftOut'>): string {
  const reasons = Map.groupBy(leftOut, ({ reason }) => (reason.startsWith('it refers to ') ? following : reason));
  const parts = [...reasons].map(([reason, gone]) => {
    const named = gone.slice(0, mostNamed).map(({ what }) => what);
    const rest = gone.length - named.length;
    return `${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more`} (${reason})`;
  });
  return `${name} ran as a skeleton, without ${counted(leftOut.length, 'part')}: ${parts.join('; ')}`;
}

const mostNamed = 3;
const following = 'what these refer to is left out';
