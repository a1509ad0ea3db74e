/** The servers that the benchmark of the embedded AWS calls, each in a process of its own, on one core where the system can say so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Secret } from '../src/kernel/secret.ts';

export interface BenchServer {
  readonly port: number;
  /** Processor time so far, in seconds; `undefined` where the system does not tell. */
  cpuSeconds(): number | undefined;
  stop(): Promise<void>;
}

export interface CommandServer extends BenchServer {
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: Secret };
}

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export async function startCommand(): Promise<CommandServer> {
  if (!existsSync(program)) throw new TypeError('there is no dist/main.js: run npm run build first');
  const child = onOneCore(process.execPath, [program, 'sandbox', 'start', '--json']);
  const { endpoint, legacyKey } = JSON.parse(await firstLine(child)) as {
    endpoint: string;
    legacyKey: { accessKeyId: string; secretAccessKey: string };
  };
  const key = { accessKeyId: legacyKey.accessKeyId, secretAccessKey: new Secret(legacyKey.secretAccessKey) };
  return { ...serverOf(child, Number(new URL(endpoint).port)), key };
}

/** What Node itself costs: reads the body, answers `answer`, and looks at nothing. */
export async function startPlain(answer: string): Promise<BenchServer> {
  const script = `const server = require('node:http').createServer((request, response) => {
    request.on('data', () => {}).on('end', () => response.setHeader('content-type', 'text/xml').end(${JSON.stringify(answer)}));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = onOneCore(process.execPath, ['-e', script]);
  return serverOf(child, Number(await firstLine(child)));
}

/** moto's server, `undefined` where it is not on the PATH. https://docs.getmoto.org/en/latest/docs/server_mode.html */
export async function startMoto(): Promise<BenchServer | undefined> {
  if (find('moto_server') === undefined) return undefined;
  const port = await freePort();
  const child = onOneCore('moto_server', ['-H', '127.0.0.1', '-p', String(port)]);
  for (let tries = 0; tries < 300; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/moto-api/`);
      return serverOf(child, port);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill();
  throw new TypeError('moto_server does not answer');
}

function onOneCore(command: string, args: readonly string[]): ChildProcess {
  const [file, ...more] = find('taskset') === undefined ? [command] : ['taskset', '-c', '0', command];
  return spawn(file as string, [...more, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
}

function find(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  return await new Promise((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('close', (code) => reject(new TypeError(`the server ended with ${code} before it served`)));
  });
}

function serverOf(child: ChildProcess, port: number): BenchServer {
  return {
    port,
    cpuSeconds: () => cpuSeconds(child.pid as number),
    stop: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => child.once('close', resolve));
      }
    },
  };
}

/** On Linux, from ticks of 10 ms. */
function cpuSeconds(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
