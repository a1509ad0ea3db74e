/** An inventory as JSON; its schema is `schemas/audit.schema.json`. Fields are only ever added within a version. */
import type { Inventory } from '../../audit/index.ts';

export const AUDIT_SCHEMA_VERSION = 1;

export function renderAuditJson(inventory: Inventory): string {
  const { root, summary, findings, suppressed, credentials, methods, coverage } = inventory;
  return `${JSON.stringify(
    { schemaVersion: AUDIT_SCHEMA_VERSION, root, summary, findings, suppressed, credentials, methods, coverage },
    null,
    2,
  )}\n`;
}
