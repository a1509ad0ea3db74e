/** `keyless sandbox`: the embedded AWS as a server, or around one command. */
import { join, resolve } from 'node:path';
import { Argument, Option } from 'commander';
import type { Intent } from '../../intent/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { Env, Ports } from '../../ports/index.ts';
import { type RunningSandbox, type SandboxStart, startSandbox } from '../../sandbox/index.ts';
import type { CommandModule, ExactExit } from '../command.ts';
import { reportFailure } from '../report-failure.ts';
import { renderSandboxJson, renderSandboxText } from '../views/sandbox.ts';

const actions = ['start', 'exec'] as const;

interface Options {
  readonly intent?: string;
  readonly port?: number;
  readonly seed?: string;
  readonly hourSeconds?: number;
  readonly proxy?: boolean;
  readonly as: string;
  readonly json?: boolean;
}

export const sandboxCommand: CommandModule = {
  configure: (command) => {
    command
      .addArgument(
        new Argument('<action>', 'start: serve until told to stop; exec: run one command inside').choices(actions),
      )
      .argument('[command...]', 'of exec, behind --: the command and its arguments')
      .option('--intent <file>', 'the keyless.yaml whose organisation is served; a small one of its own without')
      .addOption(new Option('--port <number>', 'where to listen; a free port without').argParser(portNumber))
      .option('--seed <text>', 'one seed, one world: the same ids and keys each time')
      .addOption(
        new Option(
          '--hour-seconds <seconds>',
          'how many seconds an AWS hour takes, for sessions that end soon',
        ).argParser(positiveNumber('--hour-seconds')),
      )
      .option('--proxy', 'exec: through the proxy, for commands that ignore endpoint variables')
      .option('--as <profile>', 'exec: whose credentials: legacy, none, or a profile of the sandbox', 'legacy');
  },
  run: async (ports, [action, ...command], given) => {
    const options = given as unknown as Options;
    if (action === 'exec') return await exec(ports, command, options);
    if (command.length > 0) {
      throw usage(`start takes no command, got ${command[0]}`, `keyless sandbox exec -- ${command.join(' ')}`);
    }
    return await start(ports, options);
  },
};

async function start(ports: Ports, options: Options): Promise<ExactExit> {
  const sandbox = await startSandbox(ports, await startOf(ports, options));
  try {
    ports.output.write(
      options.json === true ? renderSandboxJson(sandbox) : renderSandboxText(sandbox, ports.output.color),
    );
    await aborted(ports.signal);
  } finally {
    await sandbox.stop();
  }
  // To be told to stop is how it ends.
  return { exitCode: ExitStatus.done };
}

/** The command's own exit code; 125 when the sandbox failed, 126 when the command cannot be started, 127 when there is none. */
async function exec(ports: Ports, command: readonly string[], options: Options): Promise<ExactExit> {
  const [name, ...args] = command;
  if (name === undefined)
    throw usage('exec needs a command behind --', 'keyless sandbox exec --proxy -- aws sts get-caller-identity');
  try {
    const path = name.includes('/') ? resolve(ports.cwd, name) : await ports.processes.find(name);
    if (path === undefined || (await ports.files.stat(path)) === undefined) {
      throw new KeylessError({ code: 'COMMAND_NOT_FOUND', message: `there is no command ${name} on the PATH` });
    }
    const sandbox = await startSandbox(ports, await startOf(ports, options));
    try {
      return { exitCode: await runInside(ports, sandbox, path, args, options) };
    } finally {
      await sandbox.stop();
    }
  } catch (thrown) {
    reportFailure(thrown, ports.output, ports.env, options.json === true);
    const code = thrown instanceof KeylessError ? thrown.code : undefined;
    return { exitCode: code === 'COMMAND_NOT_FOUND' ? 127 : code === 'COMMAND_NOT_STARTED' ? 126 : 125 };
  }
}

async function runInside(
  ports: Ports,
  sandbox: RunningSandbox,
  path: string,
  args: readonly string[],
  options: Options,
): Promise<number> {
  const way = options.proxy === true ? sandbox.proxyEnv : sandbox.env;
  await checkProfile(ports, way.AWS_CONFIG_FILE ?? '', options.as);
  const env = { ...withoutAws(ports.env), ...way, ...identityEnv(sandbox, options.as) };
  const running = await ports.processes
    .start(path, args, { cwd: ports.cwd, env, output: 'inherit' })
    .catch((cause: Error) => {
      throw new KeylessError({ code: 'COMMAND_NOT_STARTED', message: cause.message, cause });
    });
  const { exitCode, signal } = await running.exited;
  for (const { host, port, count } of sandbox.refusedHosts()) {
    ports.output.note(
      `keyless: ${host}:${port} is none that the sandbox stands for and was refused${count === 1 ? '' : ` (${count} times)`}`,
    );
  }
  return exitCode ?? 128 + (signalNumbers[signal ?? ''] ?? 0);
}

/** Nothing of the person's own AWS reaches the command, nor a proxy that would lead around the sandbox. */
function withoutAws(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(AWS_|ACTIONS_ID_TOKEN_)|^(https?|all|no)_proxy$/i.test(name)),
  );
}

/** Clients word it in many ways, and none says which profiles there are. */
async function checkProfile(ports: Ports, configFile: string, profile: string): Promise<void> {
  if (profile === 'none') return;
  const config = Buffer.from(await ports.files.read(configFile)).toString();
  const names = [...config.matchAll(/^\[profile (.+)\]$/gm)].map(([, name]) => name);
  if (names.includes(profile)) return;
  throw usage(
    `--as: the sandbox has no profile ${profile}; it has ${names.join(', ')}`,
    'keyless sandbox exec --as legacy',
  );
}

function identityEnv(sandbox: RunningSandbox, profile: string): Env {
  if (profile === 'none') return {};
  if (profile !== 'legacy') return { AWS_PROFILE: profile, AWS_SDK_LOAD_CONFIG: '1' };
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal() };
}

async function startOf(ports: Ports, options: Options): Promise<SandboxStart> {
  const intent = await readIntent(ports, options.intent);
  return {
    port: options.port ?? 0,
    report: ({ service, operation, error }) =>
      ports.output.note(
        `keyless: a fault of the sandbox in ${service} ${operation}: ${error instanceof Error ? error.message : typeof error}`,
      ),
    ...(intent === undefined ? {} : { intent }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.hourSeconds === undefined ? {} : { hourSeconds: options.hourSeconds }),
  };
}

async function readIntent(ports: Ports, file: string | undefined): Promise<Intent | undefined> {
  if (file === undefined) return undefined;
  // Half of the time to start would go into reading it for those who give none.
  const { intentFileName, parseIntent } = await import('../../intent/index.ts');
  const path = resolve(ports.cwd, file);
  const kind = (await ports.files.stat(path))?.kind;
  if (kind === 'directory') return await readIntent(ports, join(file, intentFileName));
  if (kind === undefined) {
    throw new KeylessError({ code: 'CONFIG_NOT_FOUND', message: `there is no ${path}`, hint: 'keyless init' });
  }
  return parseIntent(new TextDecoder().decode(await ports.files.read(path)), file);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usage(`--port: expected a number from 0 to 65535, got ${text}`, 'keyless sandbox --help');
}

function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw usage(`${option}: expected a number above 0, got ${text}`, 'keyless sandbox --help');
  };
}

function usage(message: string, hint: string): KeylessError {
  return new KeylessError({ code: 'USAGE', message, hint });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}

/** As shells report a command that a signal ended: 128 and this number. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};
