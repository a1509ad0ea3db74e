/** Terminal styles that fall away where colour must not be used. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

export function styleFor(color: boolean): Style {
  const wrap = (code: number) => (text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), yellow: wrap(33), green: wrap(32), cyan: wrap(36) };
}

/**
 * Breaks text at spaces so that no line is longer than `width`, where words allow it. Every line gets `indent`; those
 * after the first `hanging` instead, where given.
 */
export function wrapText(text: string, width: number, indent: string, hanging: string = indent): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const margin = lines.length === 0 ? indent : hanging;
    if (line !== '' && margin.length + line.length + 1 + word.length > width) {
      lines.push(margin + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push((lines.length === 0 ? indent : hanging) + line);
  return lines.join('\n');
}
