/** What a long history of one state key costs: the same calls with a thousand versions of it and with a hundred thousand. */
import { signRequest } from '../src/aws/sigv4-sign.ts';
import type { RunningSandbox } from '../src/sandbox/index.ts';
import { median } from './median.ts';

export interface HistoryFigure {
  readonly call: string;
  /** Medians in milliseconds. */
  readonly few: number;
  readonly many: number;
}

const bucket = '/keyless-sandbox-state';
const state = `${bucket}/network/terraform.tfstate`;
const body = Buffer.from(JSON.stringify({ version: 4, serial: 1, resources: [] }));
const rounds = 10;

/**
 * In the sandboxes' own process, without a socket: what is compared is the store, and nothing hides it. Each round goes to
 * both, so that both meet the same machine and the same warm code.
 */
export async function measureHistory(young: RunningSandbox, old: RunningSandbox): Promise<HistoryFigure[]> {
  const calls = {
    PutObject: ['PUT', state, 100],
    GetObject: ['GET', state, 100],
    ListObjectsV2: ['GET', `${bucket}?list-type=2&prefix=network%2F`, 100],
    'ListObjectVersions, 1,000 of them': ['GET', `${bucket}?prefix=network%2F&versions=`, 10],
  } as const;
  await put(young, 1000);
  await put(old, 100_000);
  const figures = [];
  for (const [call, [method, path, times]] of Object.entries(calls)) {
    const [few, many]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      few.push(...(await timesOf(young, method, path, times)));
      many.push(...(await timesOf(old, method, path, times)));
    }
    figures.push({ call, few: median(few), many: median(many) });
  }
  return figures;
}

async function put(sandbox: RunningSandbox, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1000) await timesOf(sandbox, 'PUT', state, 1000);
}

/** Milliseconds of each call. */
async function timesOf(sandbox: RunningSandbox, method: string, path: string, times: number): Promise<number[]> {
  const url = `http://127.0.0.1${path}`;
  const sent = method === 'PUT' ? body : Buffer.alloc(0);
  const headers = signRequest({ method, url, body: sent }, sandbox.legacyKey, {
    region: 'eu-west-1',
    service: 's3',
    at: new Date(),
  });
  const message = { method, target: path, headers, host: '127.0.0.1', secure: true, body: sent };
  const taken: number[] = [];
  for (let count = 0; count < times; count++) {
    const before = performance.now();
    const answer = await sandbox.handle(message);
    taken.push(performance.now() - before);
    if (answer.kind !== 'respond' || answer.status !== 200) throw new TypeError(JSON.stringify(answer));
  }
  return taken;
}
