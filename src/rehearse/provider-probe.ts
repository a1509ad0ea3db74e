/**
 * The AWS provider's own chain of credentials: one small module with an aliased provider for each session, run by real
 * Terraform. Starting the provider costs seconds, so a step has one probe for all its sessions.
 */
import { join } from 'node:path';
import type { Env } from '../ports/index.ts';
import type { Evidence } from './rehearsal.ts';
import type { Stage } from './stage.ts';

export interface ProviderSession {
  /** `live`; letters, digits, `-` and `_`. */
  readonly name: string;
  /** Arguments of the provider block besides the region. */
  readonly profile?: string;
  readonly roleArn?: string;
}

export interface ProbeResult {
  /** ARN that each session got, by name; those that failed are missing. */
  readonly arns: ReadonlyMap<string, string>;
  readonly exitCode: number;
  readonly text: string;
  readonly evidence: Evidence;
}

/**
 * For Go's garbage collector: half of the time that the provider's schema takes is spent on collecting what is needed until
 * the end. The limit is one that a small machine has for each of the processes.
 */
const thriftyRuntime: Env = { GOGC: 'off', GOMEMLIMIT: '700MiB' };

/** `undefined` where Terraform or the provider cannot be had. */
export async function probeProvider(
  stage: Stage,
  purpose: string,
  sessions: readonly ProviderSession[],
  identity: Env,
): Promise<ProbeResult | undefined> {
  const { ports, folders, terraform, provider, sandbox } = stage;
  if (terraform === undefined || provider === undefined || sessions.length === 0) return undefined;
  const folder = join(folders.root, `probe-${purpose}`);
  await ports.files.makeDirectory(folder, { mode: 0o700 });
  await ports.files.writeAtomic(join(folder, 'main.tf'), probeText(sessions, sandbox.world.region));
  const config = join(folder, 'terraform.tfrc');
  await ports.files.writeAtomic(config, cliConfig(provider.folder));
  const run = await terraform.run(folder, ['plan', '-input=false', '-no-color'], identity, {
    TF_CLI_CONFIG_FILE: config,
    ...thriftyRuntime,
  });
  const arns = sessions.flatMap(({ name }): [string, string][] => {
    const arn = new RegExp(`\\+ ${name} = "([^"]+)"`).exec(run.text)?.[1];
    return arn === undefined ? [] : [[name, arn]];
  });
  return { arns: new Map(arns), exitCode: run.exitCode, text: run.text, evidence: run.evidence };
}

/** `terraform 1.11.4 with AWS provider 5.100.0`. */
export function probeClient({ terraform, provider }: Pick<Stage, 'terraform' | 'provider'>): string {
  return `${terraform?.name} with AWS provider ${provider?.version}`;
}

export function probeText(sessions: readonly ProviderSession[], region: string): string {
  const blocks = sessions.map(({ name, profile, roleArn }) =>
    [
      `provider "aws" {`,
      `  alias  = "${name}"`,
      `  region = "${region}"`,
      ...(profile === undefined ? [] : [`  profile = "${profile}"`]),
      ...(roleArn === undefined
        ? []
        : ['  assume_role {', `    role_arn     = "${roleArn}"`, '    session_name = "deployment"', '  }']),
      '}',
      `data "aws_caller_identity" "${name}" {`,
      `  provider = aws.${name}`,
      '}',
      `output "${name}" {`,
      `  value = data.aws_caller_identity.${name}.arn`,
      '}',
      '',
    ].join('\n'),
  );
  const required = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n';
  return `${required}\n${blocks.join('\n')}`;
}

/** The provider as it lies in the mirror: no copy of hundreds of megabytes, no init. */
function cliConfig(folder: string): string {
  return `provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(folder)}\n  }\n}\n`;
}
