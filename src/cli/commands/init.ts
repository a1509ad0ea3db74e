/** `keyless init`: drafts keyless.yaml from what the repository says. */
import { join } from 'node:path';
import { auditRepository } from '../../audit/index.ts';
import {
  askForMissing,
  type GitHubJob,
  type IntentDraft,
  inferIntentDraft,
  intentFileName,
  missingValues,
  parseIntent,
  readSurroundings,
  renderDraft,
} from '../../intent/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import { pipelineJobsOf } from '../../migrate/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { CommandModule } from '../command.ts';
import { readRepository } from '../read-repository.ts';
import { pathArgument, resolveRoot, rootArgument } from '../root-argument.ts';
import { type InitReport, renderInitJson, renderInitText } from '../views/init.ts';

interface Options {
  readonly yes?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
}

export const initCommand: CommandModule = {
  configure: (command) => {
    command
      .argument(rootArgument.name, rootArgument.description)
      .option('--yes', 'never ask; what is unknown stays visibly missing')
      .option('--print', 'print the draft instead of writing it; never asks');
  },
  run: async (ports, args, given) => {
    const options = given as Options;
    const root = await resolveRoot(ports, args[0]);
    const path = join(root, intentFileName);
    if (options.print !== true) await refuseExisting(ports, path);

    const repository = await readRepository(ports, root);
    const inventory = auditRepository(repository, { now: ports.clock.now(), root });
    const inferred = inferIntentDraft(repository, inventory, await readSurroundings(ports, root));
    const mayAsk = ports.prompt.interactive && options.yes !== true && options.print !== true && options.json !== true;
    const asked = mayAsk ? await askForMissing(inferred, ports) : inferred;
    const draft = withJobs(asked, pipelineJobsOf(repository, parseIntent(renderDraft(asked))));
    const text = renderDraft(draft);

    if (options.print !== true) {
      await refuseExisting(ports, path);
      await ports.files.writeAtomic(path, text);
    }
    const report: InitReport = {
      path,
      written: options.print !== true,
      text,
      draft,
      missing: missingValues(parseIntent(text)),
      pathArgument: pathArgument(args[0]),
    };
    if (options.json === true) ports.output.write(renderInitJson(report));
    else if (options.print === true) ports.output.write(text);
    else ports.output.write(renderInitText(report, ports.output.color, ports.output.columns));
    return ExitStatus.done;
  },
};

/** Which role a job takes follows from accounts and environments, so it is known when those are. */
function withJobs(draft: IntentDraft, jobs: readonly GitHubJob[]): IntentDraft {
  return draft.github === undefined ? draft : { ...draft, github: { ...draft.github, jobs } };
}

async function refuseExisting({ files }: Ports, path: string): Promise<void> {
  // A dangling symbolic link is somebody's file too.
  if ((await files.lstat(path)) === undefined) return;
  throw new KeylessError({
    code: 'CONFIG_EXISTS',
    message: `${path} is there already and is never overwritten`,
    hint: 'keyless init --print, to compare it with a fresh draft',
    details: { path },
  });
}
