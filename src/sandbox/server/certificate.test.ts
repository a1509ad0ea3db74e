import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDiskWorld } from '../../../test/support/make-world.ts';
import { realRandom } from '../../ports/real/random.ts';
import { createAuthority } from './certificate.ts';

describe('certificates', () => {
  it('of a host are signed by the authority, for that host and with the key that goes with them', async () => {
    const authority = await createAuthority(realRandom, Date.now());
    const root = new X509Certificate(authority.certificate);
    const identity = authority.identityFor('state.s3.eu-west-1.amazonaws.com');
    const leaf = new X509Certificate(identity.certificate);
    expect([root.ca, root.verify(root.publicKey), leaf.ca, leaf.verify(root.publicKey)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.checkHost('state.s3.eu-west-1.amazonaws.com')).toBe('state.s3.eu-west-1.amazonaws.com');
    expect(leaf.checkHost('s3.eu-west-1.amazonaws.com')).toBeUndefined();
    expect(leaf.checkPrivateKey(createPrivateKey(identity.privateKey))).toBe(true);
    expect(authority.identityFor('STATE.s3.eu-west-1.amazonaws.com')).toBe(identity);
  });

  it('of the endpoint name the address too', async () => {
    const authority = await createAuthority(realRandom, Date.now());
    const leaf = new X509Certificate(authority.identityFor('127.0.0.1').certificate);
    expect([leaf.checkIP('127.0.0.1'), leaf.checkHost('localhost')]).toEqual(['127.0.0.1', 'localhost']);
  });

  it('stand up to strict verification', async () => {
    const { root } = await makeDiskWorld();
    const authority = await createAuthority(realRandom, Date.now());
    writeFileSync(join(root, 'ca.pem'), authority.certificate);
    writeFileSync(join(root, 'leaf.pem'), authority.identityFor('sts.eu-west-1.amazonaws.com').certificate);
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.pem', 'leaf.pem'];
    expect(execFileSync('openssl', args, { cwd: root, encoding: 'utf8' })).toBe('leaf.pem: OK\n');
  });
});
