/**
 * Holds the structure: imports point one way, capabilities meet along a written table, and nothing below main.ts reads
 * the world from globals. The table of pairs is read from docs/architecture.md, so that page cannot drift.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');

interface SourceModule {
  /** Relative to src. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[];
}

const modules: readonly SourceModule[] = (readdirSync(source, { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('fixtures'))
  .map((path) => {
    const text = readFileSync(join(source, path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });

/** Layers from the bottom; a module may import its own layer's folder and every lower layer. */
const layers: readonly (readonly string[])[] = [
  ['kernel'],
  ['formats', 'aws'],
  ['repository', 'audit', 'intent', 'migrate', 'federation', 'sandbox', 'broker', 'rehearse', 'drills'],
  ['cli'],
  ['main.ts'],
];
const capabilities = layers[2] as readonly string[];
const allowedPairs = pairsInArchitecturePage();

describe('imports', () => {
  it('know every folder of src', () => {
    const known = new Set([...layers.flat(), 'ports']);
    expect([...new Set(modules.map(({ path }) => areaOf(path)))].filter((area) => !known.has(area))).toEqual([]);
  });

  it('point down the layers', () => {
    const wrong = edges().filter(
      ({ from, to }) => to !== 'ports' && from !== 'ports' && from !== to && layerOf(from) < layerOf(to),
    );
    expect(wrong).toEqual([]);
  });

  it('of ports reach the kernel and nothing else', () => {
    expect(edges().filter(({ from, to }) => from === 'ports' && to !== 'ports' && to !== 'kernel')).toEqual([]);
  });

  it('of formats stay out of aws', () => {
    expect(edges().filter(({ from, to }) => from === 'formats' && to === 'aws')).toEqual([]);
  });

  it('between capabilities follow the table in docs/architecture.md', () => {
    const wrong = edges().filter(
      ({ from, to }) =>
        from !== to && capabilities.includes(from) && capabilities.includes(to) && !allowedPairs.get(from)?.has(to),
    );
    expect(wrong).toEqual([]);
  });

  it('between capabilities go through index.ts', () => {
    const wrong = edges().filter(
      ({ from, to, target }) =>
        from !== to && capabilities.includes(to) && from !== 'main.ts' && target !== `${to}/index.ts`,
    );
    expect(wrong).toEqual([]);
  });

  it('of the real ports happen in main.ts only', () => {
    const wrong = edges().filter(
      ({ file, target }) => target.startsWith('ports/real/') && file !== 'main.ts' && !file.startsWith('ports/real/'),
    );
    expect(wrong).toEqual([]);
  });

  it('of ports are types everywhere but in main.ts', () => {
    const wrong = edges().filter(
      ({ to, from, typeOnly }) => to === 'ports' && from !== 'ports' && from !== 'main.ts' && !typeOnly,
    );
    expect(wrong).toEqual([]);
  });
});

describe('below main.ts', () => {
  const globals: readonly (readonly [string, RegExp])[] = [
    ['the clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/],
    ['the process', /\bprocess\.(env|exit|argv|cwd|stdout|stderr|platform|on|once)\b/],
    ['the console', /\bconsole\.\w+\(/],
    ['the network', /(?<![.\w])fetch\(|from 'node:(https?|net|tls|dgram)'/],
    ['the home folder', /\bhomedir\(|from 'node:os'/],
    ['the file system', /from 'node:fs(\/promises)?'/],
    ['child processes', /from 'node:child_process'/],
    ['randomness', /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(|\bgenerateKey(Pair|PairSync)?\(/],
  ];
  for (const [name, pattern] of globals) {
    it(`nothing reaches for ${name}`, () => {
      const offenders = modules
        .filter(({ path }) => path !== 'main.ts' && !path.startsWith('ports/real/'))
        .filter(({ text }) => pattern.test(withoutComments(text)))
        .map(({ path }) => path);
      expect(offenders).toEqual([]);
    });
  }

  it('failures are KeylessErrors, and programming errors have a name', () => {
    const offenders = modules.filter(({ text }) => /\bnew Error\(/.test(withoutComments(text))).map(({ path }) => path);
    expect(offenders).toEqual([]);
  });
});

function edges(): { file: string; from: string; to: string; target: string; typeOnly: boolean }[] {
  return modules.flatMap(({ path, imports }) =>
    imports.map(({ target, typeOnly }) => ({ file: path, from: areaOf(path), to: areaOf(target), target, typeOnly })),
  );
}

function importsOf(path: string, text: string): { target: string; typeOnly: boolean }[] {
  const found: { target: string; typeOnly: boolean }[] = [];
  const pattern =
    /(?:import|export)\s+(type\s+)?(?:\{([^}]*)\}|[^'";]*?)\s*from\s+'(\.[^']+)'|import\('(\.[^']+)'\)|import\s+'(\.[^']+)'/g;
  for (const match of text.matchAll(pattern)) {
    const target = match[3] ?? match[4] ?? match[5];
    if (target === undefined || target.endsWith('.json')) continue;
    const names = match[2]
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const typeOnly = match[1] !== undefined || names?.every((name) => name.startsWith('type ')) === true;
    found.push({ target: relative(source, join(source, dirname(path), target)).replaceAll('\\', '/'), typeOnly });
  }
  return found;
}

function areaOf(path: string): string {
  return path.split('/')[0] as string;
}

function layerOf(area: string): number {
  return layers.findIndex((areas) => areas.includes(area));
}

function pairsInArchitecturePage(): Map<string, Set<string>> {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const pairs = new Map<string, Set<string>>();
  for (const [, from, to] of page.matchAll(/^\| (\w+) \| ([\w, ]+) \|$/gm)) {
    if (from === undefined || to === undefined || !capabilities.includes(from)) continue;
    pairs.set(from, new Set(to.split(',').map((name) => name.trim())));
  }
  return pairs;
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/(?<=[;{})\]] )\/\/.*$/gm, '');
}
