/** `keyless migrate`: plan, show, write, undo. */
import { InvalidArgumentError } from 'commander';
import { redactionFor } from '../../audit/index.ts';
import { loadIntent } from '../../intent/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import { nearest } from '../../kernel/nearest.ts';
import {
  type ChangeSet,
  type MigrationOptions,
  type MigrationPlan,
  migrationRules,
  openUndoStore,
  planMigration,
  steps,
  undoLastRun,
  writableChangeSets,
  writeChangeSets,
} from '../../migrate/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { CommandModule } from '../command.ts';
import { readRepository } from '../read-repository.ts';
import { pathArgument, resolveRoot, rootArgument } from '../root-argument.ts';
import { type MigrateReport, renderMigrateJson, renderMigrateText } from '../views/migrate.ts';
import { runAwsConfig } from './migrate-aws-config.ts';

interface Options {
  readonly write?: boolean;
  readonly through?: number;
  readonly undo?: boolean;
  readonly rule?: readonly string[];
  readonly check?: boolean;
  readonly awsConfig?: boolean;
  readonly diff?: boolean;
  readonly includeComments?: boolean;
  readonly moduleSource?: readonly (readonly [string, string])[];
  readonly json?: boolean;
}

export const migrateCommand: CommandModule = {
  configure: (command) => {
    command
      .argument(rootArgument.name, rootArgument.description)
      .option('--write', 'write the steps whose gates are met')
      .option('--through <step>', 'the gates of the steps up to this number are met', stepNumber)
      .option('--undo', 'take the last run of --write back')
      .option('--rule <id>', 'only this rule; may be repeated', collectRule, [])
      .option('--check', 'write nothing; exit 1 when an edit is pending')
      .option('--no-diff', 'leave the diffs and policies out of the text')
      .option('--aws-config', 'profiles for ~/.aws/config instead of the repository')
      .option('--include-comments', 'also take keys out of comments')
      .option(
        '--module-source <from=to>',
        'rewrite an s3:: module source to a git source with a pinned ref; may be repeated',
        collectModuleSource,
        [],
      );
  },
  run: async (ports, args, given) => {
    const options = given as Options;
    refuseContradictions(options);
    const root = await resolveRoot(ports, args[0]);
    if (options.undo === true) return await undo(ports, root, options);
    if (options.awsConfig === true) {
      return await runAwsConfig(ports, root, {
        write: options.write === true,
        check: options.check === true,
        json: options.json === true,
      });
    }
    const intent = await loadIntent(ports.files, root);
    const repository = await readRepository(ports, root);
    ports.output.progress('planning');
    const selected =
      options.rule === undefined || options.rule.length === 0
        ? migrationRules
        : migrationRules.filter(({ id }) => options.rule?.includes(id));
    const plan = planMigration(repository, intent, migrationOptions(options), selected);
    ports.output.progress(undefined);
    const writable = writableChangeSets(plan, options.through);
    const written =
      options.write === true
        ? await writeChangeSets(ports, root, await openUndoStore(ports, root), writable.changeSets)
        : undefined;
    const report: MigrateReport = {
      root,
      plan,
      intent,
      writableThrough: writable.through,
      vouchedThrough: writable.vouchedThrough,
      stoppedBy: writable.stoppedBy,
      written,
      redact: redactionFor(repository, ports.clock.now()),
      brief: options.diff === false,
      pathArgument: pathArgument(args[0]),
    };
    ports.output.write(
      options.json === true
        ? renderMigrateJson(report)
        : renderMigrateText(report, ports.output.color, ports.output.columns),
    );
    return exitStatus(plan, options, writable.changeSets);
  },
};

/** `--check` finds pending edits; otherwise a plan with nothing but refusals left needs a person. */
function exitStatus(plan: MigrationPlan, options: Options, writable: readonly ChangeSet[]): ExitStatus {
  const considered = options.check === true && options.through !== undefined ? writable : plan.changeSets;
  const pending = considered.some(({ changes }) => changes.length > 0);
  return options.check === true && pending ? ExitStatus.findings : ExitStatus.done;
}

async function undo(ports: Ports, root: string, options: Options): Promise<ExitStatus> {
  const run = await undoLastRun(ports, root, await openUndoStore(ports, root));
  const paths = run.files.map(({ path }) => path);
  if (options.json === true) {
    ports.output.write(
      `${JSON.stringify({ schemaVersion: 1, undone: { run: run.id, writtenAt: run.writtenAt, paths } }, null, 2)}\n`,
    );
  } else {
    ports.output.write(`Took back the run of ${run.writtenAt}:\n${paths.map((path) => `  ${path}\n`).join('')}`);
  }
  return ExitStatus.done;
}

function migrationOptions(options: Options): MigrationOptions {
  const sources = options.moduleSource ?? [];
  return {
    includeComments: options.includeComments === true,
    moduleSources: sources.length === 0 ? 'keep' : new Map(sources),
  };
}

function refuseContradictions(options: Options): void {
  const exclusive = [
    ['--undo', options.undo],
    ['--write', options.write],
    ['--check', options.check],
  ].flatMap(([name, value]) => (value === true ? [name as string] : []));
  if (exclusive.length > 1) {
    throw new KeylessError({
      code: 'USAGE',
      message: `${exclusive.join(' and ')} contradict each other; give one`,
      hint: 'keyless migrate --help',
    });
  }
}

function stepNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > steps.length) {
    throw new InvalidArgumentError(`expected a step from 1 to ${steps.length}.`);
  }
  return number;
}

function collectRule(value: string, previous: readonly string[]): readonly string[] {
  const ids = migrationRules.map(({ id }) => id);
  const found = ids.find((id) => id.toLowerCase() === value.toLowerCase());
  if (found === undefined) {
    const suggestion = nearest(value, ids);
    throw new InvalidArgumentError(
      `there is no such rule${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}; keyless explain lists them.`,
    );
  }
  return [...previous, found];
}

function collectModuleSource(
  value: string,
  previous: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  // An s3:: source may hold `=` in its query, a git source begins with `git::`.
  const at = value.indexOf('=git::');
  if (!value.startsWith('s3::') || at === -1) {
    throw new InvalidArgumentError('expected s3::<source>=git::<url>?ref=<pinned ref>.');
  }
  return [...previous, [value.slice(0, at), value.slice(at + 1)]];
}
