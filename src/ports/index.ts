/**
 * The outside world as interfaces. Below `main.ts` nothing reads the time, the network, files, the environment
 * or randomness from globals: it is handed one of these. The real ones live in `ports/real`, the fakes in
 * `test/support`.
 */
import type { webcrypto } from 'node:crypto';

export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`, or at once when `signal` aborts; the caller looks at the signal. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type KeyPairKind = 'rsa-2048' | 'p-256';

export interface Random {
  bytes(count: number): Uint8Array;
  /** A fresh asymmetric key for signing, extractable: RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA on P-256. */
  keyPair(kind: KeyPairKind): Promise<webcrypto.CryptoKeyPair>;
}

/** The process environment as it was when keyless started. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Data that waits beside its target. It needs no more room on the disk to become the file. */
export interface StagedFile {
  /** Renames it over the target. */
  commit(): Promise<void>;
  /** Takes it away; silent when it was committed. */
  discard(): Promise<void>;
}

export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface FileStat {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** Permission bits, for example 0o600. */
  readonly mode: number;
}

/**
 * Absolute paths of the platform. Every failure is a `KeylessError` (PATH_NOT_FOUND, NOT_A_DIRECTORY, PERMISSION_DENIED,
 * READ_ONLY, DISK_FULL, FILE_FAILED) that names the path.
 */
export interface Files {
  read(path: string): Promise<Uint8Array>;
  /** At most `length` bytes from the start. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** The whole file in pieces of at most `length` bytes, for files that must not be held in memory at once. */
  readChunks(path: string, length: number): AsyncIterable<Uint8Array>;
  /** Entries sorted by name, in code-unit order. */
  list(path: string): Promise<DirectoryEntry[]>;
  /** Follows symbolic links. `undefined` when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Does not follow symbolic links. `undefined` when nothing is there. */
  lstat(path: string): Promise<FileStat | undefined>;
  /** The path with every symbolic link resolved. */
  realPath(path: string): Promise<string>;
  /** Writes beside the target and renames: the target holds the old bytes or the new, never a mixture. */
  writeAtomic(path: string, data: Uint8Array | string, options?: { readonly mode?: number }): Promise<void>;
  /** The first half of `writeAtomic`: the data is on the disk beside the target, which is still what it was. */
  stage(path: string, data: Uint8Array | string, options?: { readonly mode?: number }): Promise<StagedFile>;
  makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  makeTemporaryDirectory(prefix: string): Promise<string>;
  /** Removes a file, or a directory and all below it. Silent when nothing is there. */
  remove(path: string): Promise<void>;
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Processes {
  /** Path of an executable on PATH, or `undefined`. */
  find(command: string): Promise<string | undefined>;
  /** Runs to the end without a shell. Rejects only when the command cannot be started. */
  run(
    command: string,
    args: readonly string[],
    options?: { readonly cwd?: string; readonly env?: Env; readonly timeoutSeconds?: number },
  ): Promise<ProcessResult>;
  /** Starts without a shell and returns while it runs. Rejects only when the command cannot be started. */
  start(command: string, args: readonly string[], options: StartOptions): Promise<RunningProcess>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Env;
  /**
   * `inherit` hands the terminal over: until the process ends, SIGTERM and SIGHUP go on to it and none of the signals
   * that end a process ends keyless; SIGINT goes on where no terminal has sent it to both. Otherwise what the process prints
   * is passed on as it comes, and it has no input.
   */
  readonly output: 'inherit' | ((chunk: string, stream: 'stdout' | 'stderr') => void);
}

export type ProcessSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface RunningProcess {
  readonly pid: number;
  /** Settles when the process has ended and its output is complete: the exit code, or the signal that ended it. */
  readonly exited: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
  /** Silent when the process has ended. */
  kill(signal: ProcessSignal): void;
}

/** Names in lower case; a header that was sent more than once holds its values joined by `, `. */
export type Headers = Readonly<Record<string, string>>;

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Headers;
  readonly body?: Uint8Array | string;
  /** Whole exchange, in seconds; default 30. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Follows no redirect by itself. `proxy` is the URL of a CONNECT proxy; `trust` are PEM certificates to trust besides the system's. */
  readonly proxy?: string;
  readonly trust?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** One request that arrived at a server of ours. Exactly one of the answers must be called. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they were sent, percent-encoding untouched. */
  readonly target: string;
  readonly headers: Headers;
  /** The name the client asked for: of the tunnel, else of the Host header; without port. */
  readonly host: string;
  /** It came over TLS. */
  readonly secure: boolean;
  /** The whole body; rejects with a KeylessError when it is longer than `limit` bytes or the client left. */
  body(limit: number): Promise<Uint8Array>;
  respond(status: number, headers: Headers, body: Uint8Array | string): void;
  /** Ends the connection with a TCP reset. */
  reset(): void;
  /** Never answers; the connection stays open until the client or the server leaves. */
  ignore(): void;
}

/** PEM texts a TLS server shows itself with. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  handle(request: IncomingRequest): void | Promise<void>;
  /**
   * Makes the server a CONNECT proxy too: the identity to answer as for a host, or `undefined` to refuse the tunnel
   * with 403. The requests inside the tunnel reach `handle`.
   */
  readonly tunnel?: (host: string, port: number) => Promise<TlsIdentity | undefined>;
  /** Makes the port take TLS too: the identity for the name the client asks for, `localhost` when it names none. */
  readonly tls?: (serverName: string) => Promise<TlsIdentity | undefined>;
}

export interface LoopbackServer {
  readonly port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

export interface Network {
  /** Rejects with NETWORK_FAILED when there is no answer; every status is an answer. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Listens on 127.0.0.1 only. Rejects with PORT_TAKEN when another process has the port. */
  listen(options: ListenOptions): Promise<LoopbackServer>;
}

export interface Prompt {
  /** False when nobody can answer: no terminal, or `--yes`. */
  readonly interactive: boolean;
  ask(question: { readonly text: string; readonly initial?: string }): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

/** Where results and remarks go. Results go to `write` (stdout), everything about the work to the others (stderr). */
export interface Output {
  /** The result itself, exactly as given. */
  write(text: string): void;
  /** A line for the person who waits. */
  note(line: string): void;
  /** Shows `label` until the next call or `undefined`; nothing at all when stderr is not a terminal. */
  progress(label: string | undefined): void;
  readonly stdoutIsTerminal: boolean;
  /** Colour may be used on stdout (a terminal, and NO_COLOR unset). */
  readonly color: boolean;
  /** Width of the terminal in columns, 100 when unknown. */
  readonly columns: number;
}

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
  readonly files: Files;
  readonly processes: Processes;
  readonly network: Network;
  readonly prompt: Prompt;
  readonly output: Output;
  /** Absolute path of the current directory. */
  readonly cwd: string;
  /** Absolute path of the home directory. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Aborts when the person interrupts. */
  readonly signal: AbortSignal;
}
