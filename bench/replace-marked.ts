/** Puts text between the markers `<!-- name -->` and `<!-- /name -->` of a page. */
export function replaceMarked(page: string, name: string, text: string): string {
  const opening = `<!-- ${name} -->`;
  const closing = `<!-- /${name} -->`;
  const start = page.indexOf(opening);
  const end = page.indexOf(closing, start);
  if (start < 0 || end < 0) throw new RangeError(`the page has no ${opening} … ${closing}`);
  return `${page.slice(0, start + opening.length)}\n${text}\n${page.slice(end)}`;
}
