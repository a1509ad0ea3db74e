/** The page is one file that loads nothing, and shows whatever stood in a file name or a value as text. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../../test/support/example-repository.ts';
import { makeWorld } from '../../../test/support/make-world.ts';
import { oddInventory } from '../../../test/support/odd-inventory.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';
import { wellFormedTags } from '../../../test/support/well-formed-tags.ts';
import { renderAuditHtml } from './audit-html.ts';

const about = { name: 'infrastructure', date: '2026-11-21', version: '0.1.0' };

const ownTags = new Set(
  `!doctype html head meta title style script body header main section details summary h1 h2 h3 p dl dt dd div span small
  b br code table thead tbody tr th td svg g rect path text`.split(/\s+/),
);

async function examplePage(): Promise<string> {
  const world = makeWorld({ files: exampleRepository });
  const { stdout } = await runKeyless(world, ['audit', '--format', 'html']);
  return stdout;
}

describe('the HTML report', () => {
  it('loads nothing and may load nothing', async () => {
    const page = await examplePage();
    expect(page).not.toMatch(/\b(?:src|href|action|data|poster)=|@import|url\(|<link|<iframe|<object|<embed|<base/i);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('http');
  });

  it('lets only its own script run', async () => {
    const page = await examplePage();
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script as string);
    expect(scripts.length).toBe(1);
    const digest = createHash('sha256')
      .update(scripts[0] as string)
      .digest('base64');
    expect(page).toContain(`script-src 'sha256-${digest}'`);
    expect(page).not.toMatch(/\son\w+=/);
  });

  it('has no markup but its own around the text of any inventory, however odd', () => {
    fc.assert(
      fc.property(oddInventory, fc.string({ unit: 'grapheme' }), (inventory, name) => {
        const { problems, names } = wellFormedTags(renderAuditHtml(inventory, { ...about, name }));
        expect(problems).toEqual([]);
        expect(names.filter((tag) => !ownTags.has(tag))).toEqual([]);
      }),
    );
  });

  it('shows the whole answer: verdict, graph, credentials, findings, methods, coverage', async () => {
    const page = await examplePage();
    for (const part of ['not keyless', 'Who gets in, and how', 'Credentials in clear', 'Findings', 'Coverage']) {
      expect(page).toContain(part);
    }
    expect(page).toContain('data-paths="');
    expect(page).toContain('AKIA…RNRT');
  });

  it('of an empty repository says so instead of an empty drawing', async () => {
    const { stdout } = await runKeyless(makeWorld(), ['audit', '--format', 'html']);
    expect(stdout).toContain('No way to authenticate was found.');
    expect(stdout).not.toContain('<svg');
    expect(stdout).toContain('Nothing was left out.');
  });

  it('is refused on a terminal, and written readable by its owner only', async () => {
    const world = makeWorld({ files: exampleRepository });
    const refused = await runKeyless(world, ['audit', '--format', 'html'], { terminal: true });
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('--output audit.html');
    const written = await runKeyless(world, ['audit', '--format', 'html', '--output', 'audit.html'], {
      terminal: true,
    });
    expect(written).toMatchObject({ status: 1, stdout: '' });
    expect((await world.files.stat('/repo/audit.html'))?.mode).toBe(0o600);
  });
});
