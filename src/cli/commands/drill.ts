/** `keyless drill`: failure on purpose, with the real Terraform against the embedded AWS. */
import { resolve } from 'node:path';
import { type Drill, drills, runDrills, terraformForDrills } from '../../drills/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { CommandModule } from '../command.ts';
import {
  renderDrillList,
  renderDrillListJson,
  renderDrillResult,
  renderDrillSummary,
  renderDrillsJson,
  replaceScorecard,
} from '../views/drill.ts';

interface Options {
  readonly all?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly scorecard?: string;
}

/** At once, of many: they wait most of the time. */
const atOnce = 3;

export const drillCommand: CommandModule = {
  configure: (command) => {
    command
      .argument('[id...]', 'of drills; `keyless drill --list` shows them')
      .option('--all', 'every drill, the slow ones too: some minutes')
      .option('--list', 'show what there is, and run nothing')
      .option('--scorecard <file>', 'write the results, with the date, between the markers of a Markdown file');
  },
  run: async (ports, ids, given) => {
    const options = given as Options;
    const chosen = options.all === true ? drills : ids.map(findDrill);
    const { output } = ports;
    if (options.list === true || chosen.length === 0) {
      const shown = chosen.length === 0 ? drills : chosen;
      output.write(
        options.json === true ? renderDrillListJson(shown) : renderDrillList(shown, output.color, output.columns),
      );
      return ExitStatus.done;
    }
    const terraform = await terraformForDrills(ports);
    let left = chosen.length;
    const progress = (): void => output.progress(left === 0 ? undefined : `${left} of ${chosen.length} drills to go`);
    progress();
    const results = await runDrills(ports, terraform, chosen, {
      parallel: Math.min(atOnce, chosen.length),
      done: (result) => {
        left -= 1;
        output.progress(undefined);
        if (options.json !== true) output.write(renderDrillResult(result, output.color, output.columns));
        progress();
      },
    });
    output.write(options.json === true ? renderDrillsJson(results) : renderDrillSummary(results, output.color));
    if (options.scorecard !== undefined) {
      const path = resolve(ports.cwd, options.scorecard);
      const page = Buffer.from(await ports.files.read(path)).toString();
      await ports.files.writeAtomic(path, replaceScorecard(page, path, results, ports.clock.now()));
    }
    return results.every(({ asExpected }) => asExpected) ? ExitStatus.done : ExitStatus.findings;
  },
};

function findDrill(id: string): Drill {
  const found = drills.find((drill) => drill.id === id);
  if (found !== undefined) return found;
  const suggestion = nearest(
    id,
    drills.map((drill) => drill.id),
  );
  throw new KeylessError({
    code: 'UNKNOWN_ID',
    message: `no drill is called '${id}'${suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`}`,
    hint: suggestion === undefined ? 'keyless drill --list' : `keyless drill ${suggestion}`,
  });
}
