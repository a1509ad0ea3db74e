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
const fewVersions = 1000;
const manyVersions = 100_000;

/** In the sandbox's own process, without a socket: what is compared is the store, and nothing hides it. */
export async function measureHistory(sandbox: RunningSandbox): Promise<HistoryFigure[]> {
  const calls = {
    PutObject: ['PUT', state, 1000],
    GetObject: ['GET', state, 1000],
    ListObjectsV2: ['GET', `${bucket}?list-type=2&prefix=network%2F`, 1000],
    'ListObjectVersions, 1,000 of them': ['GET', `${bucket}?prefix=network%2F&versions=`, 40],
  } as const;
  const measure = async (): Promise<number[]> => {
    const medians = [];
    for (const [method, path, times] of Object.values(calls))
      medians.push(await medianOf(sandbox, method, path, times));
    return medians;
  };
  // Warm: the code, not the history, is what the first calls wait for.
  await put(sandbox, fewVersions);
  await measure();
  const few = await measure();
  await put(sandbox, manyVersions - 3 * fewVersions);
  const many = await measure();
  return Object.keys(calls).map((call, index) => ({ call, few: few[index] as number, many: many[index] as number }));
}

async function put(sandbox: RunningSandbox, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1000) await medianOf(sandbox, 'PUT', state, 1000);
}

async function medianOf(sandbox: RunningSandbox, method: string, path: string, times: number): Promise<number> {
  const url = `http://127.0.0.1${path}`;
  const sent = method === 'PUT' ? body : Buffer.alloc(0);
  const headers = signRequest({ method, url, body: sent }, sandbox.legacyKey, {
    region: 'eu-west-1',
    service: 's3',
    at: new Date(),
  });
  const message = { method, target: path, headers, host: '127.0.0.1', secure: true, body: sent };
  const taken = [];
  for (let count = 0; count < times; count++) {
    const before = performance.now();
    const answer = await sandbox.handle(message);
    taken.push(performance.now() - before);
    if (answer.kind !== 'respond' || answer.status !== 200) throw new TypeError(JSON.stringify(answer));
  }
  return median(taken);
}
