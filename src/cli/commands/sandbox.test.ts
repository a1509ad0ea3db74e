import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeDiskWorld, makeWorld } from '../../../test/support/make-world.ts';
import { RecordingOutput } from '../../../test/support/recording-output.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';
import { main } from '../../main.ts';
import { realClock } from '../../ports/real/clock.ts';
import { realNetwork } from '../../ports/real/network.ts';
import { realProcesses } from '../../ports/real/processes.ts';
import { realRandom } from '../../ports/real/random.ts';

const program = fileURLToPath(new URL('../../main.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** Where its temporary files go. */
  readonly folder: string;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  firstLine(): Promise<string>;
}

function keyless(args: readonly string[], env: Record<string, string> = {}): Run {
  const folder = mkdtempSync(join(tmpdir(), 'keyless-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [program, 'sandbox', ...args], {
    env: { PATH: process.env.PATH ?? '', TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  const line = Promise.withResolvers<string>();
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.includes('\n')) line.resolve(stdout.slice(0, stdout.indexOf('\n')));
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      line.reject(new TypeError(stderr));
      resolve({ code, stdout, stderr });
    });
  });
  line.promise.catch(() => undefined);
  return { child, folder, ended, firstLine: () => line.promise };
}

interface StartLine {
  readonly endpoint: string;
  readonly caFile: string;
  readonly env: Record<string, string>;
  readonly proxyEnv: Record<string, string>;
  readonly legacyKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly control: { readonly url: string; readonly token: string };
}

/** The command in this process, with real sockets and children; temporary files go into the folder of the test. */
async function inProcess(own: Record<string, string> = {}) {
  const world = await makeDiskWorld();
  const env = { PATH: process.env.PATH, TMPDIR: world.root, ...own };
  const output = new RecordingOutput();
  const ports = {
    ...world,
    env,
    output,
    network: realNetwork,
    random: realRandom,
    processes: realProcesses(env),
    clock: realClock,
  };
  return { ...ports, run: async (...args: string[]) => await main(['sandbox', ...args], ports) };
}

describe('keyless sandbox start', () => {
  it('prints one line once it answers, serves until it is told to stop, and leaves nothing behind', async () => {
    const runs = [await inProcess(), await inProcess()];
    const ended = runs.map(async ({ run }) => await run('start', '--json'));
    await vi.waitFor(() => expect(runs.every(({ output }) => output.stdout.endsWith('\n'))).toBe(true), 20_000);
    const lines = runs.map(({ output }) => JSON.parse(output.stdout) as StartLine);
    for (const { endpoint, caFile, env, proxyEnv, control } of lines) {
      const headers = { authorization: `Bearer ${control.token}` };
      const health = await realNetwork.send({ method: 'GET', url: `${control.url}/health`, headers });
      expect(JSON.parse(Buffer.from(health.body).toString())).toMatchObject({ status: 'ok' });
      expect(statSync(caFile).mode & 0o777).toBe(0o600);
      expect(statSync(env.AWS_SHARED_CREDENTIALS_FILE as string).mode & 0o777).toBe(0o600);
      expect(readFileSync(env.AWS_CONFIG_FILE as string, 'utf8')).toContain('[profile development-administrator]');
      expect([env.AWS_ENDPOINT_URL_STS, proxyEnv.HTTPS_PROXY, proxyEnv.SSL_CERT_FILE]).toEqual([
        endpoint,
        endpoint,
        caFile,
      ]);
      expect(JSON.stringify([env, proxyEnv])).not.toMatch(/SECRET|ACCESS_KEY_ID/);
    }
    const port = lines[0]?.endpoint.split(':')[2] as string;
    expect(lines[1]?.endpoint).not.toBe(lines[0]?.endpoint);
    const third = await inProcess();
    expect([await third.run('start', '--port', port), third.output.stderr]).toEqual([
      2,
      expect.stringContaining('PORT_TAKEN'),
    ]);
    for (const { interrupt } of runs) interrupt();
    expect(await Promise.all(ended)).toEqual([0, 0]);
    for (const { root } of [...runs, third]) expect(readdirSync(root)).toEqual([]);
  });

  it('that is killed leaves a temporary folder and no process', async () => {
    const { child, folder, ended, firstLine } = keyless(['start', '--json']);
    const { endpoint } = JSON.parse(await firstLine()) as StartLine;
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(folder)).toHaveLength(1);
    await expect(realNetwork.send({ method: 'GET', url: endpoint })).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  });
});

describe('keyless sandbox exec', () => {
  /** Runs Node inside with a script that may write to the file `out`. */
  const script = (text: string) => [
    '--',
    process.execPath,
    '-e',
    `const out = (value) => require('fs').writeFileSync('out', JSON.stringify(value)); ${text}`,
  ];

  it('runs a command in an environment without the own AWS of the person', async () => {
    const own = {
      AWS_PROFILE: 'mine',
      AWS_SESSION_TOKEN: 'mine',
      HTTPS_PROXY: 'http://mine',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'mine',
    };
    const { run, root } = await inProcess({ ...own, KEPT: 'yes' });
    expect(await run('exec', ...script('out(process.env)'))).toBe(0);
    const env = JSON.parse(readFileSync(join(root, 'out'), 'utf8')) as Record<string, string>;
    expect(JSON.stringify(env)).not.toContain('mine');
    expect(env).toMatchObject({
      KEPT: 'yes',
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA/),
    });
    expect(readdirSync(root)).toEqual(['out']);
  });

  it('takes the identity that is named, and the way', async () => {
    const { run, root } = await inProcess();
    await run('exec', '--proxy', '--as', 'development-administrator', ...script('out(process.env)'));
    const env = JSON.parse(readFileSync(join(root, 'out'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({ AWS_PROFILE: 'development-administrator', HTTPS_PROXY: expect.any(String) });
    expect([env.AWS_ACCESS_KEY_ID, env.AWS_ENDPOINT_URL]).toEqual([undefined, undefined]);
  });

  it('says which profiles there are', async () => {
    const { run, root, output } = await inProcess();
    expect(await run('exec', '--as', 'nope', ...script('out(1)'))).toBe(125);
    expect(output.stderr).toContain('no profile nope; it has development-administrator, production-readonly, legacy');
    expect(readdirSync(root)).toEqual([]);
  });

  it('ends as the command ends', async () => {
    const { run, root } = await inProcess();
    expect(await run('exec', ...script('process.exit(7)'))).toBe(7);
    expect(await run('exec', ...script('process.kill(process.pid, "SIGKILL")'))).toBe(137);
    expect(await run('exec', '--', 'no-such-command')).toBe(127);
    expect(await run('exec', '--', root)).toBe(126);
    const taken = await realNetwork.listen({ port: 0, handle: () => undefined });
    expect(await run('exec', '--port', String(taken.port), ...script(''))).toBe(125);
    await taken.close();
  });

  it('hands signals on and waits for the command to end', async () => {
    const waits = 'process.on("SIGTERM", () => process.exit(5)); console.log("ready"); setInterval(() => {}, 1000)';
    const { child, ended, firstLine, folder } = keyless(['exec', '--', process.execPath, '-e', waits]);
    await firstLine();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('keyless sandbox', () => {
  it.each([
    [['start', 'x'], 'start takes no command, got x'],
    [['exec'], 'exec needs a command behind --'],
    [['start', '--port', '70000'], 'expected a number from 0 to 65535'],
    [['stop'], 'start, exec'],
    [['start', '--intent', 'none.yaml'], 'there is no /repo/none.yaml'],
  ])('%j is told what is wrong', async (args, message) => {
    const { status, stderr } = await runKeyless(makeWorld(), ['sandbox', ...args]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
