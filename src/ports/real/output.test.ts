import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Env } from '../index.ts';
import { realOutput } from './output.ts';

function terminal(
  isTTY: boolean,
  columns?: number,
): PassThrough & { isTTY: boolean; columns?: number; text(): string } {
  const stream = new PassThrough();
  const text = (): string => String(stream.read() ?? '');
  return Object.assign(stream, { isTTY, text, ...(columns === undefined ? {} : { columns }) });
}

function outputOn(tty: boolean, env: Env = {}) {
  const [stdout, stderr] = [terminal(tty, 40), terminal(tty, 40)];
  return { stdout, stderr, output: realOutput(stdout, stderr, env) };
}

describe('output', () => {
  it('has colour on a terminal only, and not when the person declines it', () => {
    expect(outputOn(true).output.color).toBe(true);
    expect(outputOn(false).output.color).toBe(false);
    expect(outputOn(true, { NO_COLOR: '1' }).output.color).toBe(false);
    expect(outputOn(true, { NO_COLOR: '' }).output.color).toBe(true);
    expect(outputOn(true, { TERM: 'dumb' }).output.color).toBe(false);
  });

  it('knows the width, and assumes 100 columns where there is none', () => {
    expect(outputOn(true).output.columns).toBe(40);
    expect(realOutput(terminal(false), terminal(false), {}).columns).toBe(100);
  });

  it('shows progress on one line that goes away before anything else is written', () => {
    const { output, stdout, stderr } = outputOn(true);
    output.progress(`reading: 12 files, ${'x'.repeat(60)}`);
    expect(stderr.text()).toBe(`reading: 12 files, ${'x'.repeat(19)}…`);
    output.write('result\n');
    expect([stderr.text(), stdout.text()]).toEqual(['\r\x1b[K', 'result\n']);
    output.note('remark');
    expect(stderr.text()).toBe('remark\n');
    output.progress(undefined);
    expect(stderr.text()).toBe('');
  });

  it('shows no progress where nobody watches', () => {
    const { output, stderr } = outputOn(false);
    output.progress('reading');
    expect(stderr.text()).toBe('');
    const dumb = outputOn(true, { TERM: 'dumb' });
    dumb.output.progress('reading');
    expect(dumb.stderr.text()).toBe('');
  });

  it('does not let the name of a file speak to the terminal', () => {
    const { output, stdout, stderr } = outputOn(true);
    output.write('\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J \rover\r\n\tx\x9b\n');
    expect(stdout.text()).toBe('\x1b[31mred\x1b[0m \\x1b]0;title\\x07 \\x1b[2J \\x0dover\r\n\tx\\x9b\n');
    output.note('a\x1b[1Ab');
    expect(stderr.text()).toBe('a\\x1b[1Ab\n');
    output.progress('a\x1b[1A\nb');
    expect(stderr.text()).toBe('a\\x1b[1A b');
  });

  it('leaves a result that goes to a file as it is', () => {
    const { output, stdout } = outputOn(false);
    output.write('a\x1bb\x07');
    expect(stdout.text()).toBe('a\x1bb\x07');
  });
});
