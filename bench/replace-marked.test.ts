import { describe, expect, it } from 'vitest';
import { replaceMarked } from './replace-marked.ts';

describe('replaceMarked', () => {
  const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n';

  it('replaces what stands between the markers and nothing else', () => {
    expect(replaceMarked(page, 'x', 'new')).toBe(page.replace('old', 'new'));
    expect(replaceMarked(page, 'y', 'new')).toBe(page.replace('<!-- y -->', '<!-- y -->\nnew'));
  });

  it('changes nothing the second time', () => {
    const once = replaceMarked(page, 'x', 'new');
    expect(replaceMarked(once, 'x', 'new')).toBe(once);
  });

  it('takes the text as it is', () => {
    expect(replaceMarked(page, 'x', "$& $1 $'")).toContain("\n$& $1 $'\n");
  });

  it('refuses a page without the markers', () => {
    expect(() => replaceMarked(page, 'z', 'new')).toThrow(RangeError);
    expect(() => replaceMarked('<!-- /z --><!-- z -->', 'z', 'new')).toThrow(RangeError);
  });
});
