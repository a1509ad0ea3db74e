/**
 * Reads markup strictly: every `<` opens a tag with quoted attributes, every tag is closed by its own, every `&` begins
 * a reference. What escaping forgot shows as a problem, or as a tag nobody wrote.
 */
const voidTags = new Set(['meta', 'br', '!doctype']);

export function wellFormedTags(markup: string): { readonly problems: string[]; readonly names: string[] } {
  const problems: string[] = [];
  const names = new Set<string>();
  const open: string[] = [];
  const tag = /^<(\/?)([a-zA-Z!][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/;
  for (let at = 0; at < markup.length; ) {
    if (markup[at] === '&' && !/^&(?:amp|lt|gt|quot|#39);/.test(markup.slice(at, at + 6))) {
      problems.push(`a bare & at ${at}: ${markup.slice(at, at + 40)}`);
    }
    if (markup[at] !== '<') {
      at++;
      continue;
    }
    const found = tag.exec(markup.slice(at));
    if (found === null) {
      problems.push(`not a tag at ${at}: ${markup.slice(at, at + 40)}`);
      at++;
      continue;
    }
    const [whole, closing, name = '', , empty] = found;
    at += whole.length;
    names.add(name);
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) problems.push(`</${name}> closes <${expected}>`);
    } else if (empty !== '/' && !voidTags.has(name)) {
      open.push(name);
      // Their content is no markup.
      if (name === 'script' || name === 'style') at = markup.indexOf(`</${name}>`, at);
    }
  }
  if (open.length > 0) problems.push(`not closed: ${open.join(', ')}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids these
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u.test(markup))
    problems.push('a character that XML forbids');
  return { problems, names: [...names] };
}
