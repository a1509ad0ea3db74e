/** Our JSON is read against the published schemas as a consumer would, and held to their strict form so that none falls behind. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleGitConfig, exampleRepository } from '../../../test/support/example-repository.ts';
import { makeWorld, type World } from '../../../test/support/make-world.ts';
import { oddInventory } from '../../../test/support/odd-inventory.ts';
import { runKeyless } from '../../../test/support/run-keyless.ts';
import { renderAuditJson } from '../views/audit-json.ts';
import { auditSchema } from './audit-schema.ts';
import { migrateSchema } from './migrate-schema.ts';

const published = {
  audit: validator(JSON.parse(readFileSync(new URL('../../../schemas/audit.schema.json', import.meta.url), 'utf8'))),
  migrate: validator(
    JSON.parse(readFileSync(new URL('../../../schemas/migrate.schema.json', import.meta.url), 'utf8')),
  ),
};
const strict = { audit: validator(strictForm(auditSchema)), migrate: validator(strictForm(migrateSchema)) };

function validator(schema: object): (value: unknown) => string[] {
  const formats = { date: /^\d{4}-\d{2}-\d{2}$/, 'date-time': /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/ };
  const validate = new Ajv({ strict: true, strictTypes: false, allErrors: false, formats }).compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** Only what the schema names may be there. */
function strictForm(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
}

function expectValid(kind: 'audit' | 'migrate', text: string): void {
  const value: unknown = JSON.parse(text);
  expect(published[kind](value)).toEqual([]);
  expect(strict[kind](value)).toEqual([]);
}

function exampleWorld(): World {
  return makeWorld({ files: { ...exampleRepository, ...exampleGitConfig } });
}

describe('schemas/audit.schema.json', () => {
  it('describes the audit of the example', async () => {
    const { status, stdout } = await runKeyless(exampleWorld(), ['audit', '--json', '--home', '--env']);
    expect(status).toBe(1);
    expectValid('audit', stdout);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, root: '/repo', summary: { keyless: false } });
  });

  it('describes an empty repository and a failure', async () => {
    const world = makeWorld();
    expectValid('audit', (await runKeyless(world, ['audit', '--json'])).stdout);
    const failed = await runKeyless(world, ['audit', 'nowhere', '--json']);
    expect(failed.status).toBe(2);
    expectValid('audit', failed.stdout);
  });

  it('describes a file that cannot be parsed: skipped with its line, and still searched', async () => {
    const world = makeWorld({ files: { 'main.tf': 'provider "aws" {\n  region = \n}\n' } });
    const { stdout } = await runKeyless(world, ['audit', '--json']);
    expectValid('audit', stdout);
    expect(JSON.parse(stdout).coverage.skipped).toMatchObject([
      { path: 'main.tf', reason: 'unparseable', line: 2, searchedAsText: true },
    ]);
  });

  it('describes every inventory, however odd', () => {
    fc.assert(fc.property(oddInventory, (inventory) => expectValid('audit', renderAuditJson(inventory))));
  });

  it('refuses what is not an inventory', () => {
    expect(published.audit({ schemaVersion: 2 })).not.toEqual([]);
    expect(strict.audit({ ...JSON.parse(renderAuditJson(emptyInventory)), surprise: 1 })).not.toEqual([]);
  });
});

const emptyInventory = fc.sample(oddInventory, { numRuns: 1, seed: 1 })[0] as Parameters<typeof renderAuditJson>[0];

describe('schemas/migrate.schema.json', () => {
  it('describes a plan, a written run, a second run that finds nothing, and the way back', async () => {
    const world = exampleWorld();
    expect((await runKeyless(world, ['init', '--yes'])).status).toBe(0);
    for (const args of [[], ['--write', '--through', '3'], ['--check'], ['--undo'], ['--undo']]) {
      const { stdout } = await runKeyless(world, ['migrate', '--json', ...args]);
      expectValid('migrate', stdout);
    }
  });

  it('describes the profiles of --aws-config, and the value they wait for', async () => {
    const world = exampleWorld();
    await runKeyless(world, ['init', '--yes']);
    const waiting = await runKeyless(world, ['migrate', '--aws-config', '--json']);
    expect(waiting.status).toBe(4);
    expectValid('migrate', waiting.stdout);
    const intent = Buffer.from(await world.files.read('/repo/keyless.yaml')).toString();
    await world.files.writeAtomic(
      '/repo/keyless.yaml',
      intent.replace(/^( *)start_url:.*$/m, '$1start_url: https://fernwick.awsapps.com/start'),
    );
    const shown = await runKeyless(world, ['migrate', '--aws-config', '--json']);
    expect(shown.status).toBe(0);
    expectValid('migrate', shown.stdout);
    expect(JSON.parse(shown.stdout)).toMatchObject({ path: '/home/dev/.aws/config', written: false });
  });
});
