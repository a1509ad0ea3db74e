/** `keyless migrate --aws-config`: the profiles of `keyless.yaml` in the person's own `~/.aws/config`, shown before written. */
import { type AwsConfigChange, loadIntent, planAwsConfigFile, writeAwsConfigFile } from '../../intent/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { Ports } from '../../ports/index.ts';
import { renderAwsConfigJson, renderAwsConfigText } from '../views/aws-config.ts';

export interface AwsConfigOptions {
  readonly write: boolean;
  readonly check: boolean;
  readonly json: boolean;
}

export async function runAwsConfig(ports: Ports, root: string, options: AwsConfigOptions): Promise<ExitStatus> {
  const intent = await loadIntent(ports.files, root);
  const change = await planAwsConfigFile(ports, intent);
  if ('missing' in change) {
    const keys = change.missing.map(({ key, location }) => `${key} (${location.path}:${location.line})`).join(', ');
    throw new KeylessError({
      code: 'VALUE_MISSING',
      message: `the profiles need a value that nobody has filled in yet: ${keys}`,
      hint: `fill it in, then run keyless migrate --aws-config`,
      details: { missing: change.missing },
    });
  }
  if (change.conflicts.length > 0) throw conflicting(change);
  if (options.write) await writeAwsConfigFile(ports.files, change);
  const report = { change, written: options.write };
  ports.output.write(options.json ? renderAwsConfigJson(report) : renderAwsConfigText(report, ports.output.color));
  return options.check && change.before !== change.after ? ExitStatus.findings : ExitStatus.done;
}

function conflicting({ path, conflicts }: AwsConfigChange): KeylessError {
  const list = conflicts.map(({ section, line, reason }) => `${path}:${line}: [${section}] ${reason}`).join('\n  ');
  return new KeylessError({
    code: 'PROFILE_CONFLICT',
    message: `sections that keyless did not write have the names it needs; nothing was written\n  ${list}`,
    hint: 'rename those sections, or remove them when they are not in use',
    details: { path, conflicts },
  });
}
