/** The answer of an edit function that can't make an edit right: a value with the reason, never an exception. */
export interface EditRefusal {
  /** One clause that goes on after "because". */
  readonly reason: string;
  /** UTF-16 offset of what stands in the way. */
  readonly start: number;
}

export function isRefusal(answer: object): answer is EditRefusal {
  return 'reason' in answer;
}
