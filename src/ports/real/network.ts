/** HTTP in and out. */
import type { Network } from '../index.ts';
import { send } from './http-client.ts';
import { listen } from './http-server.ts';

export const realNetwork: Network = { send, listen };
