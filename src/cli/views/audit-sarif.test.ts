/** SARIF is held to the schema of the standard and to what GitHub's page "SARIF support for code scanning" asks for. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../../test/support/example-repository.ts';
import { generateCredential } from '../../../test/support/generated-credentials.ts';
import { makeWorld, type WorldInit } from '../../../test/support/make-world.ts';
import { oddInventory } from '../../../test/support/odd-inventory.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';
import { detectors, suppressionFile } from '../../audit/index.ts';
import { suppressionMarker } from '../../audit/suppressions.ts';
import { renderAuditSarif } from './audit-sarif.ts';

interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region?: { readonly startLine: number };
  };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly Place[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
}
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly properties: { readonly 'security-severity': string };
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
      readonly results: readonly Result[];
      readonly originalUriBaseIds: Readonly<Record<string, unknown>>;
    },
  ];
}

const validate = sarifValidator();

function sarifValidator(): (log: unknown) => string[] {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  // It names draft 4, of which it uses nothing that draft 7 reads otherwise, besides the name of its id.
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const formats = {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': (text: string) =>
      /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(text) && URL.canParse(text, 'file:///root/'),
    'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  };
  const compiled = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);
  return (log) =>
    compiled(log) ? [] : (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

async function sarifOf(init: WorldInit, ...args: string[]): Promise<Log> {
  const { stdout, stderr } = await runKeyless(makeWorld(init), ['audit', '--format', 'sarif', ...args]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const { keyId, secret } = generateCredential('sarif');
const provider = `provider "aws" {\n  access_key = "${keyId}"\n  secret_key = "${secret}"\n}\n`;

describe('SARIF', () => {
  it('of the example is valid, with every finding under its rule', async () => {
    const log = await sarifOf({ files: exampleRepository });
    expect(validate(log)).toEqual([]);
    const [{ tool, results }] = log.runs;
    expect(results.length).toBeGreaterThan(50);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const fingerprints = results.map(({ partialFingerprints }) => partialFingerprints['keyless/v1']);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });

  it('is valid for every inventory, however odd, and resolves every location', () => {
    fc.assert(
      fc.property(oddInventory, (inventory) => {
        const log = JSON.parse(renderAuditSarif(inventory)) as Log;
        expect(validate(log)).toEqual([]);
        const [{ results, originalUriBaseIds }] = log.runs;
        for (const place of results.flatMap(({ locations }) => locations)) {
          expect(originalUriBaseIds).toHaveProperty([place.physicalLocation.artifactLocation.uriBaseId]);
        }
      }),
    );
  });

  it('encodes paths so that they lead back to the file', async () => {
    const paths = ['with space/a#b?.tf', 'naïve/日本語.tf', '100%/main.tf', 'a:b.tf'];
    const [{ results }] = (await sarifOf({ files: Object.fromEntries(paths.map((path) => [path, provider])) })).runs;
    const uris = results.flatMap(({ locations }) =>
      locations.map((place) => place.physicalLocation.artifactLocation.uri),
    );
    expect(
      [...new Set(uris.map((uri) => decodeURIComponent(new URL(uri, 'file:///').pathname.slice(1))))].sort(),
    ).toEqual([...paths].sort());
  });

  it('keeps what was read outside the repository apart from its files', async () => {
    const log = await sarifOf(
      {
        home: { '.aws/credentials': `[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n` },
        env: { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret },
      },
      '--home',
      '--env',
    );
    expect(validate(log)).toEqual([]);
    const places = log.runs[0].results.flatMap(({ locations }) =>
      locations.map(({ physicalLocation }) => physicalLocation.artifactLocation),
    );
    expect(places).toContainEqual({ uri: '.aws/credentials', uriBaseId: 'HOME' });
    expect(places.map(({ uriBaseId }) => uriBaseId)).toContain('PROCESS');
    expect(places.map(({ uriBaseId }) => uriBaseId)).not.toContain('%SRCROOT%');
  });

  it('carries suppressions with their reason, and where they stand', async () => {
    const inline = `# ${suppressionMarker} provider-static-key until=2027-01-31 reason="rotated on Friday"\n`;
    const log = await sarifOf({
      files: {
        'a.tf': provider.replace('  access_key', `  ${inline}  access_key`),
        'b/main.tf': provider,
        [suppressionFile]:
          'suppressions:\n  - { rule: provider-static-key, path: b/*.tf, until: 2027-01-31, reason: being moved }\n',
      },
    });
    expect(validate(log)).toEqual([]);
    const suppressions = log.runs[0].results.flatMap((result) => result.suppressions ?? []);
    expect(suppressions).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'rotated on Friday (until 2027-01-31)' },
      { kind: 'external', status: 'accepted', justification: 'being moved (until 2027-01-31)' },
    ]);
  });

  it('lists every detector as a rule, within the limits of GitHub', async () => {
    const [{ tool }] = (await sarifOf({})).runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(detectors.map(({ id }) => id));
    for (const { id, name, shortDescription, fullDescription, help, properties } of tool.driver.rules) {
      expect([id.length, name.length].every((length) => length > 0 && length <= 255)).toBe(true);
      expect([shortDescription, fullDescription].every(({ text }) => text.length > 0 && text.length <= 1024)).toBe(
        true,
      );
      expect(help.text).toContain('Fix:');
      expect(Number(properties['security-severity'])).toBeGreaterThan(0);
      expect(Number(properties['security-severity'])).toBeLessThanOrEqual(10);
    }
  });
});
