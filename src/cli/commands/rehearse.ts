/** `keyless rehearse`: the move told on a copy against the embedded AWS, with a verdict, a proof and a report. */
import { resolve } from 'node:path';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { Ports } from '../../ports/index.ts';
import { type Rehearsal, type RehearseOptions, rehearse } from '../../rehearse/index.ts';
import type { CommandModule } from '../command.ts';
import { resolveRoot, rootArgument } from '../root-argument.ts';
import { version } from '../version.ts';
import { renderRehearseHtml } from '../views/rehearse-html.ts';
import { renderRehearseJson } from '../views/rehearse-json.ts';
import { type RehearseTextOptions, renderStep, renderVerdict } from '../views/rehearse-text.ts';

interface Options {
  readonly output?: string;
  readonly proof?: string;
  readonly stack: readonly string[];
  readonly account: readonly string[];
  readonly keep?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

export const rehearseCommand: CommandModule = {
  configure: (command) => {
    command
      .argument(rootArgument.name, rootArgument.description)
      .option('--output <file>', 'also write the report, one page of HTML, readable by its owner only')
      .option('--proof <file>', 'also write the proof as JSON, readable by its owner only')
      .option(
        '--stack <path>',
        'only this stack of keyless.yaml and those whose state it reads; may be repeated',
        collect,
        [],
      )
      .option('--account <name>', 'only stacks of this account of keyless.yaml; may be repeated', collect, [])
      .option('--keep', 'leave the migrated copy and the folders terraform ran in, and say where')
      .option('--verbose', 'show every check, not only what failed');
  },
  run: async (ports, args, given) => {
    const options = given as unknown as Options;
    const root = await resolveRoot(ports, args[0]);
    const text: RehearseTextOptions = {
      color: ports.output.color,
      columns: ports.output.columns,
      verbose: options.verbose === true,
    };
    const { rehearsal, kept } = await rehearse(ports, {
      root,
      keep: options.keep === true,
      stacks: options.stack.map(stackPath),
      accounts: options.account,
      progress: progressOn(ports, text, options.json === true),
    });
    ports.output.write(options.json === true ? renderRehearseJson(rehearsal, version) : renderVerdict(rehearsal, text));
    await deliver(ports, rehearsal, options);
    if (kept !== undefined) ports.output.note(`kept: ${kept}`);
    return rehearsal.verdict.outcome === 'red' ? ExitStatus.findings : ExitStatus.done;
  },
};

/** As a shell completes a folder: `./stacks/network/`. The root of the repository is the stack `''`. */
function stackPath(given: string): string {
  return given
    .replace(/^\.\/+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

/** Each step stands there as soon as it is told; the one that runs is shown while it runs. */
function progressOn({ output }: Ports, text: RehearseTextOptions, json: boolean): RehearseOptions['progress'] {
  return {
    begins: (number, title) => output.progress(`${number}  ${title} …`),
    ends: (step) => {
      output.progress(undefined);
      if (!json) output.write(renderStep(step, text));
    },
  };
}

async function deliver(ports: Ports, rehearsal: Rehearsal, { output, proof }: Options): Promise<void> {
  const write = async (file: string | undefined, what: string, text: () => string): Promise<void> => {
    if (file === undefined) return;
    const path = resolve(ports.cwd, file);
    await ports.files.writeAtomic(path, text(), { mode: 0o600 });
    ports.output.note(`${what}: ${path}`);
  };
  await write(output, 'report', () => renderRehearseHtml(rehearsal, { version }));
  await write(proof, 'proof', () => renderRehearseJson(rehearsal, version));
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value.replace(/(.)\/+$/, '$1')];
}
