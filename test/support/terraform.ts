/**
 * The real terraform (or tofu) for tests that hold keyless to it. A test that cannot have it is skipped by name with the
 * reason; the closing reporter makes that a failure where CI=true.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'vitest';

export interface TerraformRun {
  readonly status: number;
  readonly output: string;
}

export type Terraform = (cwd: string, ...args: readonly string[]) => TerraformRun;

const command: string | undefined = ['terraform', 'tofu'].find((name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))),
);

/** For a test that starts terraform itself, without any provider: its name; skips the test where there is none. */
export function terraformCommand(context: TestContext): string {
  if (command === undefined) context.skip('neither terraform nor tofu is on PATH');
  return command;
}

/** Terraform without any provider; skips the test where there is none. */
export function needsTerraform(context: TestContext): Terraform {
  return terraformWith(context, {});
}

/**
 * Terraform with the AWS provider of the filesystem mirror that KEYLESS_PROVIDER_MIRROR names; skips the test without.
 * The provider is a development override: Terraform takes it as it lies there, without the seconds that installing and
 * hashing 700 MB cost. So `init` is not needed for it (`get` fetches modules), and version constraints are not looked at.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#development-overrides-for-provider-developers
 *
 * @param folder where the CLI configuration may be written
 */
export function needsAwsProvider(context: TestContext, folder: string): Terraform {
  const override = JSON.stringify(dirname(awsProviderBinary(context)));
  const config = join(folder, 'terraform.tfrc');
  writeFileSync(
    config,
    `provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${override}\n  }\n  direct {}\n}\n`,
  );
  return terraformWith(context, { TF_CLI_CONFIG_FILE: config });
}

/** The AWS provider's program in the filesystem mirror; skips the test without. */
export function awsProviderBinary(context: TestContext): string {
  const mirror = process.env.KEYLESS_PROVIDER_MIRROR;
  if (mirror === undefined) context.skip('no AWS provider: KEYLESS_PROVIDER_MIRROR names no filesystem mirror');
  const [binary] = globSync('*/hashicorp/aws/*/*/terraform-provider-aws_v5*', { cwd: mirror });
  if (binary === undefined) context.skip(`no AWS provider 5 in the filesystem mirror ${mirror}`);
  return join(mirror, binary);
}

function terraformWith(context: TestContext, extra: NodeJS.ProcessEnv): Terraform {
  if (command === undefined) context.skip('neither terraform nor tofu is on PATH');
  const { TF_CLI_CONFIG_FILE: _, ...inherited } = process.env;
  const env = { ...inherited, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', ...extra };
  return (cwd, ...args) => {
    const { status, stdout, stderr } = spawnSync(command as string, [...args], { cwd, env, encoding: 'utf8' });
    return { status: status ?? 1, output: stdout + stderr };
  };
}
