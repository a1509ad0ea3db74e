/** What the published schemas have in common. */
import { z } from 'zod';
import { type ErrorCode, errorCodes } from '../../kernel/error-codes.ts';

export const locationShape: { readonly path: z.ZodString; readonly line: z.ZodInt; readonly column: z.ZodInt } = {
  path: z.string().meta({
    description:
      'Relative to the root, `/` as separator; `~/…` for the home folder, `<environment>/…` for the process environment.',
  }),
  line: z.int().positive(),
  column: z.int().positive().meta({ description: 'In UTF-16 code units, from 1.' }),
};

/** Printed by any command with `--json` that had to stop; the exit status is never 0 or 1 then. */
export const failureSchema: z.ZodType = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      hint: z.string().optional().meta({ description: 'What to run or to do next.' }),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ title: 'Failure' });

/** Open to fields of a later minor version, as readers have to be. */
export function renderSchema(
  schema: z.ZodType,
  about: { readonly title: string; readonly description: string },
): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $schema, ...about, ...rest }, null, 2)}\n`;
}
