/**
 * The embedded AWS: how soon it answers, how long a signed call takes, how many it takes a second, and whether a long
 * history of one state slows it. Client and server are processes of their own; what a second of one core is worth is read
 * from the server's own processor time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { signRequest } from '../src/aws/sigv4-sign.ts';
import { Secret } from '../src/kernel/secret.ts';
import { realClock } from '../src/ports/real/clock.ts';
import { realFiles } from '../src/ports/real/files.ts';
import { realNetwork } from '../src/ports/real/network.ts';
import { realRandom } from '../src/ports/real/random.ts';
import { type HttpMessage, type RunningSandbox, startSandbox } from '../src/sandbox/index.ts';
import type { Benchmark } from './run.ts';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const starts = 9;
const calls = 5000;
const connections = 8;
const versions = 100_000;

const benchmark: Benchmark = async (tell) => {
  const rows: (readonly [string, string, string])[] = [];
  const add = (what: string, value: string, wanted: string): void => {
    rows.push([what, value, wanted]);
    tell(`${what}: ${value}`);
  };
  const commandStarts = [];
  for (let round = 0; round < starts; round++) commandStarts.push(await startOfCommand());
  add('`keyless sandbox start` until it answers, median', milliseconds(median(commandStarts)), 'below 150 ms');

  const ports = {
    clock: realClock,
    random: realRandom,
    network: realNetwork,
    files: realFiles(process.pid),
    env: process.env,
  };
  const inProcessStarts = [];
  for (let round = 0; round < starts; round++) {
    const before = performance.now();
    const sandbox = await startSandbox(ports);
    inProcessStarts.push(performance.now() - before);
    await sandbox.stop();
  }
  add('the same in a process that has its code, median', milliseconds(median(inProcessStarts)), 'below 150 ms');

  const sandbox = await startSandbox(ports, { seed: 'bench' });
  try {
    const direct = await latencies(async () => await sandbox.handle(identityCall(sandbox.legacyKey, '127.0.0.1')));
    add('signed GetCallerIdentity without a socket, p50 / p99', pair(direct), 'p50 below 1 ms');
    const [first, last] = await manyVersions(sandbox);
    const figures = `${milliseconds(first)} / ${milliseconds(last)}`;
    add(`PutObject: first / last thousand of ${versions} versions of one key, each`, figures, 'no slower');
  } finally {
    await sandbox.stop();
  }

  const server = await startCommand();
  try {
    const { port, key } = server;
    const call = identityCall(key, `127.0.0.1:${port}`);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const send = async () => await sendOnce(agent, port, call);
    add('signed GetCallerIdentity over HTTP, p50 / p99', pair(await latencies(send)), 'p50 below 1 ms');
    const cpuBefore = cpuSeconds(server.child.pid as number);
    const before = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let count = 0; count < (calls * 4) / connections; count++) await send();
      }),
    );
    const seconds = (performance.now() - before) / 1000;
    const cpu = cpuSeconds(server.child.pid as number);
    add(`the same over ${connections} connections, a second`, perSecond((calls * 4) / seconds), '–');
    if (cpu !== undefined && cpuBefore !== undefined) {
      add('the same, a second of one core of the server', perSecond((calls * 4) / (cpu - cpuBefore)), 'at least 2000');
    }
    agent.destroy();
  } finally {
    server.child.kill();
  }
  return ['| What | Figure | Wanted |', '|---|---:|---:|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join(
    '\n',
  );
};
export default benchmark;

interface CommandServer {
  readonly child: ChildProcess;
  readonly port: number;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: Secret };
}

async function startCommand(): Promise<CommandServer> {
  if (!existsSync(program)) throw new TypeError('there is no dist/main.js: run npm run build first');
  const child = spawn(process.execPath, [program, 'sandbox', 'start', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
  );
  const { endpoint, legacyKey } = JSON.parse(line) as {
    endpoint: string;
    legacyKey: { accessKeyId: string; secretAccessKey: string };
  };
  const key = { accessKeyId: legacyKey.accessKeyId, secretAccessKey: new Secret(legacyKey.secretAccessKey) };
  return { child, port: Number(new URL(endpoint).port), key };
}

async function startOfCommand(): Promise<number> {
  const before = performance.now();
  const { child } = await startCommand();
  const taken = performance.now() - before;
  child.kill();
  await new Promise((resolve) => child.once('close', resolve));
  return taken;
}

/** Signed once: the signature is good for a quarter of an hour, and checked each time. */
function identityCall(key: CommandServer['key'], host: string): HttpMessage {
  const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15');
  const headers = signRequest(
    { method: 'POST', url: `http://${host}/`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body },
    key,
    { region: 'eu-west-1', service: 'sts', at: new Date() },
  );
  return { method: 'POST', target: '/', headers, host: '127.0.0.1', secure: false, body };
}

async function sendOnce(agent: Agent, port: number, { headers, body }: HttpMessage): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/', headers, agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new TypeError(`status ${answer.statusCode}`));
      answer.resume();
      answer.on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function latencies(call: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let count = 0; count < calls * 1.2; count++) {
    const before = performance.now();
    await call();
    taken.push(performance.now() - before);
  }
  // The first ones warm the code up.
  return taken.slice(calls * 0.2);
}

/** Milliseconds a call, of the first thousand and of the last. */
async function manyVersions(sandbox: RunningSandbox): Promise<[number, number]> {
  const url = 'http://127.0.0.1/keyless-sandbox-state/network/terraform.tfstate';
  const body = Buffer.from(JSON.stringify({ version: 4, serial: 1, resources: [] }));
  const means: number[] = [];
  for (let thousand = 0; thousand < versions / 1000; thousand++) {
    const scope = { region: 'eu-west-1', service: 's3', at: new Date() };
    const headers = signRequest({ method: 'PUT', url, body }, sandbox.legacyKey, scope);
    const message = { method: 'PUT', target: new URL(url).pathname, headers, host: '127.0.0.1', secure: true, body };
    const before = performance.now();
    for (let count = 0; count < 1000; count++) {
      const answer = await sandbox.handle(message);
      if (answer.kind !== 'respond' || answer.status !== 200) throw new TypeError(JSON.stringify(answer));
    }
    // The very first calls are those of cold code.
    if (thousand > 0) means.push((performance.now() - before) / 1000);
  }
  return [means[0] as number, means.at(-1) as number];
}

/** Processor time of a process on Linux, from ticks of 10 ms. */
function cpuSeconds(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function pair(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => milliseconds(sorted[Math.floor(sorted.length * share)] as number);
  return `${at(0.5)} / ${at(0.99)}`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`;
}

function perSecond(value: number): string {
  return String(Math.round(value / 10) * 10);
}
