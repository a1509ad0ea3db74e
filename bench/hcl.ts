/**
 * How fast HCL is parsed, beside tree-sitter's HCL grammar (WebAssembly) on the same text in the same run. Every round
 * measures both, one after the other and each in a process of its own, so that a ratio compares neighbours in time.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HclCorpus, HclMeasurement, HclParser } from './hcl-measure.ts';
import { median } from './median.ts';
import type { Benchmark } from './run.ts';

const rounds = 5;
const measure = fileURLToPath(new URL('hcl-measure.ts', import.meta.url));

const benchmark: Benchmark = async (tell) => {
  const rows = (['generated', 'examples'] as const).flatMap((corpus) => rowsOf(corpus, tell));
  return [
    '| Text | Pass | keyless, MiB/s | tree-sitter, MiB/s | keyless ÷ tree-sitter |',
    '|---|---|---:|---:|---:|',
    ...rows,
    '',
    `Medians of ${rounds} rounds; the ratio is the median of the rounds' own ratios, with the smallest and the largest.`,
  ].join('\n');
};
export default benchmark;

function rowsOf(corpus: HclCorpus, tell: (line: string) => void): string[] {
  const pairs = Array.from({ length: rounds }, (_, round) => {
    const keyless = measureOnce('keyless', corpus);
    const treeSitter = measureOnce('tree-sitter', corpus);
    tell(
      `${corpus} ${round + 1}/${rounds}: keyless ${figure(keyless.cold)} cold, ${figure(keyless.warm)} warm; tree-sitter ${figure(treeSitter.cold)} cold, ${figure(treeSitter.warm)} warm`,
    );
    return { keyless, treeSitter };
  });
  const { files = 0, bytes = 0 } = pairs[0]?.keyless ?? {};
  const size = bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(0)} KiB` : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return (['cold', 'warm'] as const).map((pass) => {
    const ratios = pairs.map(({ keyless, treeSitter }) => keyless[pass] / treeSitter[pass]);
    const cells = [
      `${corpus}, ${size} in ${files} files`,
      pass,
      figure(median(pairs.map(({ keyless }) => keyless[pass]))),
      figure(median(pairs.map(({ treeSitter }) => treeSitter[pass]))),
      `${figure(median(ratios))} (${figure(Math.min(...ratios))} to ${figure(Math.max(...ratios))})`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function measureOnce(parser: HclParser, corpus: HclCorpus): HclMeasurement {
  return JSON.parse(execFileSync(process.execPath, [measure, parser, corpus], { encoding: 'utf8' })) as HclMeasurement;
}

function figure(value: number): string {
  return value.toPrecision(3).replace(/e\+.*/, '');
}
