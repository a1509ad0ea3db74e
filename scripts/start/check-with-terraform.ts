/**
 * Holds the migrated example to the real terraform: formatting, `init -backend=false` and `validate`, with the real AWS
 * provider where terraform can get it. What could not be checked is said, never passed over.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { say } from './run.ts';

export interface TerraformChecks {
  readonly results: readonly { readonly ok: boolean; readonly text: string }[];
  readonly unchecked: readonly string[];
}

/** Stacks whose modules come from S3 or a registry: they cannot be initialised without those. */
const needsRemoteModules: Readonly<Record<string, string>> = {
  'stacks/network': 'its VPC module comes from the Terraform registry',
  'stacks/orders-api': 'its modules come from S3',
};

/** Holds arguments that provider 5 no longer has, a module of the repository included: before the move 5.x must refuse it. */
const refusedBefore = 'stacks/build-agents';

/**
 * Loading the AWS provider costs seconds of a core each time, so this run takes the stacks in which the most was edited;
 * the test suite takes all of them.
 */
const validatedHere = ['stacks/build-agents', 'stacks/iam-users', 'stacks/messaging'];

export async function checkWithTerraform(before: string, after: string, work: string): Promise<TerraformChecks> {
  const results: { ok: boolean; text: string }[] = [];
  const unchecked: string[] = [
    'that the plans stay empty: for the VPC module the old defaults are written out by comparing the two releases',
    'that AWS lets the new identities in and refuses the old key: the gates of steps 2 and 3 are yours to meet',
  ];
  const command = await findTerraform();
  if (command === undefined) {
    unchecked.unshift('anything with terraform: neither terraform nor tofu is on PATH');
    return { results, unchecked };
  }
  const terraform = terraformIn(command, work);
  say(`$ ${command} fmt -check -recursive`);
  const formatted = await terraform(after, ['fmt', '-check', '-recursive']);
  results.push({ ok: formatted.status === 0, text: `${command} fmt -check -recursive` });

  const stacks = stacksOf(after);
  for (const stack of stacks) {
    const reason = needsRemoteModules[stack];
    if (reason !== undefined) unchecked.push(`${stack}: ${reason}`);
  }
  const withoutProvider = stacks.filter((stack) => !usesAws(join(after, stack)));
  const withProvider = stacks.filter((stack) => usesAws(join(after, stack)) && needsRemoteModules[stack] === undefined);
  for (const stack of withoutProvider) results.push(await validates(terraform, command, after, stack));

  const old = raisedConstraints(before, work);
  const probe = await terraform(join(after, refusedBefore), ['init', '-backend=false', '-input=false', '-no-color']);
  if (probe.status !== 0) {
    unchecked.push(
      `${withProvider.join(', ')}: ${command} cannot get the AWS provider here (no network, and no mirror named by KEYLESS_PROVIDER_MIRROR or a CLI configuration)`,
    );
    return { results, unchecked };
  }
  const left = withProvider.filter((stack) => !validatedHere.includes(stack));
  unchecked.push(`${left.join(', ')}: left to npm test, to keep this run short`);
  const tasks = [
    ...validatedHere.map((stack) => async () => await validates(terraform, command, after, stack)),
    async () => await refuses(terraform, command, old, refusedBefore),
  ];
  results.push(...(await inPairs(tasks)));
  return { results, unchecked };
}

type Terraform = (cwd: string, args: readonly string[]) => Promise<{ status: number; output: string }>;
type Result = TerraformChecks['results'][number];

async function validates(terraform: Terraform, command: string, root: string, stack: string): Promise<Result> {
  const folder = join(root, stack);
  const text = `${command} init -backend=false and validate: ${stack}`;
  const init = await terraform(folder, ['init', '-backend=false', '-input=false', '-no-color']);
  if (init.status !== 0) return { ok: false, text: `${text}\n${init.output}` };
  const validate = await terraform(folder, ['validate', '-no-color']);
  return { ok: validate.status === 0, text: validate.status === 0 ? text : `${text}\n${validate.output}` };
}

/** The code of before, with nothing but the version constraints raised. */
async function refuses(terraform: Terraform, command: string, root: string, stack: string): Promise<Result> {
  const folder = join(root, stack);
  await terraform(folder, ['init', '-backend=false', '-input=false', '-no-color']);
  const { status, output } = await terraform(folder, ['validate', '-no-color']);
  const refused = status !== 0 && /Unsupported (argument|block type)/.test(output);
  return { ok: refused, text: `${command} validate refuses the old ${stack} with the same provider` };
}

function raisedConstraints(before: string, work: string): string {
  const copy = join(work, 'before-with-provider-5');
  cpSync(before, copy, { recursive: true });
  for (const path of readdirSync(copy, { recursive: true }) as string[]) {
    if (!path.endsWith('.tf')) continue;
    const file = join(copy, path);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('"~> 4.67"', '">= 5.0"').replaceAll('">= 4.0, < 5.0"', '">= 5.0"'));
  }
  return copy;
}

function terraformIn(command: string, work: string): Terraform {
  const mirror = process.env.KEYLESS_PROVIDER_MIRROR;
  const env: NodeJS.ProcessEnv = { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
  if (mirror !== undefined) {
    const config = join(work, 'terraform.tfrc');
    writeFileSync(
      config,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    env.TF_CLI_CONFIG_FILE = config;
  }
  return async (cwd, args) =>
    await new Promise((resolve) => {
      const child = spawn(command, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      const collect = (chunk: Buffer): void => {
        output += chunk.toString();
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.on('close', (status) => resolve({ status: status ?? 1, output }));
    });
}

async function findTerraform(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  return ['terraform', 'tofu'].find((name) =>
    folders.some((folder) => endings.some((ending) => existsSync(join(folder, name + ending)))),
  );
}

/** Folders with a backend, relative to the root. */
function stacksOf(root: string): string[] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => path.startsWith('stacks') && statSync(join(root, path)).isDirectory())
    .map((path) => relative(root, join(root, path)).replaceAll('\\', '/'))
    .filter((path) => /backend "s3"/.test(terraformText(join(root, path))))
    .sort();
}

function usesAws(folder: string): boolean {
  return /provider "aws"|hashicorp\/aws/.test(terraformText(folder));
}

function terraformText(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/** Runs the tasks two at a time, results in order. */
async function inPairs<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++)
      results[index] = await (tasks[index] as () => Promise<T>)();
  };
  await Promise.all([worker(), worker()]);
  return results;
}
