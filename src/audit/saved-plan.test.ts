/** A saved plan of the real terraform: a zip with the state and the configuration it was made from. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { makeDiskWorld } from '../../test/support/make-world.ts';
import { needsTerraform } from '../../test/support/terraform.ts';
import { runAudit } from './audit.ts';

it('gives up the keys of the state and the configuration inside it', { timeout: 60_000 }, async (context) => {
  const terraform = needsTerraform(context);
  const { keyId, secret } = generateCredential('saved plan');
  const world = await makeDiskWorld({
    files: {
      'main.tf': `resource "terraform_data" "job" {
  input = { AWS_ACCESS_KEY_ID = "${keyId}", AWS_SECRET_ACCESS_KEY = "${secret}" }
}
`,
    },
  });
  for (const args of [['init'], ['apply', '-auto-approve'], ['plan', '-destroy', '-out=run.tfplan']]) {
    const { status, output } = terraform(world.root, ...args);
    expect(status, output).toBe(0);
  }
  await writeFile(join(world.root, 'main.tf'), '');
  await writeFile(join(world.root, 'terraform.tfstate'), '');

  const inventory = await runAudit(world, { root: world.root });
  expect(inventory.credentials).toHaveLength(1);
  const [credential] = inventory.credentials;
  expect(credential?.parts).toEqual(['keyId', 'secret']);
  expect([...new Set(credential?.places.map(({ path }) => path))]).toEqual([
    'run.tfplan!tfconfig/m-/main.tf',
    'run.tfplan!tfplan',
    'run.tfplan!tfstate',
    'run.tfplan!tfstate-prev',
  ]);
  expect(inventory.methods.map(({ kind, path }) => [kind, path])).toEqual([
    ['plan-static-key', 'run.tfplan!tfstate'],
    ['plan-static-key', 'run.tfplan!tfstate-prev'],
  ]);
  expect(inventory.coverage.skipped.map(({ path, reason }) => [path, reason])).toContainEqual(['run.tfplan', 'binary']);
});
