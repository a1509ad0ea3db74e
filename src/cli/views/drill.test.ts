import { describe, expect, it } from 'vitest';
import { type DrillResult, drills } from '../../drills/index.ts';
import { drillCatalogue, renderDrillResult, renderDrillSummary, replaceScorecard } from './drill.ts';

const result: DrillResult = {
  drill: 's3-black-hole',
  client: 'plain',
  terraform: 'terraform 1.11.4',
  exitCode: 1,
  interrupted: 'twice',
  seconds: 65,
  outcome: 'state-lost',
  lock: 'held',
  made: 1,
  saved: 0,
  onDisk: 0,
  wroteAs: undefined,
  saw: 'operation canceled',
  missing: [],
  recovery: {
    steps: [
      { command: 'sign in', exitCode: 0, seconds: 0 },
      { command: 'terraform force-unlock -force 1234', exitCode: 0, seconds: 0.1 },
      { command: 'terraform apply', exitCode: 0, seconds: 0.2 },
    ],
    seconds: 0.3,
    clean: true,
    madeTwice: 1,
  },
  asExpected: true,
};

describe('the result of a drill', () => {
  it('says what was seen, what was lost, what to do, and the way back', () => {
    expect(renderDrillResult(result, false, 100)).toBe(
      [
        's3-black-hole  it stopped; what was made is known nowhere; the lock is held',
        '  saw: operation canceled',
        '  ended: interrupted twice',
        '  do: There is no good way: interrupt twice, release the lock, import by hand what was made.',
        '  back in 0.3 s: sign in, force-unlock, apply; 1 made twice',
        '',
        '',
      ].join('\n'),
    );
  });

  it('says how it differs from the catalogue', () => {
    const other: DrillResult = {
      ...result,
      outcome: 'finished',
      lock: 'free',
      missing: ['T-CANCELED'],
      asExpected: false,
    };
    const text = renderDrillResult(other, false, 100).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'not as expected; the catalogue says: it stopped; what was made is known nowhere; the lock is held; not printed: T-CANCELED',
    );
    expect(renderDrillSummary([result, other], false)).toContain('not as the catalogue says: s3-black-hole');
  });
});

describe('docs/drills.md', () => {
  const fresh = `# Drills\n\n${drillCatalogue('')}`;

  it('takes the scorecard between its markers, and keeps it when the catalogue is written again', () => {
    const page = replaceScorecard(fresh, 'docs/drills.md', [result], new Date('2026-11-25T18:00:00Z'));
    expect(page).toContain(
      '| [s3-black-hole](#s3-black-hole) | stopped, **state lost**, interrupted twice | 0 of 1 | held | 65.0 s | 0.3 s; 1 made twice |',
    );
    expect(page).toContain('Plain terraform 1.11.4, 2026-11-25: of 1 drills 0 finished');
    expect(`# Drills\n\n${drillCatalogue(page)}`).toBe(page);
    expect(replaceScorecard(page, 'docs/drills.md', [result], new Date('2026-11-25T18:00:00Z'))).toBe(page);
  });

  it('names every drill', () => {
    expect([...fresh.matchAll(/^### (\S+)$/gm)].map(([, id]) => id)).toEqual(drills.map(({ id }) => id));
  });

  it('is the only kind of page that takes a scorecard', () => {
    expect(() => replaceScorecard('# Notes\n', 'notes.md', [result], new Date())).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
  });
});
