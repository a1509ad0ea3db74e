import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIni } from './index.ts';
import type { IniSection } from './syntax.ts';

const sectionOf = (source: string, index = 0) => parseIni(source).sections[index] as IniSection;
const valuesOf = (source: string) =>
  Object.fromEntries(sectionOf(source).properties.map(({ name, value }) => [name, value]));

describe('a section', () => {
  it.each([
    ['[default]', 'default', ['default']],
    ['[profile dev]', 'profile dev', ['profile', 'dev']],
    ['[ sso-session  corp ]', 'sso-session  corp', ['sso-session', 'corp']],
    ['[profile "my dev"]', 'profile "my dev"', ['profile', 'my dev']],
    ["[profile 'my dev']", "profile 'my dev'", ['profile', 'my dev']],
    ['[profile "a\\"b"]', 'profile "a\\"b"', ['profile', 'a"b']],
    ['[profile my\\ dev] ; why', 'profile my\\ dev', ['profile', 'my dev']],
    ['[profile "open]', 'profile "open', ['profile "open']],
    ['[services local]', 'services local', ['services', 'local']],
  ])('%s has words as a shell reads them', (header, name, words) => {
    expect(sectionOf(`${header}\na = 1\n`)).toMatchObject({ name, words });
  });

  it('owns the comments right above it, and ends where those of the next start', () => {
    const source = '# about a\n[a]\nx = 1\n\n# about b\n# more\n[b]\n';
    expect(sectionOf(source).leadStart).toBe(0);
    expect(source.slice(sectionOf(source).leadStart, sectionOf(source).end)).toBe('# about a\n[a]\nx = 1\n\n');
    expect(sectionOf(source, 1).leadStart).toBe(source.indexOf('# about b'));
  });

  it('does not own a setting of the section above that was switched off', () => {
    const source = '[a]\nx = 1\n# y = 2\n# about b\n[b]\n';
    expect(sectionOf(source, 1).leadStart).toBe(source.indexOf('# about b'));
  });

  it('may be indented, as botocore allows', () => {
    expect(sectionOf('  [a]\n  x = 1\n  y = 2\n').properties.map(({ name }) => name)).toEqual(['x', 'y']);
  });
});

describe('a property', () => {
  it.each([
    ['key = value', 'value', undefined],
    ['key=value', 'value', undefined],
    ['key: value', 'value', undefined],
    ['key = a=b:c', 'a=b:c', undefined],
    ['key = value # why', 'value', '# why'],
    ['key = value\t; why', 'value', '; why'],
    ['key = value#not', 'value#not', undefined],
    ['key = "quoted # not" ', '"quoted', '# not" '],
    ['key = "quoted"', 'quoted', undefined],
    ['key =', '', undefined],
    ['key = # why', '', '# why'],
  ])('%j has the value the Go SDK reads', (line, value, comment) => {
    const source = `[default]\n${line}\n`;
    const [property] = sectionOf(source).properties;
    expect(property).toMatchObject({ key: 'key', value });
    expect(property?.comment && source.slice(property.comment.start, property.comment.end)).toBe(comment);
  });

  it('is named in lower case', () => {
    expect(sectionOf('[default]\nAWS_Region = x\n').properties[0]).toMatchObject({
      key: 'AWS_Region',
      name: 'aws_region',
    });
  });

  it('goes on over lines that are indented further, comments and blank lines between them', () => {
    expect(valuesOf('[a]\nx = one\n  two\n# no\n\n  three # kept\ny = 1\n')).toEqual({
      x: 'one\ntwo\nthree # kept',
      y: '1',
    });
  });

  it('without a value holds the indented properties below it', () => {
    const [s3, region] = sectionOf('[a]\ns3 =\n  max = 10 # kept\n  ; no\n  style = path\nregion = x\n').properties;
    expect(s3?.children.map(({ name, value }) => [name, value])).toEqual([
      ['max', '10 # kept'],
      ['style', 'path'],
    ]);
    expect(region?.value).toBe('x');
  });

  it('knows its lines', () => {
    const source = '[a]\r\ns3 =\r\n  x = 1\r\nb = 2';
    const { properties } = sectionOf(source);
    expect(properties.map(({ lines }) => source.slice(lines.start, lines.end))).toEqual([
      's3 =\r\n  x = 1\r\n',
      'b = 2',
    ]);
  });
});

describe('a problem', () => {
  it.each([
    ['[a]\nno separator\n', 'neither a section nor'],
    ['[a\nx = 1\n', 'neither a section nor'],
    ['[a]\n= 1\n', 'neither a section nor'],
    ['x = 1\n[a]\n', 'above the first section'],
    ['[a]\n[b]\n[a]\n', '[a] stands twice'],
    ['[a]\nx = 1\nX = 2\n', 'X stands twice in [a]'],
    ['[a]\ns3 =\n  text\n', 'only "key = value" lines'],
  ])('in %j is reported', (source, message) => {
    expect(parseIni(source).problems[0]).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('leaves the lines around it usable', () => {
    expect(valuesOf('[a]\nx = 1\n<<<<<<< HEAD\ny = 2\n')).toEqual({ x: '1', y: '2' });
  });
});

describe('any text', () => {
  const anything = fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '[',
      ']',
      '=',
      ':',
      '#',
      ';',
      '"',
      "'",
      '\\',
      '\uFEFF',
    ),
    maxLength: 80,
  });

  it('is the sum of its lines', () => {
    fc.assert(
      fc.property(anything, (source) => {
        const file = parseIni(source);
        expect(file.lines.map(({ start, next }) => source.slice(start, next)).join('')).toBe(source);
      }),
      { numRuns: 1000 },
    );
  });

  it('has ranges that say what they hold', () => {
    fc.assert(
      fc.property(anything, (source) => {
        const file = parseIni(source);
        for (const section of file.sections) {
          expect(source.slice(section.header.start, section.header.end)).toMatch(/^\[[^\]]+\]$/);
          expect([section.leadStart <= section.header.start, section.bodyEnd <= section.end]).toEqual([true, true]);
        }
        for (const property of [...file.globals, ...file.sections.flatMap(({ properties }) => properties)]) {
          expect(source.slice(property.keyRange.start, property.keyRange.end)).toBe(property.key);
          expect('=:').toContain(source[property.separator]);
          expect(property.lines.end).toBeGreaterThanOrEqual(property.end);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
