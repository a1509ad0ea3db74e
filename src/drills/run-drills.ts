/** Several drills, a few at a time: most of what they do is wait. */
import type { TerraformCommand } from '../rehearse/index.ts';
import type { Drill, DrillResult } from './drill.ts';
import { runDrill } from './run-drill.ts';
import type { DrillPorts } from './stage.ts';

/** Results in the order of the drills; each is told of as soon as it is there. */
export async function runDrills(
  ports: DrillPorts,
  terraform: TerraformCommand,
  drills: readonly Drill[],
  options: { readonly parallel: number; readonly done: (result: DrillResult) => void },
): Promise<readonly DrillResult[]> {
  const results = new Map<string, DrillResult>();
  const waiting = [...drills];
  const work = async (): Promise<void> => {
    for (let drill = waiting.shift(); drill !== undefined; drill = waiting.shift()) {
      const result = await runDrill(ports, terraform, drill);
      results.set(drill.id, result);
      options.done(result);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return drills.flatMap(({ id }) => results.get(id) ?? []);
}
