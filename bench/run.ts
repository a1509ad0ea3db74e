/** `npm run bench -- <name> [--write]`: runs one benchmark, and with `--write` puts its table into docs/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machineLine } from './machine-line.ts';
import { replaceMarked } from './replace-marked.ts';

/** A benchmark measures, telling how far it is, and returns Markdown without its heading. */
export type Benchmark = (tell: (line: string) => void) => Promise<string>;

/** One line a benchmark: its name and the file that default-exports it. */
const benchmarks: Readonly<Record<string, () => Promise<{ default: Benchmark }>>> = {
  hcl: () => import('./hcl.ts'),
  prover: () => import('./prover.ts'),
  sandbox: () => import('./sandbox.ts'),
};

const page = new URL('../docs/performance.md', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, date: { type: 'string' } },
});
const [name = ''] = positionals;
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  process.stderr.write(`usage: npm run bench -- <name> [--write] [--date YYYY-MM-DD]\n`);
  process.stderr.write(`names: ${Object.keys(benchmarks).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { default: benchmark } = await load();
  const table = await benchmark((line) => process.stderr.write(`${line}\n`));
  const command = `npm run bench -- ${name} --write`;
  const result = `${table}\n\nMeasured with \`${command}\` on ${machineLine(values.date)}.`;
  process.stdout.write(`${result}\n`);
  if (values.write) {
    writeFileSync(page, replaceMarked(readFileSync(page, 'utf8'), `bench:${name}`, result));
    process.stderr.write('docs/performance.md is up to date\n');
  }
}
