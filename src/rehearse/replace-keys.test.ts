import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../test/support/example-repository.ts';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { auditRepository } from '../audit/index.ts';
import { Secret } from '../kernel/secret.ts';
import { Repository, SourceFile } from '../repository/index.ts';
import { replaceKeys } from './replace-keys.ts';

const throwAway = generateCredential('throw-away');
const key = { accessKeyId: throwAway.keyId, secretAccessKey: new Secret(throwAway.secret) };

function replaced(texts: Readonly<Record<string, string>>): Repository {
  const before = new Repository(Object.entries(texts).map(([path, text]) => new SourceFile(path, text)));
  const changes = replaceKeys(before, auditRepository(before, { now: new Date(0) }), key);
  return before.with(changes);
}

describe('replaceKeys', () => {
  it('leaves no key of the example but the throw-away one, and each where it was', () => {
    const example = Object.fromEntries(
      Object.entries(exampleRepository).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
    );
    const after = replaced(example);
    const ids = new Set(after.files.flatMap(({ text }) => text.match(/AKIA[A-Z0-9]{16}/g) ?? []));
    expect(ids).toEqual(new Set([key.accessKeyId, 'AKIAIOSFODNN7EXAMPLE']));
    expect(after.file('stacks/messaging/shared.tfbackend')?.text).toContain(`"${throwAway.secret}"`);
    expect(after.file('.envrc')?.text).toContain(`AWS_SECRET_ACCESS_KEY="${throwAway.secret}"`);
    const again = auditRepository(after, { now: new Date(0) });
    expect(again.credentials.filter(({ documentationExample }) => !documentationExample)).toHaveLength(1);
  });

  it('replaces every pair there is', () => {
    const [one, two] = [generateCredential(1), generateCredential(2)];
    const after = replaced({
      'a/.env': `AWS_ACCESS_KEY_ID=${one.keyId}\nAWS_SECRET_ACCESS_KEY=${one.secret}\n`,
      'b/main.tf': `provider "aws" {\n  access_key = "${two.keyId}"\n  secret_key = "${two.secret}"\n}\n`,
    });
    const text = after.files.map((file) => file.text).join();
    for (const secret of [one.keyId, one.secret, two.keyId, two.secret]) expect(text).not.toContain(secret);
  });
});
