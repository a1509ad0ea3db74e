/** What `migrate --aws-config` changes in the person's AWS configuration, as text and JSON. */
import type { AwsConfigChange } from '../../intent/index.ts';
import { styleFor } from './style.ts';
import { colorDiff, unifiedDiff } from './unified-diff.ts';

export interface AwsConfigReport {
  readonly change: AwsConfigChange;
  readonly written: boolean;
}

export function renderAwsConfigText({ change, written }: AwsConfigReport, color: boolean): string {
  const style = styleFor(color);
  const { path, before, after, added, updated, unchanged, warnings } = change;
  const lines: string[] = [];
  if (before === after) {
    lines.push(`${path} has every profile already (${unchanged.length}).`);
  } else {
    lines.push(colorDiff(maskValues(unifiedDiff(path.replace(/^\//, ''), before, after)), color).trimEnd(), '');
    lines.push(
      `${added.length} sections added, ${updated.length} updated, ${unchanged.length} right already; all others stay as they are.`,
    );
    lines.push(
      written
        ? style.green(`Written: ${path}`)
        : `Nothing was written. To write it: ${style.cyan('keyless migrate --aws-config --write')}`,
    );
  }
  for (const warning of warnings) lines.push(style.yellow(`Take care: ${warning}`));
  return `${lines.join('\n')}\n`;
}

export function renderAwsConfigJson({ change, written }: AwsConfigReport): string {
  const { path, before, after, added, updated, unchanged, warnings } = change;
  const diff = before === after ? '' : maskValues(unifiedDiff(path.replace(/^\//, ''), before, after));
  return `${JSON.stringify({ schemaVersion: 1, path, added, updated, unchanged, warnings, diff, written }, null, 2)}\n`;
}

/** The lines around a change may hold somebody's static key: no value of such a key is shown. */
function maskValues(diff: string): string {
  return diff.replace(/^([ +-]\s*aws_(?:access_key_id|secret_access_key|session_token)\s*=\s*).+$/gim, '$1…');
}
