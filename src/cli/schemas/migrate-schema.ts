/** What `keyless migrate --json` prints, as a JSON Schema: a plan, a run taken back, or the profiles of `--aws-config`. */
import { z } from 'zod';
import { failureSchema, locationShape, renderSchema } from './shared.ts';

const planned = z
  .object({
    schemaVersion: z.literal(1),
    root: z.string().meta({ description: 'Absolute path of the repository.' }),
    writableThrough: z.int().nonnegative().meta({ description: 'Number of the last step that may be written now.' }),
    stoppedBy: z.string().nullable().meta({ description: 'Why the step after it may not be.' }),
    steps: z.array(
      z.object({
        number: z.int().positive(),
        id: z.string(),
        title: z.string(),
        gate: z
          .array(
            z.object({
              text: z.string(),
              command: z.string().optional(),
              policy: z.string().optional().meta({ description: 'What has to be there, as a JSON policy document.' }),
            }),
          )
          .meta({ description: 'What must be true before the step.' }),
        files: z.array(
          z.object({
            path: z.string(),
            rules: z.array(z.string()).meta({ description: 'Rules that edit it, in order.' }),
            created: z.boolean(),
            diff: z.string().meta({ description: 'Unified, with every secret masked: for reading, not for applying.' }),
          }),
        ),
        refusals: z.array(z.object({ rule: z.string(), ...locationShape, reason: z.string(), todo: z.string() })),
        remarks: z.array(
          z.object({ rule: z.string(), ...locationShape, text: z.string(), commands: z.array(z.string()).optional() }),
        ),
      }),
    ),
    written: z
      .object({
        run: z
          .string()
          .nullable()
          .meta({ description: 'Id of the run that `--undo` takes back; null when nothing had to be written.' }),
        paths: z.array(z.string()),
      })
      .nullable()
      .meta({ description: 'null without --write.' }),
  })
  .meta({ title: 'Plan' });

const undone = z
  .object({
    schemaVersion: z.literal(1),
    undone: z.object({ run: z.string(), writtenAt: z.iso.datetime(), paths: z.array(z.string()) }),
  })
  .meta({ title: 'Undone run' });

const profiles = z
  .object({
    schemaVersion: z.literal(1),
    path: z.string(),
    added: z.array(z.string()),
    updated: z.array(z.string()),
    unchanged: z.array(z.string()),
    warnings: z.array(z.string()),
    diff: z.string(),
    written: z.boolean(),
  })
  .meta({ title: 'Profiles' });

export const migrateSchema: z.ZodType = z.union([planned, undone, profiles, failureSchema]);

/** `schemas/migrate.schema.json`. */
export function renderMigrateSchema(): string {
  return renderSchema(migrateSchema, {
    title: 'keyless migrate --json',
    description: 'The plan of a move with every changed file and every refusal, a run taken back, or profiles.',
  });
}
