/** Questions to the person at the terminal, asked on standard error so that standard output stays the result. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Prompt } from '../index.ts';

export function realPrompt(input: Readable & { readonly isTTY?: boolean }, output: Writable): Prompt {
  const ask = async (text: string): Promise<string> => {
    const lines = createInterface({ input, output });
    try {
      return (await lines.question(text)).trim();
    } finally {
      lines.close();
    }
  };
  return {
    interactive: input.isTTY === true,
    ask: async ({ text, initial }) =>
      (await ask(`${text}${initial === undefined ? '' : ` [${initial}]`}: `)) || (initial ?? ''),
    confirm: async (question) => /^y(es)?$/i.test(await ask(`${question} [y/N] `)),
  };
}
