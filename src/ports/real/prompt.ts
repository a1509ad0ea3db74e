/** Questions to the person at the terminal, asked on standard error so that standard output stays the result. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { KeylessError } from '../../kernel/error.ts';
import type { Prompt } from '../index.ts';

/** @param interruption aborted when the person answers with Ctrl-C, which the terminal hands to the question alone */
export function realPrompt(
  input: Readable & { readonly isTTY?: boolean },
  output: Writable,
  interruption: AbortController,
): Prompt {
  const ask = async (text: string): Promise<string> => {
    const lines = createInterface({ input, output });
    const { promise: end, reject } = Promise.withResolvers<never>();
    const interrupted = (): void => {
      // The cursor stands behind the question.
      output.write('\n');
      reject(new KeylessError({ code: 'INTERRUPTED', message: 'interrupted at a question; nothing was written' }));
    };
    lines.on('SIGINT', () => interruption.abort());
    // Ctrl-D: nobody will answer.
    lines.on('close', interrupted);
    interruption.signal.addEventListener('abort', interrupted);
    try {
      return (await Promise.race([lines.question(text), end])).trim();
    } finally {
      lines.off('close', interrupted);
      interruption.signal.removeEventListener('abort', interrupted);
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
