/** The counts of an inventory and the verdict "keyless", computed here and nowhere else. */
import { severities } from '../kernel/diagnostic.ts';
import type { AuthenticationClass, Credential, Finding, Inventory, Method, Summary, UsedBy } from './inventory.ts';

const classes: readonly AuthenticationClass[] = ['static', 'indirect', 'dynamic'];
const users: readonly UsedBy[] = ['terraform', 'pipeline', 'person', 'application', 'made-by-code'];

export function summarise(
  inventory: Pick<Inventory, 'findings' | 'suppressed' | 'credentials' | 'methods'>,
  foreignMarks: number,
): Summary {
  const { findings, suppressed, credentials, methods } = inventory;
  const isStatic = methods.filter((method) => method.class === 'static');
  const credentialsInClear = credentials.filter(isInClear).length;
  return {
    credentialsInClear,
    staticMethods: countBy(users, isStatic, (method: Method) => method.usedBy),
    methods: countBy(classes, methods, (method: Method) => method.class),
    findings: countBy(severities, findings, (finding: Finding) => finding.severity),
    suppressed: suppressed.length,
    foreignMarks,
    keyless:
      credentialsInClear === 0 &&
      !isStatic.some(({ usedBy }) => usedBy === 'terraform' || usedBy === 'pipeline' || usedBy === 'person'),
  };
}

/**
 * A credential stands in clear when its secret half does, or when the id of a long-term key does: whoever wrote the
 * id down had the key. Doubtful ids, ids in signed requests and ids of sessions long over say too little.
 */
export function isInClear(credential: Credential): boolean {
  if (credential.documentationExample) return false;
  if (credential.parts.includes('secret') || credential.kind === 'bedrock') return true;
  return credential.kind === 'long-term' && credential.doubt === undefined;
}

function countBy<K extends string, T>(
  keys: readonly K[],
  items: readonly T[],
  keyOf: (item: T) => K,
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)] += 1;
  return counts;
}
