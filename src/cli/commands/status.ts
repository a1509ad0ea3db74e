/** `keyless status`: how far the move is, what blocks it, the next command. */
import { auditRepository } from '../../audit/index.ts';
import { findIntent, type Intent, loadIntent, planAwsConfigFile } from '../../intent/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import { openUndoStore, planMigration, type RunRecord } from '../../migrate/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { Repository } from '../../repository/index.ts';
import type { CommandModule } from '../command.ts';
import { readRepository } from '../read-repository.ts';
import { pathArgument, resolveRoot, rootArgument } from '../root-argument.ts';
import { renderStatusJson, renderStatusText } from '../views/status.ts';
import { type MoveFacts, type ProfileStatus, statusReport } from '../views/status-report.ts';

export const statusCommand: CommandModule = {
  configure: (command) => {
    command.argument(rootArgument.name, rootArgument.description);
  },
  run: async (ports, args, options) => {
    const named = await resolveRoot(ports, args[0]);
    const home = await findIntent(ports.files, named);
    const root = home ?? named;
    const shown = root === ports.cwd ? '' : pathArgument(args[0] === undefined || root !== named ? root : args[0]);
    // Before the tree is read, so that a mistake in the file is told at once.
    const intent = home === undefined ? undefined : await loadIntent(ports.files, home);
    const repository = await readRepository(ports, root);
    const inventory = auditRepository(repository, { now: ports.clock.now(), root });
    const facts = intent && (await moveFacts(ports, root, intent, repository));
    const report = statusReport(root, inventory, facts, shown);
    ports.output.write(
      options.json === true
        ? renderStatusJson(report)
        : renderStatusText(report, ports.output.color, ports.output.columns),
    );
    return ExitStatus.done;
  },
};

async function moveFacts(ports: Ports, root: string, intent: Intent, repository: Repository): Promise<MoveFacts> {
  const store = await openUndoStore(ports, root);
  const runs: RunRecord[] = [];
  for (const id of await store.list()) runs.push(await store.load(id));
  return {
    intent,
    repository,
    plan: planMigration(repository, intent, { includeComments: false, moduleSources: 'keep' }),
    runs,
    profiles: await profileStatus(ports, intent),
  };
}

async function profileStatus(ports: Ports, intent: Intent): Promise<ProfileStatus> {
  try {
    const change = await planAwsConfigFile(ports, intent);
    if (!('missing' in change)) return change;
    return `waiting for ${change.missing.map(({ key }) => key).join(' and ')}`;
  } catch (error) {
    if (error instanceof KeylessError && error.code === 'AWS_CONFIG_UNREADABLE') return error.message;
    throw error;
  }
}
