/** Several drills, a few at a time: most of what they do is wait. */
import type { TerraformCommand } from '../rehearse/index.ts';
import type { Drill, DrillResult } from './drill.ts';
import { runDrill } from './run-drill.ts';
import type { DrillPorts } from './stage.ts';

/**
 * Results in the order of the drills; each is told of as soon as it is there. A drill that cannot be carried out ends them
 * all; the others that run are finished first.
 */
export async function runDrills(
  ports: DrillPorts,
  terraform: TerraformCommand,
  drills: readonly Drill[],
  options: { readonly parallel: number; readonly done: (result: DrillResult) => void },
): Promise<readonly DrillResult[]> {
  const results = new Map<string, DrillResult>();
  const waiting = [...drills];
  const work = async (): Promise<void> => {
    try {
      for (let drill = waiting.shift(); drill !== undefined; drill = waiting.shift()) {
        const result = await runDrill(ports, terraform, drill);
        results.set(drill.id, result);
        options.done(result);
      }
    } finally {
      // Empty already, unless a drill could not be carried out.
      waiting.length = 0;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: options.parallel }, work));
  // Each has tidied up before the first failure is told.
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return drills.flatMap(({ id }) => results.get(id) ?? []);
}
