import { describe, expect, it, test } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { makeWorld, type WorldInit } from '../../test/support/make-world.ts';
import { KeylessError } from '../kernel/error.ts';
import { Repository, SourceFile } from '../repository/index.ts';
import { type AuditOptions, auditRepository, type RunAuditOptions, runAudit } from './audit.ts';
import { defineDetector } from './detector.ts';
import type { Finding, Inventory } from './inventory.ts';
import { suppressionFile, suppressionMarker } from './suppressions.ts';

const now = new Date('2026-11-21T09:00:00Z');
const { keyId, secret } = generateCredential('audit');
const leak = `AWS_ACCESS_KEY_ID=${keyId}\nAWS_SECRET_ACCESS_KEY=${secret}\n`;

function audit(files: Readonly<Record<string, string>>, options: Partial<AuditOptions> = {}): Inventory {
  const sources = Object.entries(files).map(([path, text]) => new SourceFile(path, text));
  return auditRepository(new Repository(sources), { now, ...options });
}

function leaks(inventory: Inventory): readonly Finding[] {
  return inventory.findings.filter(({ rule }) => rule === 'static-access-key');
}

async function run(init: WorldInit, options: Partial<RunAuditOptions> = {}): Promise<Inventory> {
  const world = makeWorld(init);
  return await runAudit(world, { root: world.root, ...options });
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return await promise.then(
    () => undefined,
    (error: unknown) => (error instanceof KeylessError ? error.code : String(error)),
  );
}

describe('an inventory', () => {
  it('of nothing says that nothing is there', () => {
    expect(audit({})).toMatchObject({
      findings: [],
      methods: [],
      credentials: [],
      summary: { keyless: true, credentialsInClear: 0 },
      coverage: { scanned: { files: 0, bytes: 0 }, skipped: [] },
    });
  });

  it('counts one credential once and is not keyless', () => {
    const { summary, findings } = audit({ '.env': leak, 'copy/.env': leak });
    expect(summary).toMatchObject({ credentialsInClear: 1, keyless: false });
    const [finding, ...others] = findings.filter(({ rule }) => rule === 'static-access-key');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: '.env', line: 2, column: 23, severity: 'critical', gated: false });
    expect(finding?.otherPlaces.map(({ path, line }) => `${path}:${line}`)).toEqual([
      '.env:1',
      'copy/.env:1',
      'copy/.env:2',
    ]);
    expect(finding?.keyId).toBe(`AKIA…${keyId.slice(-4)}`);
  });

  it('is the same whenever it is made of the same files', () => {
    const files = { '.env': leak, 'main.tf': 'provider "aws" {}\n', 'b.yml': 'a: 1\n' };
    expect(JSON.stringify(audit(files))).toBe(JSON.stringify(audit(files)));
  });

  it('keeps its fingerprints when lines move', () => {
    const [before] = leaks(audit({ '.env': leak }));
    const [after] = leaks(audit({ 'other/.env': `\n\n# moved\n${leak}` }));
    expect(after?.fingerprint).toBe(before?.fingerprint);
    const file = { 'keys/rootkey.csv': '' };
    expect(audit({ 'keys/rootkey.csv': '\n\n' }).findings[0]?.fingerprint).toBe(audit(file).findings[0]?.fingerprint);
  });

  it('gives every finding a fingerprint of its own', () => {
    const twice = defineDetector({
      ...silent,
      detect: (_, report) => [0, 1].map((at) => report.finding({ at, detail: 'same' })),
    });
    const fingerprints = audit({ 'a.tf': 'ab' }, { detectors: [twice] }).findings.map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(2);
  });

  it('lists a detector that failed on a file, and goes on', () => {
    const failing = defineDetector({
      ...silent,
      detect: () => {
        throw new TypeError(`at ${secret}`);
      },
    });
    const inventory = audit({ 'a.tf': '' }, { detectors: [failing] });
    expect(inventory.coverage.skipped).toMatchObject([{ path: 'a.tf', reason: 'detector-failed' }]);
    expect(JSON.stringify(inventory)).not.toContain(secret.slice(0, 8));
  });

  test.each([
    ['a key with its secret', leak, 'critical'],
    ['a key alone', `# ${keyId}\n`, 'high'],
    ['a secret alone', `AWS_SECRET_ACCESS_KEY=${secret}\n`, 'high'],
    ['a key on a presigned URL', `X-Amz-Credential=${keyId}%2F20261121%2Feu-west-1\n`, 'low'],
    ['a secret whose name others use too', `STORAGE_SECRET_KEY=${secret}\n`, 'low'],
  ])('grades %s', (_, text, severity) => {
    expect(leaks(audit({ 'x.txt': text }))).toMatchObject([{ severity }]);
  });

  it('grades temporary keys by what is left of them', () => {
    const session = generateCredential('audit', 'ASIA');
    const [finding] = leaks(audit({ '.env': leak.replace(keyId, session.keyId) }));
    expect(finding).toMatchObject({ severity: 'medium', class: 'dynamic' });
    expect(leaks(audit({ 'log.txt': session.keyId }))).toMatchObject([{ severity: 'low' }]);
    expect(audit({ 'log.txt': session.keyId }).summary.keyless).toBe(true);
  });
});

describe('bad input is listed with its line, and its keys are found all the same', () => {
  test.each([
    [
      'merge markers',
      'main.tf',
      `provider "aws" {\n<<<<<<< HEAD\n  access_key = "${keyId}"\n=======\n>>>>>>> x\n}\n`,
      2,
    ],
    ['a template of Jinja', 'main.tf', `{% if live %}\n# ${keyId}\nprovider "aws" {}\n{% endif %}\n`, 1],
    [
      'a half-written file',
      'main.tf',
      `provider "aws" {\n  access_key = "${keyId}"\n  secret_key = "${secret.slice(0, 20)}`,
      1,
    ],
    ['broken JSON', 'main.tf.json', `{\n "provider": {"aws": {"access_key": "${keyId}"}\n`, undefined],
  ])('%s', async (_, path, text, line) => {
    const inventory = await run({ files: { [path]: text, 'good.tf': 'locals {}\n' } });
    const [skipped] = inventory.coverage.skipped;
    expect(skipped).toMatchObject({ path, reason: 'unparseable', searchedAsText: true });
    if (line === undefined) expect(skipped?.line).toBeGreaterThan(0);
    else expect(skipped?.line).toBe(line);
    expect(inventory.credentials).toMatchObject([{ keyId: `AKIA…${keyId.slice(-4)}` }]);
    expect(inventory.coverage.skipped).toHaveLength(1);
  });

  test.each([
    ['invalid UTF-8', 'x.tf', Buffer.concat([Buffer.from(`# ${keyId} `), Buffer.from([0xff, 0x0a])]), 'not-utf-8'],
    ['a binary', 'x.bin', Buffer.from(`\0\0\0${'.'.repeat(9000)}${keyId}\0`), 'binary'],
    ['a file too large to hold', 'x.log', Buffer.from(`${'line\n'.repeat(500)}${keyId}\n${secret}\n`), 'too-large'],
  ])('%s', async (_, path, bytes, reason) => {
    const inventory = await run(
      { files: { [path]: bytes } },
      { maxFileBytes: 10_000 > bytes.length && reason === 'too-large' ? 100 : 50_000 },
    );
    expect(inventory.coverage.skipped).toMatchObject([{ path, reason, searchedAsText: true }]);
    expect(inventory.credentials).toMatchObject([{ keyId: `AKIA…${keyId.slice(-4)}` }]);
  });

  it('UTF-16', async () => {
    const inventory = await run({ files: { 'x.ps1': Buffer.from(`\uFEFF${leak}`, 'utf16le') } });
    expect(inventory.credentials).toMatchObject([{ parts: ['keyId', 'secret'] }]);
  });
});

describe('runAudit', () => {
  it('stops for a folder that is not there, a file, and a person', async () => {
    const world = makeWorld({ files: { 'main.tf': '' } });
    expect(await codeOf(runAudit(world, { root: '/nowhere' }))).toBe('PATH_NOT_FOUND');
    expect(await codeOf(runAudit(world, { root: '/repo/main.tf' }))).toBe('NOT_A_DIRECTORY');
    world.interrupt();
    expect(await codeOf(runAudit(world, { root: '/repo' }))).toBe('INTERRUPTED');
  });

  it('can be interrupted while it looks at what it read, and takes its progress away', async () => {
    const world = makeWorld({
      files: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}.txt`, 'x'.repeat(100_000)])),
    });
    const watching = {
      ...world,
      output: Object.assign(Object.create(world.output), {
        progress: (label: string | undefined) => {
          world.output.progress(label);
          if (label?.startsWith('auditing')) world.interrupt();
        },
      }),
    };
    expect(await codeOf(runAudit(watching, { root: world.root }))).toBe('INTERRUPTED');
    expect(world.output.progressLabels.at(-1)).toBeUndefined();
    expect(world.output.progressLabels.some((label) => label?.startsWith('auditing'))).toBe(true);
  });

  it('reads the home only when asked', async () => {
    const init: WorldInit = {
      home: {
        '.aws/credentials': `[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n`,
        '.aws/config': '[profile dev]\nsso_session = acme\n',
        '.aws/sso/cache/a.json': JSON.stringify({
          startUrl: 'https://acme.awsapps.com/start',
          accessToken: secret,
          refreshToken: secret,
          expiresAt: '2026-11-21T17:00:00Z',
        }),
        '.aws/sso/cache/b.json': JSON.stringify({
          clientId: 'x',
          clientSecret: secret,
          expiresAt: '2020-01-01T00:00:00UTC',
        }),
        '.aws/cli/cache/c.json': JSON.stringify({
          Credentials: { AccessKeyId: keyId, SecretAccessKey: secret, Expiration: '2026-11-21T10:00:00Z' },
        }),
        '.aws/cli/cache/d.json': '{',
      },
    };
    expect((await run(init)).credentials).toEqual([]);
    const inventory = await run(init, { home: true });
    expect(inventory.credentials[0]?.places.map(({ path }) => path)).toEqual([
      '~/.aws/credentials',
      '~/.aws/credentials',
    ]);
    const cached = inventory.methods.filter(({ path }) => path.includes('cache'));
    expect(cached.map(({ kind, class: kindClass }) => [kind, kindClass])).toEqual([
      ['aws-config-assume-role', 'dynamic'],
      ['identity-center', 'dynamic'],
      ['identity-center', 'dynamic'],
    ]);
    expect(cached.map(({ detail }) => detail).join(' ')).toMatch(/expire on .*expires on .*expired on/s);
    expect(inventory.coverage.skipped).toMatchObject([{ path: '~/.aws/cli/cache/d.json', reason: 'unparseable' }]);
    expect(JSON.stringify(inventory)).not.toContain(secret.slice(0, 8));
  });

  it('follows AWS_SHARED_CREDENTIALS_FILE', async () => {
    const world = makeWorld({ env: { AWS_SHARED_CREDENTIALS_FILE: '~/elsewhere' }, home: { elsewhere: leak } });
    const { credentials } = await runAudit(world, { root: world.root, home: true });
    expect(credentials[0]?.places[0]?.path).toBe('~/.aws/credentials');
  });

  it('reads the environment only when asked, and only what concerns AWS', async () => {
    const init: WorldInit = {
      env: { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret, EDITOR: 'vi', DEPLOY: `x ${keyId}` },
    };
    expect((await run(init)).credentials).toEqual([]);
    const inventory = await run(init, { env: true });
    expect(inventory.credentials).toMatchObject([{ parts: ['keyId', 'secret'] }]);
    expect(inventory.credentials[0]?.places.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(inventory.coverage.scanned.files).toBe(1);
  });
});

describe('a suppression', () => {
  const mark = (rest: string): string => `# ${suppressionMarker} ${rest}`;
  const good = mark('static-access-key until=2027-01-31 reason="training key, inactive"');

  it('on the line keeps its finding apart, with the reason and the day', () => {
    const { findings, suppressed, summary } = audit({ 'a.sh': `x=${keyId} ${good}\n` });
    expect(findings).toEqual([]);
    expect(suppressed).toMatchObject([
      { reason: 'training key, inactive', until: '2027-01-31', suppressedAt: { line: 1 } },
    ]);
    expect(summary.suppressed).toBe(1);
  });

  it('in a comment holds for the line below, not for others', () => {
    expect(leaks(audit({ 'a.txt': `${good}\n${keyId}\n` }))).toEqual([]);
    expect(leaks(audit({ 'a.txt': `${good}\n\n${keyId}\n` }))).toHaveLength(1);
    expect(leaks(audit({ 'a.txt': `x ${good}\n${keyId}\n` }))).toHaveLength(1);
  });

  it('holds only when it covers every place of a credential', () => {
    expect(leaks(audit({ 'a.txt': `${keyId} ${good}\n`, 'b.txt': keyId }))).toHaveLength(1);
  });

  it('still leaves the credential in the inventory, and the repository not keyless', () => {
    expect(audit({ 'a.txt': `${keyId} ${good}\n` })).toMatchObject({ summary: { keyless: false }, credentials: [{}] });
  });

  test.each([
    ['of another rule', mark('bedrock-api-key until=2027-01-31 reason=x'), []],
    ['past its day', mark('static-access-key until=2026-11-20 reason=x'), ['suppression-expired']],
    ['without a reason', mark('static-access-key until=2027-01-31'), ['suppression-malformed']],
    ['without a day', mark('static-access-key reason=x'), ['suppression-malformed']],
    ['with a day that is none', mark('static-access-key until=2027-02-31 reason=x'), ['suppression-malformed']],
    ['of no rule', mark('until=2027-01-31 reason=x'), ['suppression-malformed']],
    ['of an unknown rule', mark('statik until=2027-01-31 reason=x'), ['suppression-malformed']],
  ])('%s suppresses nothing', (_, comment, reported) => {
    const rules = audit({ 'a.txt': `${keyId} ${comment}\n` }).findings.map(({ rule }) => rule);
    expect(rules.filter((rule) => rule !== 'static-access-key')).toEqual(reported);
    expect(rules).toContain('static-access-key');
  });

  it('holds on its last day', () => {
    const comment = mark('static-access-key until=2026-11-21 reason=x');
    expect(audit({ 'a.txt': `${keyId} ${comment}\n` }).findings).toEqual([]);
  });

  describe('in the file', () => {
    const list = (target: string): string =>
      `suppressions:\n  - rule: static-access-key\n    ${target}\n    until: 2027-01-31\n    reason: training\n`;

    it('goes by fingerprint, wherever the credential stands', () => {
      const fingerprint = leaks(audit({ '.env': leak }))[0]?.fingerprint;
      expect(leaks(audit({ 'x/.env': leak, [suppressionFile]: list(`fingerprint: ${fingerprint}`) }))).toEqual([]);
    });

    test.each([
      ['docs/**', 'docs/a/b.txt', true],
      ['docs/*', 'docs/a/b.txt', false],
      ['**/*.txt', 'docs/a/b.txt', true],
      ['"**/*.md"', 'docs/a/b.txt', false],
      ['docs/a/?.txt', 'docs/a/b.txt', true],
    ])('goes by path: %s and %s', (pattern, path, covered) => {
      expect(
        leaks(audit({ [path]: keyId, [suppressionFile]: list(`path: "${pattern.replaceAll('"', '')}"`) })),
      ).toHaveLength(covered ? 0 : 1);
    });

    describe('of every rule', () => {
      const everything = (target: string) => list(target).replace('static-access-key', '"*"');
      const provider = { 'x/main.tf': `provider "aws" {\n  access_key = "${keyId}"\n  secret_key = var.s\n}\n` };

      it('covers what a path holds, but no credential in clear', () => {
        const { findings, suppressed } = audit({ ...provider, [suppressionFile]: everything('path: x/**') });
        expect(findings.map(({ rule }) => rule)).toEqual(['static-access-key']);
        expect(suppressed.map(({ finding }) => finding.rule)).toContain('provider-static-key');
      });

      it('is malformed without a path', () => {
        const rules = audit({ ...provider, [suppressionFile]: everything('fingerprint: abc') }).findings;
        expect(rules.map(({ rule }) => rule)).toContain('suppression-malformed');
      });
    });

    test.each([
      ['names neither', 'reviewer: ada', 'either a fingerprint or a path'],
      ['names both', 'path: a\n    fingerprint: b', 'either a fingerprint or a path'],
      ['has an unknown key', 'paht: a', '"paht" is unknown'],
    ])('is malformed when it %s', (_, target, words) => {
      const { findings } = audit({ [suppressionFile]: list(target) });
      expect(findings).toMatchObject([
        { rule: 'suppression-malformed', line: 2, detail: expect.stringContaining(words) },
      ]);
    });

    test.each([
      ['is no YAML', 'suppressions: [\n'],
      ['is no list', 'suppressions: yes\n'],
      ['holds no maps', 'suppressions:\n  - yes\n'],
    ])('is malformed when it %s', (_, text) => {
      expect(audit({ [suppressionFile]: text }).findings).toMatchObject([{ rule: 'suppression-malformed' }]);
    });
  });
});

describe("another scanner's mark", () => {
  test.each([
    ['gitleaks', `${keyId} # gitleaks:allow\n`],
    ['trufflehog', `${keyId} # trufflehog:ignore\n`],
    ['detect-secrets', `${keyId} # pragma: allowlist secret\n`],
    ['detect-secrets, a line above', `# pragma: allowlist nextline secret\n${keyId}\n`],
    ['secretlint', `// secretlint-disable-next-line\n${keyId}\n`],
    ['checkov', `${keyId} #checkov:skip=CKV_AWS_41:why\n`],
    ['ggshield', `${keyId} # ggignore\n`],
  ])('of %s is counted, and honoured only when asked', (_, text) => {
    const ignored = audit({ 'a.txt': text });
    expect(ignored.summary).toMatchObject({ foreignMarks: 1, suppressed: 0 });
    expect(leaks(ignored)).toHaveLength(1);
    expect(leaks(audit({ 'a.txt': text }, { honourForeignSuppressions: true }))).toEqual([]);
  });
});

const silent = {
  id: 'test-detector',
  title: 't',
  severity: 'low',
  class: 'static',
  why: 'w',
  fix: 'f',
  flagged: [],
  clean: [],
} as const;
