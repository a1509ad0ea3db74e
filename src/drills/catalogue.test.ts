import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drills } from './catalogue.ts';
import { messageIds, messageText } from './messages.ts';

describe('the catalogue of drills', () => {
  it('lists every drill that is defined, once, under the name of its file', () => {
    const files = readdirSync(new URL('catalogue', import.meta.url)).map((name) => name.replace(/\.ts$/, ''));
    expect(drills.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it('tells each in words of its own', () => {
    for (const field of ['title', 'why'] as const) {
      expect(new Set(drills.map((drill) => drill[field])).size).toBe(drills.length);
    }
    for (const { why, remedy } of drills) expect(`${why} ${remedy}`).toMatch(/\.$/);
  });

  it('expects a text wherever Terraform fails by itself', () => {
    const silent = drills.filter(({ expected }) => expected.outcome !== 'finished' && expected.says.length === 0);
    // Killed while it was waiting.
    expect(silent.map(({ id }) => id)).toEqual(['sts-black-hole']);
    const said = new Set(drills.flatMap(({ expected }) => expected.says));
    expect(messageIds.filter((id) => !said.has(id))).toEqual([]);
    for (const id of messageIds) expect(messageText(id)).not.toBe('');
  });

  it('breaks STS, the portal and S3 in the same four ways', () => {
    const ids = drills.map(({ id }) => id);
    for (const service of ['sts', 'sso', 's3']) {
      for (const way of ['slow', 'throttling', 'resetting', 'black-hole']) expect(ids).toContain(`${service}-${way}`);
    }
  });
});
