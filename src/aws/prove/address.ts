/** IP addresses in one order: IPv6 as it counts, IPv4 behind it. RFC 4291, RFC 4632. */
import type { Interval } from './intervals.ts';

const ipv4Base = 1n << 128n;
export const everyAddress: Interval = { low: 0n, lowOpen: false, high: ipv4Base + 0xffff_ffffn, highOpen: false };

/** The addresses of `203.0.113.0/24`, `2001:db8::/32` or of a single address; `undefined` for what is none. */
export function addressRange(text: string): Interval | undefined {
  const [address = '', length, more] = text.split('/');
  if (more !== undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const value = readAddress(address);
  if (value === undefined) return undefined;
  const bits = address.includes(':') ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const base = bits === 32 ? ipv4Base : 0n;
  const low = base + ((value - base) / size) * size;
  return { low, lowOpen: false, high: low + size - 1n, highOpen: false };
}

export function readAddress(text: string): bigint | undefined {
  return text.includes(':') ? readIpv6(text) : readIpv4(text);
}

export function writeAddress(value: number | bigint): string {
  const number = BigInt(value);
  if (number >= ipv4Base) {
    const v4 = number - ipv4Base;
    return [24n, 16n, 8n, 0n].map((shift) => (v4 >> shift) & 0xffn).join('.');
  }
  return Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(
    ':',
  );
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n) + ipv4Base;
}

function readIpv6(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const groupsOf = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}
