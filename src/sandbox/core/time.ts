/**
 * The world's time. Real clients sign with the wall clock, so a drill does not move it: it makes lifetimes shorter.
 */
export interface SandboxTime {
  /** Epoch milliseconds. */
  now(): number;
  /** Real milliseconds that a lifetime of so many AWS seconds takes: `seconds × 1000` unless an AWS hour was made shorter. */
  lifetime(awsSeconds: number): number;
  /** How far `now` was moved from the base clock, in milliseconds; skew of signatures is judged without it. */
  readonly offset: number;
}
