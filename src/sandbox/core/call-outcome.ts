/** What became of a call: all that CloudTrail needs to write its record. */
import type { AwsError } from './aws-error.ts';
import type { Call, Input, Output } from './service.ts';

export interface CallOutcome {
  readonly call: Call;
  readonly input: Input;
  /** Epoch milliseconds in the world's time. */
  readonly startedAt: number;
  /** The refusal that was answered. */
  readonly error?: AwsError;
  readonly output?: Output;
}

/** Called once after each call of a known caller, or of none where the operation asks for no signature. */
export type RecordCall = (world: Call['world'], outcome: CallOutcome) => void;
