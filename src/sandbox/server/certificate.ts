/**
 * X.509 certificates of a throw-away authority: an own small DER writer, because a certificate library takes longer to
 * load than the whole sandbox takes to start. What strict verifiers ask for is in them: key identifiers, key usage,
 * a name of the host among the alternative names.
 * https://www.rfc-editor.org/rfc/rfc5280
 */
import { createHash, KeyObject, sign, type webcrypto } from 'node:crypto';
import type { Random, TlsIdentity } from '../../ports/index.ts';

export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  /** For a host name or an IPv4 address; the same object for the same host. */
  identityFor(host: string): TlsIdentity;
}

const day = 24 * 3600_000;

/** @param now epoch milliseconds of the clock that clients go by; certificates hold from a day before to a month after */
export async function createAuthority(random: Random, now: number): Promise<CertificateAuthority> {
  const [authority, server] = await Promise.all([random.keyPair('p-256'), random.keyPair('p-256')]);
  const name = distinguishedName('keyless sandbox, throw-away authority');
  const validity = sequence(time(now - day), time(now + 30 * day));
  const authorityKeyId = keyId(authority);
  const issue = (subject: Uint8Array, pair: webcrypto.CryptoKeyPair, extensions: readonly Uint8Array[]): string => {
    const serial = Buffer.concat([Uint8Array.of(1), random.bytes(15)]);
    const body = sequence(
      tagged(0xa0, integer(Uint8Array.of(2))),
      integer(serial),
      ecdsaWithSha256,
      name,
      validity,
      subject,
      publicKey(pair),
      tagged(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, { key: KeyObject.from(authority.privateKey), dsaEncoding: 'der' });
    return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bitString(signature)));
  };
  const certificate = issue(name, authority, [
    extension('2.5.29.19', true, sequence(boolean(true), integer(Uint8Array.of(0)))),
    // keyCertSign and cRLSign.
    extension('2.5.29.15', true, bitString(Uint8Array.of(0x06), 1)),
    extension('2.5.29.14', false, octets(authorityKeyId)),
  ]);
  const privateKey = KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  const identities = new Map<string, TlsIdentity>();
  const identityFor = (host: string): TlsIdentity => {
    const key = host.toLowerCase();
    const known = identities.get(key);
    if (known !== undefined) return known;
    const leaf = issue(distinguishedName(key.slice(0, 64)), server, [
      extension('2.5.29.19', true, sequence()),
      // digitalSignature.
      extension('2.5.29.15', true, bitString(Uint8Array.of(0x80), 7)),
      extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.14', false, octets(keyId(server))),
      extension('2.5.29.35', false, sequence(tagged(0x80, authorityKeyId))),
      extension('2.5.29.17', false, sequence(...alternativeNames(key))),
    ]);
    const identity = { certificate: leaf, privateKey };
    identities.set(key, identity);
    return identity;
  };
  return { certificate, identityFor };
}

/** The endpoint has two names. */
function alternativeNames(host: string): Uint8Array[] {
  if (host === 'localhost' || host === '127.0.0.1') {
    return [tagged(0x82, Buffer.from('localhost')), tagged(0x87, Uint8Array.of(127, 0, 0, 1))];
  }
  return [tagged(0x82, Buffer.from(host, 'latin1'))];
}

function publicKey(pair: webcrypto.CryptoKeyPair): Uint8Array {
  return KeyObject.from(pair.publicKey).export({ type: 'spki', format: 'der' });
}

/** SHA-1 over the point, as RFC 5280 section 4.2.1.2 names it; a P-256 point is the last 65 bytes of its SPKI. */
function keyId(pair: webcrypto.CryptoKeyPair): Uint8Array {
  return createHash('sha1').update(publicKey(pair).subarray(-65)).digest();
}

function tagged(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

function sequence(...content: readonly Uint8Array[]): Uint8Array {
  return tagged(0x30, ...content);
}

function octets(content: Uint8Array): Uint8Array {
  return tagged(0x04, content);
}

function bitString(content: Uint8Array, unusedBits: number = 0): Uint8Array {
  return tagged(0x03, Uint8Array.of(unusedBits), content);
}

/** Positive, first byte below 0x80. */
function integer(bytes: Uint8Array): Uint8Array {
  return tagged(0x02, bytes);
}

function boolean(value: boolean): Uint8Array {
  return tagged(0x01, Uint8Array.of(value ? 0xff : 0));
}

function time(instant: number): Uint8Array {
  const [date = '', clock = ''] = new Date(instant).toISOString().replace(/[-:]/g, '').split(/T|\./);
  // RFC 5280: two digits of the year until 2049.
  return Number(date.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(`${date.slice(2)}${clock}Z`))
    : tagged(0x18, Buffer.from(`${date}${clock}Z`));
}

function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

function distinguishedName(commonName: string): Uint8Array {
  return sequence(tagged(0x31, sequence(objectId('2.5.4.3'), tagged(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
