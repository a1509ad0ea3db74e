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
import { needsAwsProvider, needsTerraform, type Terraform, type TerraformRun } from '../support/terraform.ts';

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

  it('validates every stack that can be had offline with AWS provider 5 after the move', async (context) => {
    const world = await migratedWorld();
    const terraform = needsAwsProvider(context, world.home);
    const { status, output } = validateTogether(terraform, world.root, localStacks);
    expect(output).not.toContain('Error:');
    expect(status).toBe(0);
  });

  it('refuses them as they were', async (context) => {
    const world = await exampleWorld();
    const terraform = needsAwsProvider(context, world.home);
    const { status, output } = validateTogether(terraform, world.root, ['build-agents', 'iam-users']);
    expect(status).toBe(1);
    for (const stack of ['build-agents', 'iam-users']) {
      expect(output).toMatch(
        new RegExp(`Unsupported (argument|block type)\\s+on (\\.\\./stacks/${stack}|\\S*/modules)/`),
      );
    }
    // This one fails on its backend, which only a root module has.
    const reporting = terraform(join(world.root, 'stacks/reporting'), 'validate', '-no-color');
    expect(reporting).toMatchObject({ status: 1, output: expect.stringContaining('Invalid backend configuration') });
  });
});

/** One root module that calls them all: starting the AWS provider costs seconds, each time. */
function validateTogether(terraform: Terraform, root: string, stacks: readonly string[]): TerraformRun {
  const folder = join(root, 'together');
  mkdirSync(folder);
  const argumentsOf: Readonly<Record<string, string>> = { messaging: '  account_id = "222233334444"\n  depots = []\n' };
  const calls = stacks.map(
    (stack) => `module "${stack}" {\n  source = "../stacks/${stack}"\n${argumentsOf[stack] ?? ''}}\n`,
  );
  writeFileSync(join(folder, 'main.tf'), calls.join(''));
  expect(terraform(folder, 'get', '-no-color')).toMatchObject({ status: 0 });
  return terraform(folder, 'validate', '-no-color');
}

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
