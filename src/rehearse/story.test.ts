import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { KeylessError } from '../kernel/error.ts';
import { type StepResult, verdictOf } from './rehearsal.ts';
import { green, red, type Stage, type Step, type StepReport, skipped } from './stage.ts';
import { story, tell } from './story.ts';

const tools = { terraform: 'terraform 1.11.4', withoutTerraform: undefined, awsProvider: undefined };

/** What the frame itself looks at; the steps of these tests look at nothing. */
function stageOf(more: Partial<Stage> = {}): Stage & { readonly interrupt: () => void } {
  const ports = makeWorld();
  const stage: Partial<Stage> = {
    ports,
    redact: (text) => text.replaceAll('hush', '[secret]'),
    faults: [],
    versions: [],
    only: { stacks: [], accounts: [] },
    legacyRuns: [],
    terraform: undefined,
    intent: { stateBackends: [] } as unknown as Stage['intent'],
    ...more,
  };
  return { ...(stage as Stage), interrupt: () => ports.interrupt() };
}

function step(run: Step['run'], more: Partial<Step> = {}): Step {
  return { id: 'migrate', title: 'a step', needsTerraform: false, run, ...more };
}

const fine: StepReport = { summary: 'fine', checks: [green('it', 'keyless', 'works')] };
const silent = { begins: () => undefined, ends: () => undefined };

async function tellSteps(stage: Stage, ...steps: readonly Step[]): Promise<readonly StepResult[]> {
  return await tell(stage, silent, steps);
}

describe('tell', () => {
  it('has the seven steps of the story in order', () => {
    expect(story.map(({ id }) => id)).toEqual([
      'legacy-works',
      'migrate',
      'engineer',
      'pipeline',
      'key-deactivated',
      'bucket-refuses',
      'who-did-it',
    ]);
    expect(story.flatMap(({ needsTerraform }, index) => (needsTerraform ? [index + 1] : []))).toEqual([1, 3, 5]);
  });

  it('goes on after a red step and after one that broke, and names cause and fix of both', async () => {
    const failing = { summary: '', checks: [red('it', 'keyless', 'fails', { cause: 'c', fix: 'f' })] };
    const results = await tellSteps(
      stageOf(),
      step(async () => failing),
      step(async () => {
        throw new KeylessError({ code: 'NETWORK_FAILED', message: 'no answer of hush', hint: 'look' });
      }),
      step(async () => {
        throw new TypeError('x is not a function');
      }),
      step(async () => fine),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['red', 'red', 'red', 'green']);
    expect(verdictOf(results, tools).red).toEqual([
      { step: 1, what: 'it', cause: 'c', fix: 'f' },
      { step: 2, what: 'the step itself', cause: 'no answer of [secret]', fix: 'look' },
      {
        step: 3,
        what: 'the step itself',
        cause: 'x is not a function',
        fix: 'KEYLESS_DEBUG=1 keyless rehearse --keep',
      },
    ]);
  });

  it('stops for an interruption alone', async () => {
    const stage = stageOf();
    const began: number[] = [];
    const interrupting = step(async () => {
      stage.interrupt();
      return fine;
    });
    const telling = tell(stage, { ...silent, begins: (number) => began.push(number) }, [
      interrupting,
      step(async () => fine),
    ]);
    await expect(telling).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(began).toEqual([1]);
  });

  it('is red where terraform is there and ran nothing of a step that is about it', async () => {
    const terraform = { name: 'terraform 1.11.4' } as Stage['terraform'];
    const ran: StepReport = { summary: '', checks: [green('it', 'terraform 1.11.4', 'works')] };
    const left: StepReport = { summary: '', checks: [...fine.checks, skipped('x', 'terraform 1.11.4', 'why')] };
    const about = (report: StepReport) => step(async () => report, { needsTerraform: true });
    const [one, two, three] = await tellSteps(stageOf({ terraform }), about(ran), about(left), about(fine));
    expect([one?.outcome, two?.outcome, three?.outcome]).toEqual(['green', 'red', 'red']);
    const version = 'its required_version >= 1.12.2 does not let in terraform 1.11.4';
    const run = {
      name: 'app',
      stack: 'app',
      workspaces: [{ name: 'default' }],
      after: [],
      client: { kind: 'keyless', reason: version },
    };
    const legacyRuns = [run] as unknown as Stage['legacyRuns'];
    const [refused] = await tellSteps(stageOf({ terraform, legacyRuns }), about(fine));
    const check = refused?.checks.at(-1);
    expect(check?.cause).toContain(version);
    expect(check?.fix).toBe('Put a terraform on PATH that the stacks admit, then run again.');
    expect(verdictOf(refused === undefined ? [] : [refused], tools).text).toContain(
      '(no stack was run by terraform 1.11.4)',
    );
    const [without] = await tellSteps(stageOf(), about(fine));
    expect(without?.outcome).toBe('green');
  });

  it('shows what broke inside the embedded AWS as a fault of keyless, once', async () => {
    const stage = stageOf();
    const breaking = step(async () => {
      stage.faults.push('sts GetCallerIdentity: hush', 'sts GetCallerIdentity: hush');
      return fine;
    });
    const [first, second] = await tellSteps(
      stage,
      breaking,
      step(async () => fine),
    );
    expect(first?.checks.map(({ what, cause }) => [what, cause])).toEqual([
      ['it', undefined],
      ['the embedded AWS itself', 'sts GetCallerIdentity: [secret]'],
    ]);
    expect(second?.outcome).toBe('green');
  });

  it('names the clients that ran something', async () => {
    const report: StepReport = {
      summary: '',
      checks: [green('a', 'terraform 1.11.4', ''), ...fine.checks, skipped('b', 'AWS provider', 'why')],
    };
    const [result] = await tellSteps(
      stageOf(),
      step(async () => report),
    );
    expect(result?.clients).toEqual(['terraform 1.11.4', 'keyless']);
  });
});

describe('verdictOf', () => {
  it('is green with what was skipped said, and never without', () => {
    const checks = [green('a', 'keyless', ''), skipped('b', 'terraform', 'there is none')];
    const result = { number: 1, checks } as unknown as StepResult;
    expect(verdictOf([result], { ...tools, terraform: undefined, withoutTerraform: 'there is none' })).toEqual({
      outcome: 'green',
      text: 'The new way works and the old way is refused: 1 check (not run by terraform: there is none). 1 skipped.',
      red: [],
      skipped: [{ step: 1, what: 'b', reason: 'there is none' }],
    });
  });
});
