/** Turns whatever was thrown into what the person at the terminal reads, and into an exit status. */

import { KeylessError } from '../kernel/error.ts';
import { type ExitStatus, errorCodes } from '../kernel/error-codes.ts';
import type { Env, Output } from '../ports/index.ts';

export function reportFailure(thrown: unknown, output: Output, env: Env, json: boolean): ExitStatus {
  const error = thrown instanceof KeylessError ? thrown : unforeseen(thrown);
  const { exit } = errorCodes[error.code];
  if (json) {
    output.write(
      `${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint, details: error.details } }, null, 2)}\n`,
    );
  }
  output.note(`keyless: ${error.message}`);
  if (error.hint !== undefined) output.note(`  next: ${error.hint}`);
  output.note(`  (${error.code}; keyless explain ${error.code})`);
  if (env.KEYLESS_DEBUG === '1') {
    for (let at: unknown = error; at instanceof Error; at = at.cause) output.note(withoutQuotation(at, at.stack));
  }
  return exit;
}

function unforeseen(thrown: unknown): KeylessError {
  const reason =
    thrown instanceof Error ? `${thrown.name}: ${withoutQuotation(thrown, thrown.message)}` : typeof thrown;
  return new KeylessError({
    code: 'INTERNAL',
    message: `an internal fault, not a problem of your session or files: ${reason}`,
    hint: 'run the same command with KEYLESS_DEBUG=1 and report what it prints',
    cause: thrown,
  });
}

/** A parser's message quotes the text it stumbled over, which may be a secret. */
function withoutQuotation(error: Error, text: string | undefined): string {
  const shown = text ?? error.message;
  return error instanceof SyntaxError ? shown.replace(error.message, error.message.replace(/"[\s\S]*"/, '"…"')) : shown;
}
