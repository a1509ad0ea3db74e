/** What a person at a terminal reads: grouped, worst first, long lists cut short, and the right command last. */
import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../../test/support/example-repository.ts';
import { generateCredential } from '../../../test/support/generated-credentials.ts';
import { makeWorld, type WorldInit } from '../../../test/support/make-world.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';

const { keyId, secret } = generateCredential('text');
const stacks = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `stacks/${String(index).padStart(2, '0')}/main.tf`,
      'terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n',
    ]),
  );

async function audit(
  init: WorldInit,
  args: readonly string[] = [],
  output: Parameters<typeof runKeyless>[2] = {},
): Promise<string> {
  return (await runKeyless(makeWorld(init), ['audit', ...args], output)).stdout;
}

function lastLines(text: string): string[] {
  return text.trimEnd().split('\n').slice(-3);
}

describe('the audit as text', () => {
  it('says at the top what is wrong, then each credential once with all its places', async () => {
    const text = await audit({ files: exampleRepository });
    const [verdict, ...rest] = text.split('\n');
    expect(verdict).toBe('/repo: not keyless');
    expect(rest.slice(0, 4)).toEqual([
      '  credentials in clear: 1',
      expect.stringMatching(/^ {2}places that use a static credential: \d+ by Terraform, \d+ by pipelines/),
      '    applications',
      '  static identities made by the code, to be retired last: 2',
    ]);
    expect(text).toContain('  AKIA…RNRT  long-term, key id + secret, account 111122223333 by its id (a hint)\n');
    expect(text.match(/stacks\/messaging\/terraform\.tfvars:2 {2}key id/g)).toEqual([expect.any(String)]);
  });

  it('groups findings by rule, worst first, and names the migration rule or the hand that mends them', async () => {
    const text = await audit({ files: exampleRepository });
    const severities = [...text.matchAll(/^(CRITICAL|HIGH|MEDIUM|LOW|INFO) {2,}\S/gm)].map(([, severity]) => severity);
    const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO'];
    expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a ?? '') - order.indexOf(b ?? '')));
    expect(text).toContain('fix (migrate rule P1): ');
    expect(text).toContain('fix (by hand): ');
  });

  it('fits 80 columns, where words allow it', async () => {
    const text = await audit({ files: exampleRepository }, ['--verbose'], { columns: 80 });
    const tooLong = text.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '));
    // A heading is never cut; it has its rule on a line of its own then.
    expect(tooLong.filter((line) => !/^( {2}(static|indirect|dynamic)|\w+ {2,})/.test(line))).toEqual([]);
  });

  it('cuts a long list of one rule, and lists all when asked', async () => {
    const text = await audit({ files: stacks(14) });
    expect(text).toContain('  and 4 more, --verbose lists all\n');
    expect(text).toContain('stacks/09/main.tf');
    expect(text).not.toContain('stacks/10/main.tf');
    const all = await audit({ files: stacks(14) }, ['--verbose']);
    expect(all).not.toContain('--verbose lists all');
    expect(all).toContain('stacks/13/main.tf');
  });

  it('says one sentence about many places once', async () => {
    const text = await audit({ files: stacks(3) });
    expect(text.match(/has no encrypt = true/g)?.length).toBe(1);
  });

  it('uses colour only where it may', async () => {
    expect(await audit({ files: exampleRepository }, [], { color: true })).toContain('\x1b[31mnot keyless\x1b[0m');
    expect(await audit({ files: exampleRepository })).not.toContain('\x1b');
    const world = makeWorld({ files: exampleRepository });
    await runKeyless(world, ['audit', '--output', 'audit.txt'], { color: true, columns: 200 });
    expect(world.files.text('/repo/audit.txt')).not.toContain('\x1b');
  });

  it('names everything that was left out, or how much of each kind when it is long', async () => {
    const binary = Uint8Array.from([0, 1, 2, 0, 255]);
    const few = await audit({ files: { 'a.bin': binary, 'main.tf': 'x = {' } });
    expect(few).toContain('Coverage: 2 files, 1 KiB read; 2 left out or not understood');
    expect(few).toContain('  a.bin  binary: ');
    expect(few).toMatch(/ {2}main\.tf:1 {2}unparseable: /);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.bin`, binary]));
    expect(await audit({ files: many })).toContain('  20 × binary\n  (--verbose lists each)');
  });
});

describe('the last line of an audit', () => {
  const fixable = { 'main.tf': `provider "aws" {\n  access_key = "${keyId}"\n  secret_key = "${secret}"\n}\n` };

  it('proposes to draft keyless.yaml when rules can mend something', async () => {
    expect(lastLines(await audit({ files: fixable }))[1]).toBe('next: keyless init');
  });

  it('proposes to plan when keyless.yaml is there', async () => {
    const text = await audit({ files: { ...fixable, 'keyless.yaml': 'version: 1\n' } });
    expect(text).toMatch(/next: keyless migrate\n .*keyless status how far the move is\n$/s);
  });

  it('proposes to read about the worst finding when only a person can mend what is left', async () => {
    const text = await audit({ files: { 'notes.txt': `id ${keyId}\nsecret ${secret}\n` } });
    expect(text).toMatch(/1 finding: 1 \w+\nnext: keyless explain static-access-key\n/);
  });

  it('proposes a gate when nothing was found', async () => {
    const text = await audit({ files: { 'README.md': 'Hello.\n' } });
    expect(text).toContain('Nothing was found.');
    expect(lastLines(text)[1]).toBe('next: keyless audit --fail-on low');
  });

  it('names the repository as the person did, quoted for the shell', async () => {
    const world = makeWorld({ files: { "it's here/main.tf": fixable['main.tf'] } });
    const { stdout } = await runKeyless(world, ['audit', "it's here"]);
    expect(stdout).toContain("next: keyless init 'it'\\''s here'\n");
  });
});
