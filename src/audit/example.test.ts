/** The credentials of the legacy example, held against the list of what was planted in it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { realFiles } from '../ports/real/files.ts';
import { runAudit } from './audit.ts';
import type { Inventory } from './inventory.ts';

interface ExpectedPlace {
  readonly path: string;
  readonly line: number;
  readonly part: string;
}

interface Expected {
  readonly credentials: readonly {
    readonly flow: readonly ExpectedPlace[];
    readonly keyId: string;
    readonly documentationExample: boolean;
    readonly parts: readonly string[];
    readonly places: readonly ExpectedPlace[];
  }[];
  readonly notKeys: readonly { readonly path: string; readonly line: number; readonly what: string }[];
}

const folder = fileURLToPath(new URL('../../examples/legacy-three-accounts', import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}.expected.json`, 'utf8')) as Expected;

describe('the legacy example', () => {
  let inventory: Inventory;

  beforeAll(async () => {
    inventory = await runAudit({ ...makeWorld(), files: realFiles(1) }, { root: folder });
  });

  it('holds the planted credentials, each once, with every place where a part stands or goes through', () => {
    expect(inventory.credentials.map(({ keyId }) => keyId).sort()).toEqual(
      expected.credentials.map(({ keyId }) => keyId).sort(),
    );
    for (const planted of expected.credentials) {
      const found = inventory.credentials.find(({ keyId }) => keyId === planted.keyId);
      expect(found).toMatchObject({ documentationExample: planted.documentationExample, parts: planted.parts });
      const places = found?.places.map(({ path, line, part }) => ({ path, line, part }));
      for (const { path, line, part } of [...planted.places, ...planted.flow])
        expect(places).toContainEqual({ path, line, part });
    }
  });

  it('follows the key through variables into the provider', () => {
    const provider = inventory.credentials[0]?.places.filter(({ path }) => path === 'stacks/messaging/main.tf');
    expect(provider?.map(({ line, via }) => [line, via])).toEqual([
      [16, 'var.aws_access_key'],
      [17, 'var.aws_secret_key'],
    ]);
  });

  it.each(expected.notKeys.map((one) => [one.what, one] as const))(
    'holds no key where there is %s',
    (_, { path, line }) => {
      const places = inventory.credentials.flatMap((credential) => credential.places);
      expect(places.filter((place) => place.path === path && place.line === line)).toEqual([]);
    },
  );

  it('is understood to the last file', () => {
    expect(inventory.coverage.skipped).toEqual([]);
  });
});
