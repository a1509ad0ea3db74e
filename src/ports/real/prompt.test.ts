import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { realPrompt } from './prompt.ts';

describe('realPrompt', () => {
  it('gives the answer without its white space, and the initial value for an empty one', async () => {
    const { prompt, input } = terminal();
    const first = prompt.ask({ text: 'Region' });
    input.write('  eu-west-1 \n');
    expect(await first).toBe('eu-west-1');
    const second = prompt.ask({ text: 'Name', initial: 'acme' });
    input.write('\n');
    expect(await second).toBe('acme');
  });

  it('asks on the stream it was given, with the initial value shown', async () => {
    const { prompt, input, shown } = terminal();
    const answer = prompt.ask({ text: 'Name', initial: 'acme' });
    input.write('x\n');
    await answer;
    expect(shown()).toContain('Name [acme]: ');
  });

  it.each([
    ['y', true],
    ['Yes', true],
    ['n', false],
    ['', false],
    ['yep', false],
  ])('takes %j for %s', async (answer, expected) => {
    const { prompt, input } = terminal();
    const confirmed = prompt.confirm('Write?');
    input.write(`${answer}\n`);
    expect(await confirmed).toBe(expected);
  });

  it('ends when nobody can answer any more', async () => {
    const { prompt, input } = terminal();
    const answer = prompt.ask({ text: 'Region' });
    input.end();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('ends when the person interrupts', async () => {
    const { prompt, interruption } = terminal();
    const answer = prompt.ask({ text: 'Region' });
    interruption.abort();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('is interactive on a terminal only', () => {
    expect(terminal().prompt.interactive).toBe(false);
  });
});

function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const interruption = new AbortController();
  return { prompt: realPrompt(input, output, interruption), input, interruption, shown: () => text };
}
