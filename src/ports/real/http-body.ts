/** What messages in both directions have in common. */
import type { IncomingMessage } from 'node:http';
import { KeylessError } from '../../kernel/error.ts';
import type { Headers } from '../index.ts';

/** Rejects when the body is longer than `limit` bytes, before it is read where the length is declared, or ends early. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<Uint8Array> {
  return await new Promise((resolve, reject) => {
    const fail = (message: string): void => reject(new KeylessError({ code: 'NETWORK_FAILED', message }));
    if (Number(incoming.headers['content-length'] ?? 0) > limit) {
      fail(`the body is longer than ${limit} bytes`);
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        incoming.pause();
        fail(`the body is longer than ${limit} bytes`);
      }
    });
    incoming.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    incoming.on('error', (cause) => fail(`the connection ended before the body did: ${cause.message}`));
    incoming.on('close', () => fail('the connection ended before the body did'));
  });
}

export function headersOf(incoming: IncomingMessage): Headers {
  const headers: Record<string, string> = {};
  for (const name in incoming.headers) {
    const value = incoming.headers[name];
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}
