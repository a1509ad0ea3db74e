import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderIntentSchema } from './schema.ts';

describe('the JSON Schema of keyless.yaml', () => {
  const accepts = new Ajv({ strict: false }).compile(JSON.parse(renderIntentSchema()));

  it('is the one that is published', () => {
    const published = readFileSync(new URL('../../schemas/keyless.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(renderIntentSchema());
  });

  it('describes every key, so that an editor can explain it', () => {
    const undescribed: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string) => {
      for (const [key, property] of Object.entries(
        (schema.properties ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (property.description === undefined) undescribed.push(`${path}${key}`);
        visit(property, `${path}${key}.`);
      }
      for (const inner of [schema.items, schema.additionalProperties, ...((schema.anyOf as unknown[]) ?? [])]) {
        if (typeof inner === 'object' && inner !== null) visit(inner as Record<string, unknown>, path);
      }
    };
    visit(JSON.parse(renderIntentSchema()), '');
    expect(undescribed).toEqual([]);
  });

  it.each([
    ['the least there can be', 'version: 1\norganization: { name: acme }\naccounts: {}', true],
    ['a value that is not known yet', 'version: 1\norganization: { name: acme, id: ~ }\naccounts: { dev: ~ }', true],
    ['an unknown key', 'version: 1\norganization: { name: acme }\naccounts: {}\nextra: 1', false],
    ['an account id as a number', 'version: 1\norganization: { name: acme }\naccounts: { dev: 222233334444 }', false],
  ])('judges %s as the command does', (_, text, verdict) => {
    expect(accepts(parse(text))).toBe(verdict);
  });
});
