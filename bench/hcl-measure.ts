/**
 * One process of the HCL benchmark: `node hcl-measure.ts <parser> <corpus>` parses every file once, which is the cold
 * pass, then again and again, and prints the speeds as JSON. Making or reading the text, importing the parser and
 * loading WebAssembly are not timed. keyless builds its whole tree, comments and problems; tree-sitter only parses.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { generateCorpus } from './hcl-corpus.ts';

export type HclParser = 'keyless' | 'tree-sitter';
export type HclCorpus = 'generated' | 'examples';

/** Speeds in MiB/s; `warm` is the median of the passes after the first. */
export interface HclMeasurement {
  readonly files: number;
  readonly bytes: number;
  readonly cold: number;
  readonly warm: number;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , parser, corpus] = process.argv as unknown as [string, string, HclParser, HclCorpus];
  process.stdout.write(JSON.stringify(await measure(parser, corpus)));
}

async function measure(parser: HclParser, corpus: HclCorpus): Promise<HclMeasurement> {
  const texts = corpus === 'generated' ? generateCorpus(20 * 2 ** 20, 2026).map(({ text }) => text) : exampleTexts();
  const parse = parser === 'keyless' ? await keyless() : await treeSitter();
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const pass = (): number => {
    const started = performance.now();
    for (const text of texts) parse(text);
    return bytes / 2 ** 20 / ((performance.now() - started) / 1000);
  };
  const cold = pass();
  const warm = Array.from({ length: corpus === 'generated' ? 3 : 101 }, pass).sort((a, b) => a - b);
  return { files: texts.length, bytes, cold, warm: warm[warm.length >> 1] ?? Number.NaN };
}

function exampleTexts(): string[] {
  const folder = fileURLToPath(new URL('../examples', import.meta.url));
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) =>
    /\.(tf|tofu|tfvars|tfbackend|hcl)$/.test(path),
  );
  return paths.sort().map((path) => readFileSync(`${folder}/${path}`, 'utf8'));
}

async function keyless(): Promise<(text: string) => void> {
  const { parseHcl } = await import('../src/formats/hcl/index.ts');
  return parseHcl;
}

async function treeSitter(): Promise<(text: string) => void> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm');
  const parser = new Parser().setLanguage(await Language.load(grammar));
  return (text) => parser.parse(text)?.delete();
}
