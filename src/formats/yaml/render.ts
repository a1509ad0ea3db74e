/**
 * Writes the text of a value that is inserted; the only YAML that keyless writes itself. A string is quoted where YAML
 * 1.2 or 1.1 would read something else, since the readers of one file (GitHub, PyYAML, Go) do not agree on a version.
 */
import type { IndentStyle } from './layout.ts';
import { bareValue, isCommented, type YamlObject, type YamlValue } from './plan.ts';

/** `key: value` as lines without ends of line, the first key in column `indent`. */
export function renderEntry(key: string, value: YamlValue, indent: number, style: IndentStyle): string[] {
  return renderMember(`${renderKey(key)}:`, value, indent, style, undefined);
}

/** `- value` as lines, the dash in column `indent` and the value `gap` columns behind it. */
export function renderItem(value: YamlValue, indent: number, style: IndentStyle, gap = 1): string[] {
  return renderMember(`-${' '.repeat(gap - 1)}`, value, indent, style, indent + 1 + gap);
}

/** One line; block style is left to `renderEntry` and `renderItem`. */
export function renderFlow(value: YamlValue): string {
  const bare = bareValue(value);
  if (Array.isArray(bare)) return `[${bare.map(renderFlow).join(', ')}]`;
  if (!isObject(bare)) return renderScalar(bare as string | number | boolean | null, 'flow');
  const entries = Object.entries(bare).map(([key, item]) => `${renderScalar(key, 'flow')}: ${renderFlow(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A scalar on one line. */
export function renderScalar(
  value: string | number | boolean | null,
  place: 'block' | 'flow',
  quote: 'single' | 'double' = 'single',
): string {
  if (typeof value !== 'string') return renderPlain(value);
  if (isPlainSafe(value, place) && !isAmbiguous(value)) return value;
  return renderQuoted(value, quote);
}

export function renderQuoted(value: string, quote: 'single' | 'double'): string {
  return quote === 'double' || /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(value)
    ? renderDouble(value)
    : `'${value.replaceAll("'", "''")}'`;
}

/** Keys stay plain also where only YAML 1.1 reads them otherwise: everybody writes `on:`. */
export function renderKey(key: string): string {
  return isPlainSafe(key, 'block') && !isCoreValue(key) && key !== '<<' ? key : renderQuoted(key, 'single');
}

/** The lines of a `|` scalar: its header and its text, or `undefined` for a text that such a scalar can't hold. */
export function renderLiteral(
  text: string,
  indent: number,
  step: number,
): { header: string; lines: string[] } | undefined {
  if (!/\S/.test(text) || /[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    return undefined;
  const body = text.replace(/\n$/, '');
  // Blank lines at the end would run into those that part the value from what follows.
  if (body.endsWith('\n')) return undefined;
  const chomping = body === text ? '-' : '';
  const column = indent + step;
  // Text that starts with a space or a blank line hides where the indentation ends.
  const indicator = /^[\n\t ]/.test(body) ? String(step) : '';
  if (indicator !== '' && step > 9) return undefined;
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(column) + line));
  return { header: `|${indicator}${chomping}`, lines };
}

/** `head value` with what the value needs below it; behind a dash a map or list can start at once, in column `nested`. */
function renderMember(
  head: string,
  value: YamlValue,
  indent: number,
  style: IndentStyle,
  nested: number | undefined,
): string[] {
  const margin = ' '.repeat(indent);
  const leading = isCommented(value) ? value.leading.map((line) => `${margin}# ${line}`.trimEnd()) : [];
  const trailing = isCommented(value) && value.trailing !== undefined ? ` # ${value.trailing}` : '';
  const bare = bareValue(value);
  const isItem = nested !== undefined;
  return [...leading, ...body()];

  function body(): string[] {
    if (Array.isArray(bare) && bare.length > 0) {
      const column = isItem ? nested : indent + style.dash;
      const lines = bare.flatMap((item: YamlValue) => renderItem(item, column, style));
      return isItem && trailing === '' ? behindHead(lines) : [`${margin}${head}${trailing}`, ...lines];
    }
    if (isObject(bare) && Object.keys(bare).length > 0) {
      const column = isItem ? nested : indent + style.step;
      const lines = Object.entries(bare).flatMap(([key, item]) => renderEntry(key, item, column, style));
      return isItem && trailing === '' ? behindHead(lines) : [`${margin}${head}${trailing}`, ...lines];
    }
    if (typeof bare === 'string' && bare.includes('\n')) {
      const literal = renderLiteral(bare, indent, isItem ? Math.max(nested - indent, 1) : style.step);
      if (literal !== undefined) return [`${margin}${head} ${literal.header}${trailing}`, ...literal.lines];
    }
    if (bare === null && !isItem) return [`${margin}${head}${trailing}`];
    const text = typeof bare === 'object' ? renderFlow(bare) : renderScalar(bare, 'block');
    return [`${margin}${head} ${text}${trailing}`];
  }

  /** The first of the lines moves up behind the dash, unless it is a comment. */
  function behindHead(lines: readonly string[]): string[] {
    const [first = '', ...rest] = lines;
    if (first.trimStart().startsWith('#')) return [`${margin}${head}`.trimEnd(), ...lines];
    return [`${margin}${head} ${first.trimStart()}`, ...rest];
  }
}

function isObject(value: YamlValue): value is YamlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isCommented(value);
}

function renderPlain(value: number | boolean | null): string {
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function renderDouble(value: string): string {
  const escaped = JSON.stringify(value).replace(
    /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu,
    (char) => {
      return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
  return escaped;
}

/** What a plain scalar on one line can hold (YAML 1.2.2, 7.3.3), a little narrower. */
export function isPlainSafe(text: string, place: 'block' | 'flow'): boolean {
  if (text === '' || text !== text.trim()) return false;
  if (
    /[^\x20-\x7e\xa1-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text) ||
    /[\u2028\u2029]/.test(text)
  )
    return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$|[,[\]{}])/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text) || /^(?:---|\.\.\.)(?:\s|$)/.test(text)) return false;
  return place === 'block' || !/[,[\]{}]|:[,[\]{}]|^[-?:]/.test(text);
}

/** YAML 1.2 core reads it as something else than a string. */
function isCoreValue(text: string): boolean {
  return /^(?:~|null|true|false|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|0o[0-7]+|0x[0-9a-f]+|[-+]?\.inf|\.nan)$/i.test(
    text,
  );
}

/** YAML 1.2 core, YAML 1.1 or a habitual reader takes it for something else: `yes`, `1_000`, `12:30`, a date. */
export function isAmbiguous(text: string): boolean {
  return (
    isCoreValue(text) ||
    /^(?:[yn]|yes|no|on|off|=|<<|[-+]?0b[01_]+|[-+]?[\d_.:]*\d[\d_.:]*|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?)$/i.test(text)
  );
}
