/** Standard output for results, standard error for remarks and progress. Colour and progress only on a terminal. */
import type { Writable } from 'node:stream';
import type { Env, Output } from '../index.ts';

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export function realOutput(stdout: Stream, stderr: Stream, env: Env): Output {
  const stdoutIsTerminal = stdout.isTTY === true;
  const showProgress = stderr.isTTY === true && env.TERM !== 'dumb';
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    write: (text) => {
      clear();
      stdout.write(text);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (label) => {
      if (!showProgress) return;
      clear();
      if (label === undefined) return;
      const width = (stderr.columns ?? 80) - 1;
      stderr.write(label.length > width ? `${label.slice(0, width - 1)}…` : label);
      shown = true;
    },
    stdoutIsTerminal,
    color: stdoutIsTerminal && (env.NO_COLOR === undefined || env.NO_COLOR === '') && env.TERM !== 'dumb',
    columns: stdout.columns ?? 100,
  };
}
