import { describe, expect, it } from 'vitest';
import { parseHcl, walkBodyExpressions } from '../src/formats/hcl/index.ts';
import { generateCorpus } from './hcl-corpus.ts';

const corpus = generateCorpus(400_000, 1);

describe('the corpus', () => {
  it('is the same for the same seed and another for another', () => {
    expect(generateCorpus(400_000, 1)).toEqual(corpus);
    expect(generateCorpus(400_000, 2)).not.toEqual(corpus);
  });

  it('has the size asked for, in files of ordinary size', () => {
    const sizes = corpus.map(({ text }) => text.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(400_000);
    expect(Math.min(...sizes)).toBeGreaterThan(2000);
    expect(Math.max(...sizes)).toBeLessThan(40_000);
  });

  it('is valid HCL with the usual kinds of expression in it', () => {
    const kinds = new Set<string>();
    for (const { text } of corpus) {
      const { body, problems } = parseHcl(text);
      expect(problems).toEqual([]);
      for (const { kind } of walkBodyExpressions(body)) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual([
      'binary',
      'call',
      'conditional',
      'for',
      'heredoc',
      'literal',
      'object',
      'template',
      'traversal',
      'tuple',
    ]);
  });
});
