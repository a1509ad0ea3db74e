/** Faults as data: what goes wrong, on which calls, how often. */

export interface Fault {
  readonly id: string;
  readonly on: FaultTarget;
  /** Matching calls that pass before it strikes. Default 0. */
  readonly after?: number;
  /** How often it strikes; for ever when left out. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** What is left out matches everything. */
export interface FaultTarget {
  /** Id of a service: `s3`. */
  readonly service?: string;
  /** Name of an operation: `PutObject`. */
  readonly operation?: string;
  readonly method?: string;
  /** Ending of the path, such as `.tflock`. */
  readonly pathEnd?: string;
  /** Access key id of the caller. */
  readonly accessKeyId?: string;
}

export type FaultEffect =
  /** Answered instead of being carried out. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message?: string }
  /** Carried out after so many milliseconds. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection is reset before anything is carried out. */
  | { readonly kind: 'reset' }
  /** Accepted, never answered, not carried out. */
  | { readonly kind: 'black-hole' }
  /** Carried out; the answer is lost and the connection reset. */
  | { readonly kind: 'drop-answer' };
