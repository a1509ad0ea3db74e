/**
 * The embedded AWS: how soon it answers, how long a signed call takes beside a server of Node that does nothing and beside
 * moto's, how many calls a second of one core is worth, and whether a long history of one state slows it. Client and servers
 * are processes of their own, the servers on one core.
 */
import { Agent, request } from 'node:http';
import { signRequest } from '../src/aws/sigv4-sign.ts';
import { realClock } from '../src/ports/real/clock.ts';
import { realFiles } from '../src/ports/real/files.ts';
import { realNetwork } from '../src/ports/real/network.ts';
import { realRandom } from '../src/ports/real/random.ts';
import { type HttpMessage, startSandbox } from '../src/sandbox/index.ts';
import { median } from './median.ts';
import type { Benchmark } from './run.ts';
import { measureHistory } from './sandbox-history.ts';
import { type BenchServer, type CommandServer, startCommand, startMoto, startPlain } from './sandbox-servers.ts';

const starts = 9;
const rounds = 5;
const calls = 2000;
const load = 20_000;
const connections = 8;

const benchmark: Benchmark = async (tell) => {
  const rows: (readonly [what: string, figure: string, beside: string, wanted: string])[] = [];
  const add = (...row: (typeof rows)[number]): void => {
    rows.push(row);
    tell(row.slice(0, 3).join(': '));
  };
  const ports = {
    clock: realClock,
    random: realRandom,
    network: realNetwork,
    files: realFiles(process.pid),
    env: process.env,
  };

  const commandStarts = [];
  const nodeStarts = [];
  for (let round = 0; round < starts; round++) {
    nodeStarts.push(await timeToStart(async () => await startPlain('')));
    commandStarts.push(await timeToStart(startCommand));
  }
  const inProcess = [];
  for (let round = 0; round < starts; round++) {
    const before = performance.now();
    const sandbox = await startSandbox(ports);
    inProcess.push(performance.now() - before);
    await sandbox.stop();
  }
  const command = median(commandStarts);
  add('`keyless sandbox start` until it serves', ms(command), `Node alone ${ms(median(nodeStarts))}`, 'below 150 ms');
  add('the same in a process that has its code', ms(median(inProcess)), '–', 'below 150 ms');

  const served = await startCommand();
  const plain = await startPlain('x'.repeat(420));
  const moto = await startMoto();
  try {
    const message = identityCall(served, served.port);
    const [own, bare, peer] = await inTurn([served, plain, moto], message);
    const beside = [`Node alone ${ms(median(bare as number[]))}`];
    if (peer !== undefined) beside.push(`moto_server ${ms(median(peer))}`);
    const p99 = [...(own as number[])].sort((a, b) => a - b)[Math.floor((own as number[]).length * 0.99)] as number;
    add(
      'signed `GetCallerIdentity` over HTTP, median (99 of 100)',
      `${ms(median(own as number[]))} (${ms(p99)})`,
      beside.join(', '),
      'below 1 ms',
    );
    const capacity = await perCoreSecond(served, message);
    const bareCapacity = await perCoreSecond(plain, message);
    const motoCapacity = moto && (await perCoreSecond(moto, message, load / 20));
    add(
      `signed calls in a second of one core, over ${connections} connections`,
      thousands(capacity),
      [
        `Node alone ${thousands(bareCapacity)}`,
        ...(motoCapacity === undefined ? [] : [`moto_server ${thousands(motoCapacity)}`]),
      ].join(', '),
      'at least 2,000',
    );
  } finally {
    await Promise.all([served, plain, moto].map(async (server) => await server?.stop()));
  }

  const young = await startSandbox(ports, { seed: 'bench' });
  const old = await startSandbox(ports, { seed: 'bench' });
  try {
    for (const { call, few, many } of await measureHistory(young, old)) {
      add(
        `${call}, 100,000 versions of the key`,
        ms(many),
        `with 1,000 versions ${ms(few)}, ratio ${(many / few).toFixed(2)}`,
        'ratio about 1',
      );
    }
  } finally {
    await Promise.all([young.stop(), old.stop()]);
  }
  return [
    '| What | Median | Beside it | Wanted |',
    '|---|---:|---|---:|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
};
export default benchmark;

async function timeToStart(start: () => Promise<BenchServer>): Promise<number> {
  const before = performance.now();
  const server = await start();
  const taken = performance.now() - before;
  await server.stop();
  return taken;
}

/** Signed once: the signature is good for a quarter of an hour, and checked each time. */
function identityCall({ key }: CommandServer, port: number): HttpMessage {
  const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15');
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `http://127.0.0.1:${port}/`;
  const scope = { region: 'eu-west-1', service: 'sts', at: new Date() };
  const headers = signRequest({ method: 'POST', url, headers: type, body }, key, scope);
  return { method: 'POST', target: '/', headers, host: '127.0.0.1', secure: false, body };
}

/** Milliseconds of each call, one after the other; each round goes to every server, so that all meet the same machine. */
async function inTurn(
  servers: readonly (BenchServer | undefined)[],
  message: HttpMessage,
): Promise<(number[] | undefined)[]> {
  const agents = servers.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const taken = servers.map((server) => (server === undefined ? undefined : ([] as number[])));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, server] of servers.entries()) {
      if (server === undefined) continue;
      for (let count = 0; count < calls / rounds; count++) {
        const before = performance.now();
        await send(agents[index] as Agent, server.port, message);
        // The first round warms the code up.
        if (round > 0) taken[index]?.push(performance.now() - before);
      }
    }
  }
  for (const agent of agents) agent.destroy();
  return taken;
}

/** From the server's own processor time where the system tells it: that others use the machine does not count then. */
async function perCoreSecond(server: BenchServer, message: HttpMessage, count: number = load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const cpuBefore = server.cpuSeconds();
  const before = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let sent = 0; sent < count / connections; sent++) await send(agent, server.port, message);
    }),
  );
  const cpu = server.cpuSeconds();
  agent.destroy();
  const seconds = cpu === undefined || cpuBefore === undefined ? (performance.now() - before) / 1000 : cpu - cpuBefore;
  return count / seconds;
}

async function send(agent: Agent, port: number, { headers, body }: HttpMessage): Promise<void> {
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

function ms(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`;
}

function thousands(value: number): string {
  return (Math.round(value / 100) * 100).toLocaleString('en-US');
}
