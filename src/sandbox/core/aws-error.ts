/**
 * A refusal as AWS answers it: what a service's protocol renders, what CloudTrail records, what a client retries on.
 * Thrown by operations; anything else that is thrown is answered as `InternalFailure` and reported by the sandbox.
 */
export class AwsError extends Error {
  /** `AccessDenied`, `NoSuchBucket`, `ConditionalCheckFailedException`: what the client's SDK names. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Further members of the modelled error shape. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    status: number = 400,
    more: {
      readonly members?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.members = more.members ?? {};
    this.headers = more.headers ?? {};
  }
}
