/**
 * `node:http`, required: an `import` of it reads every export, one of which loads all of Node's `fetch`. That takes as long
 * as the whole sandbox takes to start.
 */
import { createRequire } from 'node:module';

export const http: typeof import('node:http') = createRequire(import.meta.url)('node:http');
