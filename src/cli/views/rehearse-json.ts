/** A rehearsal as the JSON proof that `schemas/rehearse.schema.json` describes. */
import type { Rehearsal } from '../../rehearse/index.ts';

export function renderRehearseJson(rehearsal: Rehearsal, version: string): string {
  const { tools, steps, ...rest } = rehearsal;
  const proof = {
    schemaVersion: 1,
    ...rest,
    tools: { keyless: version, terraform: tools.terraform ?? null, awsProvider: tools.awsProvider ?? null },
    steps: steps.map(({ checks, matrix, changes, ...step }) => ({
      ...step,
      checks: checks.map(({ evidence, ...check }) => ({
        ...check,
        ...(evidence === undefined
          ? {}
          : { evidence: evidence.map(({ exitCode, ...each }) => ({ ...each, exitCode: exitCode ?? null })) }),
      })),
      ...(matrix === undefined
        ? {}
        : {
            matrix: {
              roles: matrix.roles,
              rows: matrix.rows.map(({ environment, subject, cells, ...row }) => ({
                ...row,
                environment: environment ?? null,
                subject: subject ?? null,
                cells: cells.map(({ refusal, ...cell }) => ({ ...cell, refusal: refusal ?? null })),
              })),
            },
          }),
      ...(changes === undefined
        ? {}
        : { changes: changes.map(({ versionId, ...change }) => ({ ...change, versionId: versionId ?? null })) }),
    })),
  };
  return `${JSON.stringify(proof, null, 2)}\n`;
}
