import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { findIntent, loadIntent } from './load-intent.ts';

const text = 'version: 1\norganization: { name: acme }\naccounts: {}\n';

describe('loadIntent', () => {
  it('reads keyless.yaml of a folder', async () => {
    const { files } = makeWorld({ files: { 'keyless.yaml': text } });
    expect((await loadIntent(files, '/repo')).organization.name).toBe('acme');
  });

  it('says how to make one where there is none', async () => {
    await expect(loadIntent(makeWorld().files, '/repo')).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      hint: 'keyless init /repo',
    });
  });

  it('notices the other spelling of its name', async () => {
    const { files } = makeWorld({ files: { 'keyless.yml': text } });
    await expect(loadIntent(files, '/repo')).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      hint: 'mv /repo/keyless.yml /repo/keyless.yaml',
    });
  });

  it('refuses bytes that are no UTF-8', async () => {
    const { files } = makeWorld({ files: { 'keyless.yaml': Uint8Array.of(0xff, 0xfe) } });
    await expect(loadIntent(files, '/repo')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('findIntent', () => {
  it('looks upwards as far as the repository goes', async () => {
    const { files } = makeWorld({
      files: { 'keyless.yaml': text, 'stacks/a/main.tf': '', 'other/.git/config': '', 'other/b/main.tf': '' },
    });
    expect(await findIntent(files, '/repo/stacks/a')).toBe('/repo');
    expect(await findIntent(files, '/repo/other/b')).toBeUndefined();
  });
});
