/**
 * IP addresses and CIDR ranges of both families; an address alone is a range of one. A v4 address is never in a v6 range.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */

export interface IpAddress {
  readonly bits: 32 | 128;
  /** Bytes, most significant first. */
  readonly bytes: readonly number[];
}

export interface IpRange {
  readonly address: IpAddress;
  readonly prefix: number;
}

export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIpAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash < 0) return { address, prefix: address.bits };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > address.bits) return undefined;
  return { address, prefix: Number(length) };
}

export function parseIpAddress(text: string): IpAddress | undefined {
  const bytes = text.includes(':') ? bytesOfV6(text) : bytesOfV4(text);
  return bytes && { bits: bytes.length === 4 ? 32 : 128, bytes };
}

export function isInRange(address: IpAddress, range: IpRange): boolean {
  if (address.bits !== range.address.bits) return false;
  const whole = range.prefix >> 3;
  for (let index = 0; index < whole; index++) if (address.bytes[index] !== range.address.bytes[index]) return false;
  const rest = range.prefix & 7;
  if (rest === 0) return true;
  const shift = 8 - rest;
  return (address.bytes[whole] as number) >> shift === (range.address.bytes[whole] as number) >> shift;
}

function bytesOfV4(text: string): number[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const bytes = match?.slice(1).map(Number);
  return bytes?.every((byte) => byte <= 255) ? bytes : undefined;
}

function bytesOfV6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
}

/** Bytes of groups between colons, the last of which may be a v4 address. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
      continue;
    }
    const dotted = index === groups.length - 1 ? bytesOfV4(group) : undefined;
    if (dotted === undefined) return undefined;
    bytes.push(...dotted);
  }
  return bytes;
}
