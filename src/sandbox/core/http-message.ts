/** What goes in and comes out of the sandbox, whether it came over a socket or from a test in the same process. */
import type { Headers } from '../../ports/index.ts';

/** One HTTP request, complete. */
export interface HttpMessage {
  readonly method: string;
  /** Path and query as they were sent, percent-encoding untouched. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Headers;
  /** The name the client asked for, without port: `sts.eu-west-1.amazonaws.com`, or `127.0.0.1` at the endpoint. */
  readonly host: string;
  readonly secure: boolean;
  readonly body: Uint8Array;
  /** Address of the client; `127.0.0.1` when left out. */
  readonly sourceIp?: string;
}

export type Answer =
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array | string;
    }
  /** The connection ends with a TCP reset. */
  | { readonly kind: 'reset' }
  /** Nothing ever comes. */
  | { readonly kind: 'ignore' };
