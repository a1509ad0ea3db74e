/**
 * What `keyless audit --json` prints, as a JSON Schema. Within a version fields are only ever added, so a reader has to
 * let unknown ones pass; the tests hold our own output to the strict form.
 */
import { z } from 'zod';
import { methodKinds } from '../../audit/index.ts';
import { severities } from '../../kernel/diagnostic.ts';
import { failureSchema, locationShape, renderSchema } from './shared.ts';

const authenticationClass = z.enum(['static', 'indirect', 'dynamic']).meta({
  description:
    'static: a long-lived key, present or named. indirect: depends on what it points at. dynamic: issued for a session.',
});
const usedBy = z.enum(['terraform', 'pipeline', 'person', 'application', 'made-by-code']);
const part = z.enum(['keyId', 'secret', 'token']);
const maskedKeyId = z.string().meta({ description: 'Masked: prefix and last four characters.' });
const count = z.int().nonnegative();
const fingerprint = z.string().regex(/^[0-9a-f]{32}(-\d+)?$/);
const accountHint = z
  .string()
  .regex(/^\d{12}$/)
  .meta({ description: 'Account decoded from the key id, offline: a hint, never a proof.' });

function counts(names: readonly string[]): z.ZodObject {
  return z.object(Object.fromEntries(names.map((name) => [name, count])));
}

const finding = z.object({
  rule: z.string().meta({ description: 'Id of the detector; `keyless explain <rule>`.' }),
  severity: z.enum(severities),
  class: authenticationClass,
  ...locationShape,
  fingerprint: fingerprint.meta({ description: 'Stable over line moves and commits; unique in one inventory.' }),
  title: z.string(),
  detail: z.string(),
  fix: z.string(),
  fixRule: z.string().optional().meta({ description: 'Migration rule that does it; absent when a person must.' }),
  keyId: maskedKeyId.optional(),
  accountHint: accountHint.optional(),
  usedBy: usedBy.optional(),
  otherPlaces: z.array(z.object(locationShape)),
  gated: z.boolean().meta({ description: 'The fix waits for something outside the repository.' }),
});

export const auditSchema: z.ZodType = z.union([
  z
    .object({
      schemaVersion: z.literal(1),
      root: z.string().meta({ description: 'Absolute path of the audited folder.' }),
      summary: z.object({
        credentialsInClear: count,
        staticMethods: counts(usedBy.options).meta({
          description: 'Places that use a static credential, by who does.',
        }),
        methods: counts(['static', 'indirect', 'dynamic']),
        findings: counts(severities),
        suppressed: count,
        foreignMarks: count.meta({ description: 'Marks of other scanners that were met.' }),
        keyless: z.boolean(),
      }),
      findings: z.array(finding),
      suppressed: z.array(
        z.object({
          finding,
          reason: z.string(),
          until: z.iso.date().meta({ description: 'Last day of the suppression.' }),
          suppressedAt: z.object(locationShape),
        }),
      ),
      credentials: z
        .array(
          z.object({
            fingerprint: fingerprint.meta({
              description: 'Keyed hash of the key id, or of the secret where only that is known.',
            }),
            keyId: maskedKeyId.optional(),
            kind: z.enum(['long-term', 'temporary', 'bedrock', 'other']),
            parts: z.array(part),
            accountHint: accountHint.optional(),
            documentationExample: z.boolean(),
            doubt: z
              .string()
              .optional()
              .meta({ description: 'Why it may be no usable credential, as the end of a sentence.' }),
            places: z.array(
              z.object({
                ...locationShape,
                part,
                via: z.string().meta({ description: '`literal`, or the name by which the place takes part.' }),
              }),
            ),
          }),
        )
        .meta({ description: 'One entry for a credential, however many strings it is made of.' }),
      methods: z.array(
        z.object({
          kind: z.enum(methodKinds),
          class: authenticationClass,
          usedBy,
          ...locationShape,
          detail: z.string(),
          subject: z.string(),
          stack: z
            .string()
            .optional()
            .meta({ description: 'Folder of the Terraform root module; empty for the root.' }),
          roleArns: z.array(z.string()).optional(),
          accountId: z.string().optional(),
          credentialName: z.string().optional(),
        }),
      ),
      coverage: z.object({
        scanned: z.object({ files: count, bytes: count }),
        skipped: z.array(
          z.object({
            path: z.string(),
            reason: z.string(),
            detail: z.string(),
            line: z.int().positive().optional(),
            searchedAsText: z.boolean().meta({ description: 'It was still searched for credentials as plain text.' }),
          }),
        ),
      }),
    })
    .meta({ title: 'Inventory' }),
  failureSchema,
]);

/** `schemas/audit.schema.json`. */
export function renderAuditSchema(): string {
  return renderSchema(auditSchema, {
    title: 'keyless audit --json',
    description: 'Every credential and every authentication method of a repository, or why there is no answer.',
  });
}
