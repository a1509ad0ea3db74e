import type { ErrorCode } from './error-codes.ts';

export interface KeylessErrorInit {
  readonly code: ErrorCode;
  /** What happened, with the actual and the expected value, and which file or account. */
  readonly message: string;
  /** One command to run next, filled in, or one thing to do. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Facts for `--json`; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The only thing keyless throws on purpose. Callers switch on `code`; the exit status comes from the
 * catalogue in `error-codes.ts`. Findings are values, never thrown.
 */
export class KeylessError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: KeylessErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'KeylessError';
    this.code = init.code;
    this.hint = init.hint;
    this.details = init.details ?? {};
  }
}
