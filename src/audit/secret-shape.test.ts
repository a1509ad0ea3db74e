import { describe, expect, it, test } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { isSecretShape } from './secret-shape.ts';

describe('isSecretShape', () => {
  it('accepts what AWS could have drawn, named or bare', () => {
    const refused = Array.from({ length: 2000 }, (_, seed) => generateCredential(seed).secret).filter(
      (secret) => !isSecretShape(secret, 'named') || !isSecretShape(secret, 'bare'),
    );
    // A bare secret has to look random; fewer than two in a thousand do not.
    expect(refused.length).toBeLessThanOrEqual(4);
    expect(refused.filter((secret) => !isSecretShape(secret, 'named'))).toEqual([]);
  });

  test.each([
    ['a git commit', '4f1c2d3e4b5a69788796a5b4c3d2e1f001234567'],
    ['an upper-case SHA-1', '4F1C2D3E4B5A69788796A5B4C3D2E1F001234567'],
    ['a placeholder', 'X'.repeat(40)],
    ['digits', '1234567890'.repeat(4)],
    ['a sequence', 'abcdefghijklmnopqrstuvwxyz0123456789ABCD'],
    ['lower-case letters and digits', 'k3j9x7q2m5v8b1n4c6z0l2k8j5h3g7f1d9s4a6p0'],
    ['39 characters', generateCredential(1).secret.slice(1)],
    ['base64url', `${generateCredential(1).secret.slice(1)}_`],
  ])('refuses %s even where a secret is announced', (_, text) => expect(isSecretShape(text, 'named')).toBe(false));

  test.each([
    ['a path', 'home/runner/work/Infra1/modules/Network2'],
    ['a camel-case name', 'CloudFormationStackSetAdministrationRole'],
    ['a longer camel-case name with a digit', 'Ec2InstanceConnectEndpointSecurityGroup1'],
  ])('refuses %s where nothing announces a secret', (_, text) => {
    expect(text).toHaveLength(40);
    expect(isSecretShape(text, 'bare')).toBe(false);
  });
});
