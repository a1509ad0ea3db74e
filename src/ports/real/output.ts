/**
 * Standard output for results, standard error for remarks and progress. Colour and progress only on a terminal, where the
 * name of a file may not move the cursor or write into the clipboard: control characters other than our own colours are
 * shown, not sent.
 */
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
      stdout.write(stdoutIsTerminal ? withoutControls(text) : text);
    },
    note: (line) => {
      clear();
      stderr.write(`${stderr.isTTY === true ? withoutControls(line) : line}\n`);
    },
    progress: (label) => {
      if (!showProgress) return;
      clear();
      if (label === undefined) return;
      const width = (stderr.columns ?? 80) - 1;
      const shownLabel = withoutControls(label).replaceAll('\n', ' ');
      stderr.write(shownLabel.length > width ? `${shownLabel.slice(0, width - 1)}…` : shownLabel);
      shown = true;
    },
    stdoutIsTerminal,
    color: stdoutIsTerminal && (env.NO_COLOR === undefined || env.NO_COLOR === '') && env.TERM !== 'dumb',
    columns: stdout.columns ?? 100,
  };
}

function withoutControls(text: string): string {
  // A carriage return belongs to the line end of a diff; alone it would write over its line.
  return text.replace(foreignControls, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const foreignControls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\x1b(?!\[\d{1,2}m)|\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]/g;
