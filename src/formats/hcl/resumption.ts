/**
 * Where parsing goes on after a broken attribute or block: the next line that is indented no deeper and can start an
 * item. Judged by lines and indentation, because brackets and quotes can't be trusted any more.
 */

const itemStart = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:[ \t]*(?:=(?![=>])|["{])|[ \t]+[\p{ID_Start}_])/uy;
/** Lines of a merge conflict or of a template language: foreign on their own, not the start of something longer. */
const foreignLine = /<{7}|={7}|>{7}|\|{7}|\{[{%#]/y;

/** Start of the line after the broken item that starts at `start` and failed at `failedAt`, or the end of the file. */
export function findResumption(source: string, start: number, failedAt: number): number {
  foreignLine.lastIndex = start;
  if (foreignLine.test(source)) return nextLine(source, start);
  const column = columnOfFirst(source, start);
  if (failedAt >= source.length) return source.length;
  let line = lineStart(source, failedAt);
  if (line <= start) line = nextLine(source, failedAt);
  let openBraces = netBraces(source, start, line);
  while (line < source.length) {
    const next = nextLine(source, line);
    const first = skipBlanks(source, line);
    const own = first - line;
    if (source[first] === '}') {
      if (own < column || (own === column && openBraces <= 0)) return line;
    } else if (own <= column) {
      itemStart.lastIndex = first;
      if (itemStart.test(source)) return line;
    }
    openBraces += netBraces(source, line, next);
    line = next;
  }
  return source.length;
}

/** Offset behind the last character between `start` and `end` that is no blank or line end. */
export function endOfText(source: string, start: number, end: number): number {
  let last = end;
  while (last > start + 1 && ' \t\r\n'.includes(source[last - 1] as string)) last--;
  return last;
}

function lineStart(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

/** Column of the first character of `offset`'s line that is no blank. */
export function columnOfFirst(source: string, offset: number): number {
  const line = lineStart(source, offset);
  return skipBlanks(source, line) - line;
}

function nextLine(source: string, offset: number): number {
  const feed = source.indexOf('\n', offset);
  return feed < 0 ? source.length : feed + 1;
}

function skipBlanks(source: string, line: number): number {
  let first = line;
  while (source[first] === ' ' || source[first] === '\t') first++;
  return first;
}

function netBraces(source: string, from: number, to: number): number {
  let net = 0;
  for (let offset = from; offset < to; offset++) {
    const code = source.charCodeAt(offset);
    if (code === 123) net++;
    else if (code === 125) net--;
  }
  return net;
}

/** Start of the line after the end marker of the heredoc at `start`, or -1 when it has none. */
export function heredocEnd(source: string, start: number): number {
  const introduction = nextLine(source, start);
  const marker = source.slice(start, introduction).replace(/^<<-?/, '').trimEnd();
  for (let line = introduction, next = 0; line < source.length; line = next) {
    next = nextLine(source, line);
    if (source.slice(line, next).trim() === marker) return next;
  }
  return -1;
}
