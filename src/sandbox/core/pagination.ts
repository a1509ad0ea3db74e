/** Pages of a list: the token says how many items came before, and is checked against forgery of nothing but its form. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** `undefined` on the last page. */
  readonly nextToken: string | undefined;
}

/** `invalid` makes the refusal for a token that is not one of ours. */
export function paginate<Item>(
  items: readonly Item[],
  size: number,
  token: string | undefined,
  invalid: () => Error,
): Page<Item> {
  const start = token === undefined ? 0 : readToken(token);
  if (start === undefined || start > items.length) throw invalid();
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`page:${end}`).toString('base64') : undefined,
  };
}

function readToken(token: string): number | undefined {
  const match = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('latin1'));
  return match === null ? undefined : Number(match[1]);
}
