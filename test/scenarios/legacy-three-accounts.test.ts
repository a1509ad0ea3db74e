/**
 * The whole journey of the example repository through `main()`: what was planted is found, the move takes every static
 * credential out of use, undo brings back each byte, and the real terraform accepts the result.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { Ports } from '../../src/ports/index.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { makeDiskWorld, makeWorld, type World } from '../support/make-world.ts';
import { needsAwsProvider, needsTerraform } from '../support/terraform.ts';

const example = fileURLToPath(new URL('../../examples/legacy-three-accounts', import.meta.url));
const expected = JSON.parse(readFileSync(`${example}.expected.json`, 'utf8'));

/** Stacks whose modules can be had without a network; the others need a registry or S3. */
const localStacks = ['build-agents', 'dns', 'iam-users', 'messaging', 'reporting', 'state-backend'];

describe('audit', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the report is read as a consumer reads it, without our types
  let report: any;
  beforeAll(async () => {
    const world = { ...makeWorld(), files: realFiles(1), cwd: example };
    expect(await run(world, 'audit', '--json', '--fail-on', 'never')).toBe(0);
    report = JSON.parse(world.output.stdout);
  });

  it.each(
    [...expected.methods, ...expected.habits, ...expected.locks].map((one: Planted) => [planted(one), one] as const),
  )('finds %s', (_, { path, line }) => {
    const places = [
      ...report.methods,
      ...report.findings,
      ...report.findings.flatMap(({ otherPlaces }: { otherPlaces: unknown[] }) => otherPlaces),
      ...report.credentials.flatMap((credential: { places: unknown[] }) => credential.places),
    ].filter((place: Planted) => place.path === path);
    // The second half of a pair, and a key under `with:`, are told at the line where the pair begins.
    expect(places.map((place: Planted) => Math.abs(place.line - line)).sort((a, b) => a - b)[0]).toBeLessThanOrEqual(3);
  });

  it('calls it not keyless, and counts who uses static credentials', () => {
    expect(report.summary).toMatchObject({ keyless: false, credentialsInClear: 1 });
    expect(report.summary.staticMethods.terraform).toBeGreaterThan(0);
    expect(report.summary.staticMethods.pipeline).toBeGreaterThan(0);
    expect(report.summary.staticMethods['made-by-code']).toBeGreaterThan(0);
  });
});

describe('the move', () => {
  it('leaves no static credential in use, and the IAM user of the code listed as retired last', async () => {
    const world = await migratedWorld();
    const { summary, findings } = await audit(world);
    expect(summary.credentialsInClear).toBe(0);
    expect(summary.staticMethods).toMatchObject({ terraform: 0, pipeline: 0, person: 0, application: 0 });
    expect(summary.staticMethods['made-by-code']).toBe(2);
    const madeByCode = findings.filter(
      ({ rule }: { rule: string }) => rule === 'iam-user' || rule === 'iam-access-key',
    );
    expect(madeByCode.map(({ gated }: { gated: boolean }) => gated)).toEqual([true, true]);
  });

  it('changes nothing when it runs again', async () => {
    const world = await migratedWorld();
    const files = snapshot(world.root);
    expect(await run(world, 'migrate', '--check', '--through', '3')).toBe(0);
    expect(await run(world, 'migrate', '--write', '--through', '3')).toBe(0);
    expect(snapshot(world.root)).toEqual(files);
  });

  it('takes the locks one step a run, never in one', async () => {
    const world = await exampleWorld();
    await run(world, 'init', '--yes');
    await run(world, 'migrate', '--write', '--through', '5');
    expect(world.output.stdout).toContain('needs step 2 to be written, merged and rolled out');
    expect(terraformOf(world.root)).toContain('use_lockfile');
    expect(terraformOf(world.root)).toContain(
      'dynamodb_table = "arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks"',
    );
    await run(world, 'migrate', '--write', '--through', '5');
    expect(readFileSync(join(world.root, 'stacks/network/main.tf'), 'utf8')).not.toContain('dynamodb_table');
    expect(readFileSync(join(world.root, 'stacks/network/providers.tf'), 'utf8')).toContain('dynamodb_table');
    await run(world, 'migrate', '--write', '--through', '5');
    expect(readFileSync(join(world.root, 'stacks/network/providers.tf'), 'utf8')).not.toContain('dynamodb_table');
  });

  it('is taken back to the last byte, run by run', async () => {
    const world = await exampleWorld();
    await run(world, 'init', '--yes');
    const before = snapshot(world.root);
    await run(world, 'migrate', '--write');
    const middle = snapshot(world.root);
    world.clock.advance(60);
    await run(world, 'migrate', '--write', '--through', '3');
    expect(await run(world, 'migrate', '--undo')).toBe(0);
    expect(snapshot(world.root)).toEqual(middle);
    expect(await run(world, 'migrate', '--undo')).toBe(0);
    expect(snapshot(world.root)).toEqual(before);
    expect(await run(world, 'migrate', '--undo')).toBe(2);
  });

  it('asks for what the profiles need, and writes them when it is there', async () => {
    const world = await exampleWorld();
    await run(world, 'init', '--yes');
    expect(await run(world, 'migrate', '--aws-config')).toBe(4);
    const intent = join(world.root, 'keyless.yaml');
    writeFileSync(
      intent,
      readFileSync(intent, 'utf8').replace(/start_url: null.*/, 'start_url: https://fernwick.awsapps.com/start'),
    );
    mkdirSync(join(world.home, '.aws'), { recursive: true });
    writeFileSync(join(world.home, '.aws/config'), '# mine\n[profile private]\nregion = eu-north-1\n');
    expect(await run(world, 'migrate', '--aws-config')).toBe(0);
    expect(readFileSync(join(world.home, '.aws/config'), 'utf8')).toBe(
      '# mine\n[profile private]\nregion = eu-north-1\n',
    );
    expect(await run(world, 'migrate', '--aws-config', '--write')).toBe(0);
    const written = readFileSync(join(world.home, '.aws/config'), 'utf8');
    expect(written.startsWith('# mine\n[profile private]\nregion = eu-north-1\n')).toBe(true);
    expect(written).toContain('sso_account_id = 333344445555');
    expect(statSync(join(world.home, '.aws/config')).mode & 0o777).toBe(0o600);
  });
});

describe('the real terraform', () => {
  it('initialises, plans and applies the stacks of each account without any provider', async (context) => {
    const terraform = needsTerraform(context);
    const world = await migratedWorld();
    for (const stack of ['shared', 'dev', 'live']) {
      const folder = join(world.root, 'stacks/baseline', stack);
      writeFileSync(join(folder, 'local_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
      expect(terraform(folder, 'init', '-input=false', '-no-color')).toMatchObject({ status: 0 });
      const workspace = stack === 'shared' ? 'default' : stack;
      if (workspace !== 'default') expect(terraform(folder, 'workspace', 'new', workspace).status).toBe(0);
      expect(terraform(folder, 'apply', '-auto-approve', '-input=false', '-no-color')).toMatchObject({ status: 0 });
      expect(terraform(folder, 'plan', '-detailed-exitcode', '-input=false', '-no-color')).toMatchObject({ status: 0 });
    }
  });

  it('finds the result formatted as it was', async (context) => {
    const terraform = needsTerraform(context);
    const world = await migratedWorld();
    expect(terraform(world.root, 'fmt', '-check', '-recursive', '-list=true')).toEqual({ status: 0, output: '' });
  });

  it.for(localStacks)('validates stacks/%s with AWS provider 5 after the move', async (stack, context) => {
    const world = await migratedWorld();
    const terraform = needsAwsProvider(context, world.home);
    const folder = join(world.root, 'stacks', stack);
    expect(terraform(folder, 'init', '-backend=false', '-input=false', '-no-color')).toMatchObject({ status: 0 });
    expect(terraform(folder, 'validate', '-no-color')).toMatchObject({ status: 0 });
  });

  it.for(['build-agents', 'iam-users', 'reporting'])('refuses stacks/%s as it was', async (stack, context) => {
    const world = await exampleWorld();
    const terraform = needsAwsProvider(context, world.home);
    for (const path of readdirSync(world.root, { recursive: true }) as string[]) {
      if (!path.endsWith('.tf')) continue;
      const file = join(world.root, path);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replaceAll('"~> 4.67"', '"~> 5.0"').replaceAll('">= 4.0, < 5.0"', '">= 5.0"'));
    }
    const folder = join(world.root, 'stacks', stack);
    terraform(folder, 'init', '-backend=false', '-input=false', '-no-color');
    const { status, output } = terraform(folder, 'validate', '-no-color');
    expect(status).toBe(1);
    expect(output).toMatch(/Unsupported (argument|block type)|Invalid backend configuration/);
  });
});

interface Planted {
  readonly path: string;
  readonly line: number;
  readonly what?: string;
  readonly role?: string;
}

function planted({ path, line, what, role }: Planted): string {
  return `${what ?? `a lock (${role})`}, ${path}:${line}`;
}

async function exampleWorld(): Promise<World> {
  const world = await makeDiskWorld();
  cpSync(example, world.root, { recursive: true });
  mkdirSync(join(world.root, '.git'));
  writeFileSync(
    join(world.root, '.git/config'),
    '[remote "origin"]\n\turl = https://github.com/fernwick/infrastructure.git\n',
  );
  return world;
}

async function migratedWorld(): Promise<World> {
  const world = await exampleWorld();
  expect(await run(world, 'init', '--yes')).toBe(0);
  expect(await run(world, 'migrate', '--write', '--through', '3')).toBe(0);
  return world;
}

async function run(world: Ports, ...argv: readonly string[]): Promise<number> {
  return await main(argv, world);
}

// biome-ignore lint/suspicious/noExplicitAny: the report is read as a consumer reads it, without our types
async function audit(world: World): Promise<any> {
  const file = join(world.home, 'audit.json');
  expect(await run(world, 'audit', '--json', '--output', file, '--fail-on', 'never')).toBe(0);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function snapshot(root: string): Record<string, string> {
  const paths = (readdirSync(root, { recursive: true }) as string[]).filter(
    (path) => !path.startsWith('.git/') && statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

function terraformOf(root: string): string {
  return Object.entries(snapshot(root))
    .filter(([path]) => path.endsWith('.tf'))
    .map(([, text]) => text)
    .join('\n');
}
