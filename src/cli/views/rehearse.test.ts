import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleRehearsal } from '../../../test/support/sample-rehearsal.ts';
import { wellFormedTags } from '../../../test/support/well-formed-tags.ts';
import { rehearseSchema } from '../schemas/rehearse-schema.ts';
import { renderRehearseHtml } from './rehearse-html.ts';
import { renderRehearseJson } from './rehearse-json.ts';
import { renderRehearseText } from './rehearse-text.ts';

const plain = { color: false, columns: 100, verbose: false };

describe('the text of a rehearsal', () => {
  it('has a line for each step, and the verdict', () => {
    const text = renderRehearseText(sampleRehearsal(false), plain);
    expect(text.match(/^ {2}✓ \d {2}/gm)).toHaveLength(7);
    expect(text).toContain('Verdict: green. The new way works and the old way is refused: 7 checks (run by terraform');
    expect(text).toContain('nothing left the machine: 1234 requests');
  });

  it('lists every red check with cause and fix, and what was skipped with its reason', () => {
    const text = renderRehearseText(sampleRehearsal(true), plain).replaceAll(/\s+/g, ' ');
    expect(text).toContain('✗ 7 Who did it');
    expect(text).toContain(
      '7. env:/live/dns/terraform.tfstate: No log file holds the write <of> this version. Fix: Select S3 data events',
    );
    expect(text).toContain('5. skipped the AWS provider: no mirror holds it');
    expect(text).toContain('refused: registry.terraform.io');
  });

  it('says once what was skipped for one reason', () => {
    const sample = sampleRehearsal(false);
    const skipped = ['a', 'b', 'a'].map((what) => ({ step: 4, what, reason: 'it takes no role' }));
    const verdict = { ...sample.verdict, skipped };
    expect(renderRehearseText({ ...sample, verdict }, plain)).toContain(
      '  4. skipped a (2 times), b: it takes no role\n',
    );
    expect(renderRehearseHtml({ ...sample, verdict }, { version: '0.1.0' })).toContain(
      '<li>Step 4: a (2 times), b: it takes no role</li>',
    );
  });

  it('colours only when it may', () => {
    expect(renderRehearseText(sampleRehearsal(true), plain)).not.toContain('\x1b');
    expect(renderRehearseText(sampleRehearsal(true), { ...plain, color: true })).toContain('\x1b[31m');
  });
});

describe('the proof of a rehearsal', () => {
  const published = new Ajv({ strictTypes: false, formats: { 'date-time': /^\d{4}-.*Z$/ } });
  const strict = published.compile(z.toJSONSchema(rehearseSchema, { target: 'draft-7', io: 'output' }));
  const open = published.compile(
    JSON.parse(readFileSync(new URL('../../../schemas/rehearse.schema.json', import.meta.url), 'utf8')),
  );

  it.each([true, false])('is what its schema says (red: %s)', (red) => {
    const proof: unknown = JSON.parse(renderRehearseJson(sampleRehearsal(red), '0.1.0'));
    expect(strict(proof) ? [] : strict.errors).toEqual([]);
    expect(open(proof) ? [] : open.errors).toEqual([]);
  });
});

describe('the page of a rehearsal', () => {
  it.each([true, false])('is well-formed, loads nothing and runs nothing (red: %s)', (red) => {
    const html = renderRehearseHtml(sampleRehearsal(red), { version: '0.1.0' });
    expect(wellFormedTags(html).problems).toEqual([]);
    expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\//);
    expect(html).toContain("default-src 'none'");
  });

  it('counts what a client ran, which its being there does not show', () => {
    const sample = sampleRehearsal(false);
    const page = (steps: typeof sample.steps) => renderRehearseHtml({ ...sample, steps }, { version: '0.1.0' });
    const ran = sample.steps
      .flatMap(({ checks }) => checks)
      .filter(({ client }) => client === 'terraform 1.11.4').length;
    expect(ran).toBeGreaterThan(0);
    expect(page(sample.steps)).toContain(`<dt>run by terraform 1.11.4</dt><dd>${ran}</dd>`);
    const byKeyless = sample.steps.map((step) => ({
      ...step,
      checks: step.checks.map((check) => ({ ...check, client: 'keyless' })),
    }));
    expect(page(byKeyless)).toContain('<dt>run by terraform 1.11.4</dt><dd>none</dd>');
  });

  it('escapes what clients printed', () => {
    expect(renderRehearseHtml(sampleRehearsal(true), { version: '0.1.0' })).toContain('the write &lt;of&gt; this');
  });

  it('marks what keyless.yaml does not intend', () => {
    const html = renderRehearseHtml(sampleRehearsal(true), { version: '0.1.0' });
    expect(html).toContain('aria-label="allowed, not intended"');
    expect(html).toContain('aria-label="refused: AccessDenied, intended, asked for by the job"');
    expect(renderRehearseHtml(sampleRehearsal(false), { version: '0.1.0' })).not.toContain('allowed, not intended');
  });
});
