/** Scripts that stop when no key is set: with a profile there is none, and all is well. */
import type { ScriptObstacle } from './remove-keys.ts';

/** Demands that stay once the keys are taken out; offsets in the original where they can be found there. */
export function demandedKeys(before: string, after: string): readonly ScriptObstacle[] {
  const match = demand.exec(after);
  if (match === null) return [];
  return [
    {
      index: Math.max(0, before.indexOf(match[0])),
      reason: 'The script stops when no key is in the environment, and a profile puts none there.',
      todo: 'Ask `aws sts get-caller-identity` instead.',
    },
  ];
}

const demand =
  /\$\{AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY):?\?|-z\s+["']?\$\{?AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)\b[^\n]*(?:\n[^\n]*){0,4}?\bexit\b|ifndef AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)\s*\n\s*\$\(error/;
