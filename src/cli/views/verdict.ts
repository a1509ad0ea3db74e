/** The verdict of an audit in words: what is left to retire is said in the same breath. */
import type { Summary } from '../../audit/index.ts';

export function verdictText({ keyless, staticMethods }: Pick<Summary, 'keyless' | 'staticMethods'>): string {
  if (!keyless) return 'not keyless';
  const left = staticMethods['made-by-code'];
  if (left === 0) return 'keyless';
  return `keyless in use, ${left} static ${left === 1 ? 'identity' : 'identities'} of the code left to retire`;
}
