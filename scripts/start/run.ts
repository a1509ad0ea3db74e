/** Runs commands for `npm start` and shows each before its output, as a person would have typed it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function title(text: string): void {
  say(`\n${'─'.repeat(Math.max(3, 100))}\n${text}\n`);
}

/** Runs keyless in a folder and returns its exit status; ends the whole run when keyless could not do its work. */
export function keyless(cwd: string, args: readonly string[], options: { readonly quiet?: boolean } = {}): number {
  if (options.quiet !== true) say(`$ keyless ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    stdio: ['ignore', options.quiet === true ? 'ignore' : 'inherit', options.quiet === true ? 'ignore' : 'inherit'],
  });
  if (status !== 0 && status !== 1) {
    say(`keyless ${args.join(' ')} ended with status ${status}`);
    process.exit(3);
  }
  return status;
}

export function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', [...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
