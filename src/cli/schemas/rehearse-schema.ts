/** What `keyless rehearse --json` prints, as a JSON Schema: the proof. */
import { z } from 'zod';
import { failureSchema, renderSchema } from './shared.ts';

const outcome = z.enum(['green', 'red', 'skipped']);

const evidence = z.object({
  command: z.string().meta({ description: 'As typed, without values of the environment.' }),
  environment: z.array(z.string()).meta({ description: 'Names of the variables that were set for it.' }),
  exitCode: z.int().nullable(),
  output: z.string().meta({ description: 'The lines that matter, redacted.' }),
});

const check = z.object({
  outcome,
  what: z.string(),
  client: z.string().meta({ description: 'Who made the calls: terraform with its version, or keyless.' }),
  result: z.string(),
  cause: z.string().optional(),
  fix: z.string().optional(),
  evidence: z.array(evidence).optional(),
});

const matrix = z.object({
  roles: z.array(z.object({ account: z.string(), role: z.string(), arn: z.string() })),
  rows: z.array(
    z.object({
      job: z.string(),
      trigger: z.string(),
      environment: z.string().nullable(),
      outsider: z.boolean().meta({ description: 'Somebody who must get nothing.' }),
      subject: z.string().nullable().meta({ description: '`sub` of the token; null when the issuer gave none.' }),
      cells: z
        .array(
          z.object({
            intended: z.boolean().meta({ description: 'keyless.yaml says so.' }),
            allowed: z.boolean().meta({ description: 'STS gave a session.' }),
            asked: z.boolean().meta({ description: "The job's workflow asks for the role." }),
            refusal: z.string().nullable(),
          }),
        )
        .meta({ description: 'One for each role, in their order.' }),
    }),
  ),
});

const change = z.object({
  at: z.string(),
  object: z.string(),
  versionId: z.string().nullable(),
  step: z.string(),
  who: z.object({
    kind: z.enum(['person', 'workflow', 'shared-key', 'unknown']),
    name: z.string(),
    through: z.string(),
  }),
});

const proof = z
  .object({
    schemaVersion: z.literal(1),
    repository: z.string(),
    startedAt: z.iso.datetime(),
    seconds: z.number().nonnegative(),
    tools: z.object({ keyless: z.string(), terraform: z.string().nullable(), awsProvider: z.string().nullable() }),
    assumptions: z.array(z.string()).meta({ description: 'What keyless.yaml does not say and was assumed.' }),
    verdict: z.object({
      outcome: z.enum(['green', 'red']),
      text: z.string(),
      red: z.array(z.object({ step: z.int(), what: z.string(), cause: z.string(), fix: z.string() })),
      skipped: z.array(z.object({ step: z.int(), what: z.string(), reason: z.string() })),
    }),
    network: z.object({
      requests: z.int().nonnegative().meta({ description: 'Requests that the embedded AWS answered.' }),
      refusedHosts: z.array(z.string()).meta({ description: 'Hosts that a client tried to reach, and was refused.' }),
    }),
    steps: z.array(
      z.object({
        number: z.int().positive(),
        id: z.string(),
        title: z.string(),
        outcome,
        clients: z.array(z.string()),
        summary: z.string(),
        seconds: z.number().nonnegative(),
        checks: z.array(check),
        notes: z.array(z.string()),
        matrix: matrix.optional(),
        changes: z.array(change).optional(),
        figures: z.array(z.object({ label: z.string(), before: z.number(), after: z.number() })).optional(),
      }),
    ),
  })
  .meta({ title: 'Proof' });

export const rehearseSchema: z.ZodType = z.union([proof, failureSchema]);

/** `schemas/rehearse.schema.json`. */
export function renderRehearseSchema(): string {
  return renderSchema(rehearseSchema, {
    title: 'keyless rehearse --json',
    description:
      'The proof of a rehearsal: every step with who ran it, every check with its evidence, and the verdict.',
  });
}
