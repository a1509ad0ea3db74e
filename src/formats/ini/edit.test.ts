import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../edit.ts';
import {
  type IniAnswer,
  type IniFile,
  type IniPlace,
  type IniValue,
  iniSectionName,
  insertIniProperty,
  insertIniSection,
  isRefusal,
  type NewIniSection,
  parseIni,
  removeIniProperty,
  removeIniSection,
  setIniValue,
} from './index.ts';
import type { IniSection } from './syntax.ts';

function result(source: string, plan: (file: IniFile) => IniAnswer): string {
  const answer = plan(parseIni(source));
  return isRefusal(answer) ? `refused: ${answer.reason}` : applyEdits(source, answer);
}

const named = (file: IniFile, name: string) => file.sections.find((section) => section.name === name) as IniSection;
const set = (source: string, section: string, key: string, value: string) =>
  result(source, (file) => setIniValue(file, named(file, section), key, value));
const insert = (source: string, section: string, key: string, value: IniValue, place?: IniPlace) =>
  result(source, (file) => insertIniProperty(file, named(file, section), key, value, place));
const remove = (source: string, section: string, key: string) =>
  result(source, (file) => {
    const { properties } = named(file, section);
    const all = properties.flatMap((property) => [property, ...property.children]);
    return removeIniProperty(file, all.find((property) => property.name === key) as (typeof all)[number]);
  });
const add = (source: string, section: NewIniSection, after?: string) =>
  result(source, (file) =>
    insertIniSection(file, section, after === undefined ? 'end' : { after: named(file, after) }),
  );
const drop = (source: string, section: string) =>
  result(source, (file) => removeIniSection(file, named(file, section)));

describe('setIniValue', () => {
  it('replaces the value and keeps the comment and the way it is written', () => {
    expect(set('[a]\nx=1 # one\n', 'a', 'x', '2')).toBe('[a]\nx=2 # one\n');
    expect(set('[a]\nX  :  1\n', 'a', 'x', '2')).toBe('[a]\nX  :  2\n');
    expect(set('[a]\nx =\n', 'a', 'x', '2')).toBe('[a]\nx = 2\n');
    expect(set('[a]\nx = one\n  two\ny = 1\n', 'a', 'x', '2')).toBe('[a]\nx = 2\ny = 1\n');
  });

  it('adds a key that is not there, as its neighbours are written', () => {
    expect(set('[a]\nx=1\n\n[b]\n', 'a', 'y', '2')).toBe('[a]\nx=1\ny=2\n\n[b]\n');
    expect(set('[a]\r\n  x = 1', 'a', 'y', '2')).toBe('[a]\r\n  x = 1\r\n  y = 2');
  });

  it('changes nothing that is so already', () => {
    expect(set('[a]\nx = "1"\n', 'a', 'x', '1')).toBe('[a]\nx = "1"\n');
  });

  it.each([
    ['[a]\nx = 1\nx = 2\n', 'x', '3', 'refused: x stands 2 times in [a]'],
    ['[a]\ns3 =\n  y = 1\n', 's3', '3', 'refused: s3 holds settings of its own'],
    ['[a]\nx = 1\n', 'x', 'a #b', 'refused: the file would not read as it should'],
    ['[a]\nx = 1\n', 'x', 'a\nb', 'refused: the file would not read as it should'],
    ['[a]\nx = 1\n[a]\n', 'y', '1', 'refused: [a] stands 2 times in the file'],
  ])('in %j of %s to %j is refused', (source, key, value, expected) => {
    expect(set(source, 'a', key, value)).toBe(expected);
  });
});

describe('insertIniProperty', () => {
  it.each<[IniPlace, string]>([
    ['first', '[a] # head\nnew = 1\nx = 1\n\n# about y\ny = 2 ; two\n'],
    ['last', '[a] # head\nx = 1\n\n# about y\ny = 2 ; two\nnew = 1\n'],
    [{ after: 'x' }, '[a] # head\nx = 1\nnew = 1\n\n# about y\ny = 2 ; two\n'],
  ])('at %j', (place, expected) => {
    expect(insert('[a] # head\nx = 1\n\n# about y\ny = 2 ; two\n', 'a', 'new', '1', place)).toBe(expected);
  });

  it('writes settings of its own below a key', () => {
    expect(insert('[a]\nx = 1\n', 'a', 's3', { max: '2', style: 'path' })).toBe(
      '[a]\nx = 1\ns3 =\n  max = 2\n  style = path\n',
    );
  });

  it('goes into a section without properties', () => {
    expect(insert('[a]\n\n[b]\nx=1\n', 'a', 'y', '2')).toBe('[a]\ny=2\n\n[b]\nx=1\n');
    expect(insert('[a]', 'a', 'y', '2')).toBe('[a]\ny = 2');
  });

  it('is refused for a key that is there', () => {
    expect(insert('[a]\nX = 1\n', 'a', 'x', '2')).toBe('refused: [a] has x already');
  });
});

describe('removeIniProperty', () => {
  it('takes all its lines', () => {
    expect(remove('[a]\nx = 1 # one\ns3 =\n  y = 2\nz = 3\n', 'a', 's3')).toBe('[a]\nx = 1 # one\nz = 3\n');
    expect(remove('[a]\nx = 1\ny = 2', 'a', 'y')).toBe('[a]\nx = 1');
  });

  it('takes one setting below a key, or the key with its last one', () => {
    expect(remove('[a]\ns3 =\n  x = 1\n  y = 2\n', 'a', 'x')).toBe('[a]\ns3 =\n  y = 2\n');
    expect(remove('[a]\ns3 =\n  x = 1\nz = 1\n', 'a', 'x')).toBe('[a]\nz = 1\n');
  });

  it('leaves one blank line where two would meet', () => {
    expect(remove('[a]\nx = 1\n\ny = 2\n\nz = 3\n', 'a', 'y')).toBe('[a]\nx = 1\n\nz = 3\n');
    expect(remove('[a]\nx = 1\n\ny = 2\n\n[b]\n', 'a', 'y')).toBe('[a]\nx = 1\n\n[b]\n');
  });
});

describe('insertIniSection', () => {
  const section = { name: 'profile new', properties: { region: 'x', s3: { max: '1' } }, comments: ['made by a tool'] };
  const text = '# made by a tool\n[profile new]\nregion = x\ns3 =\n  max = 1\n';

  it('parts it from its neighbours as they are parted', () => {
    expect(add('[a]\nx = 1\n\n[b]\ny = 2\n', section)).toBe(`[a]\nx = 1\n\n[b]\ny = 2\n\n${text}`);
    expect(add('[a]\nx = 1\n\n[b]\ny = 2\n', section, 'a')).toBe(`[a]\nx = 1\n\n${text}\n[b]\ny = 2\n`);
    expect(add('[a]\nx = 1\n[b]\ny = 2\n', section, 'a')).toBe(`[a]\nx = 1\n${text}[b]\ny = 2\n`);
  });

  it('goes in front of the comments of the next section', () => {
    expect(add('[a]\n\n# about b\n[b]\n', section, 'a')).toBe(`[a]\n\n${text}\n# about b\n[b]\n`);
  });

  it('stays above a comment that heads the sections below', () => {
    const source = '[a]\nx = 1\n\n# ---- live ----\n\n[b]\ny = 2\n';
    expect(add(source, section, 'a')).toBe(source.replace('# ----', `${text}\n# ----`));
  });

  it('starts an empty file, and ends one without a final newline', () => {
    expect(add('', section)).toBe(text);
    expect(add('[a]\r\nx=1', { name: 'b', properties: { y: '2' } })).toBe('[a]\r\nx=1\r\n\r\n[b]\r\ny=2');
  });

  it('is refused where the section is there', () => {
    expect(add('[profile new]\n', section)).toBe('refused: the file has the section [profile new] already');
  });
});

describe('removeIniSection', () => {
  it('takes its comments, and leaves those of the neighbours and those that stand alone', () => {
    const source = '# top\n\n# about a\n[a]\nx = 1\n# y = 2\n\n# ---- live ----\n\n# about b\n[b]\nz = 3\n';
    expect(drop(source, 'a')).toBe('# top\n\n# ---- live ----\n\n# about b\n[b]\nz = 3\n');
    expect(drop(source, 'b')).toBe('# top\n\n# about a\n[a]\nx = 1\n# y = 2\n\n# ---- live ----\n');
  });

  it('leaves the end of the file as it was', () => {
    expect(drop('[a]\nx = 1\n\n[b]\ny = 2', 'b')).toBe('[a]\nx = 1');
    expect(drop('[a]\nx = 1\n\n[b]\ny = 2\n', 'a')).toBe('[b]\ny = 2\n');
    expect(drop('[a]\n', 'a')).toBe('');
  });
});

describe('iniSectionName', () => {
  it('quotes what the AWS tools would split', () => {
    expect(iniSectionName(['profile', 'dev'])).toBe('profile dev');
    expect(iniSectionName(['profile', 'my dev'])).toBe('profile "my dev"');
  });

  it('is read back as the same words', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', '-', ' ', '"', "'", '\\', '.', '@'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(word, (name) => {
        const [section] = parseIni(`[${iniSectionName(['profile', name])}]\n`).sections;
        expect(section?.words).toEqual(['profile', name]);
      }),
    );
  });
});

describe('any file', () => {
  const line = fc.constantFrom(
    'x = 1',
    'y=2 # two',
    'z = "3"',
    's3 =\n  a = 1\n  b=2',
    '',
    '',
    '# note',
    '; x = 0',
    'w: 4',
    'long = one\n  two',
  );
  const body = fc.uniqueArray(line, {
    maxLength: 6,
    selector: (text) => (/^\w/.test(text) ? text.slice(0, 2) : Symbol(text)),
  });
  const file = fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom('default', 'profile a', 'profile "b c"', 'sso-session s'), body), {
        maxLength: 4,
        selector: ([name]) => name,
      }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.constantFrom('', '\uFEFF', '# top\n\n'),
    )
    .map(([sections, eol, open, top]) => {
      const lines = sections.flatMap(([name, lines]) => [`[${name}]`, ...lines]);
      return (top + lines.join('\n') + (open ? '' : '\n')).replaceAll('\n', eol);
    });

  it('gets its bytes back when an inserted section is removed again', () => {
    fc.assert(
      fc.property(file, fc.nat(), (source, where) => {
        const before = parseIni(source);
        const at = where % (before.sections.length + 1);
        const anchor = before.sections[at - 1];
        const answer = insertIniSection(
          before,
          { name: 'new', properties: { k: 'v' } },
          anchor === undefined ? 'end' : { after: anchor },
        );
        if (isRefusal(answer)) throw new TypeError(answer.reason);
        const after = applyEdits(source, answer);
        const back = drop(after, 'new');
        // A file of nothing but white space or a note has no section to be parted from.
        if (before.sections.length > 0) expect(back).toBe(source);
      }),
      { numRuns: 500 },
    );
  });

  it('gets its bytes back when an inserted property is removed again', () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), (source, which, where) => {
        const before = parseIni(source);
        const section = before.sections[which % Math.max(1, before.sections.length)];
        if (section === undefined) return;
        const places: IniPlace[] = [
          'first',
          'last',
          ...section.properties.map(({ name }) => ({ after: name })),
          ...section.properties.map(({ name }) => ({ before: name })),
        ];
        const answer = insertIniProperty(before, section, 'new', 'v', places[where % places.length]);
        if (isRefusal(answer)) throw new TypeError(`${answer.reason} ${JSON.stringify(source)}`);
        expect(remove(applyEdits(source, answer), section.name, 'new')).toBe(source);
      }),
      { numRuns: 500 },
    );
  });

  it('takes any value it can hold', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '#', ';', '=', ':', '"', "'", '[', '\n'), maxLength: 6 });
    fc.assert(
      fc.property(file, value, fc.nat(), (source, text, which) => {
        const before = parseIni(source);
        const section = before.sections[which % Math.max(1, before.sections.length)];
        if (section === undefined) return;
        const answer = setIniValue(before, section, 'x', text);
        if (isRefusal(answer)) return;
        const after = parseIni(applyEdits(source, answer));
        expect(named(after, section.name).properties.find(({ name }) => name === 'x')?.value).toBe(text);
        expect(after.sections.map(({ name }) => name)).toEqual(before.sections.map(({ name }) => name));
      }),
      { numRuns: 500 },
    );
  });
});
