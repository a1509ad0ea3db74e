/** 2. Audit, then migrate: the copy is written as `keyless migrate --write --through 3` writes it. */
import { auditRepository, type Inventory, type Summary, type UsedBy } from '../../audit/index.ts';
import {
  type MigrationPlan,
  openUndoStore,
  planMigration,
  writableChangeSets,
  writeChangeSets,
} from '../../migrate/index.ts';
import type { Repository } from '../../repository/index.ts';
import { counted } from '../counted.ts';
import type { Check, Figure } from '../rehearsal.ts';
import { writeTree } from '../run-folders.ts';
import { planStackRuns } from '../stack-runs.ts';
import { green, red, type Stage, type Step } from '../stage.ts';

/** The step at which no key is used any more; the ones after it need this one to be rolled out first. */
const through = 3;
const options = { includeComments: false, moduleSources: 'keep' } as const;

export const migrate: Step = {
  id: 'migrate',
  title: 'Audit, then migrate the copy',
  needsTerraform: false,
  async run(stage) {
    const { ports, folders, before, intent } = stage;
    await writeTree(ports.files, folders.copy, before);
    const untidy = await untidyFiles(stage);
    const plan = planMigration(before, intent, options);
    const writable = writableChangeSets(plan, through);
    // The way back is stored beside the copy, and goes with it.
    const store = await openUndoStore({ ...ports, env: {}, home: folders.root }, folders.copy);
    const { paths } = await writeChangeSets(ports, folders.copy, store, writable.changeSets);
    stage.after = migrated(before, writable.changeSets);
    stage.migratedRuns = planStackRuns(stage.after, intent, stage.command?.version ?? stage.withoutTerraform ?? '');

    const now = ports.clock.now();
    const is = auditRepository(stage.after, { now });
    const again = writableChangeSets(planMigration(stage.after, intent, options), through);
    const pending = again.changeSets.flatMap(({ changes }) => changes.map(({ path }) => path));
    const checks = [
      ...leftChecks(is),
      ...(paths.length === 0 ? [] : await formatChecks(stage, untidy)),
      pending.length === 0
        ? green('a second run of migrate', 'keyless', 'changes nothing')
        : red('a second run of migrate', 'keyless', 'would edit again', {
            cause: `It would still edit ${pending.join(', ')}.`,
            fix: `keyless migrate --write --through ${through}`,
          }),
    ];
    const used = sumOf(is) === 0 ? 'No static credential is used any more' : `${sumOf(is)} uses are left`;
    return {
      summary: `${counted(paths.length, 'file')} edited, up to step ${through} of the move, whose gates are taken as met. ${used}.`,
      checks,
      figures: figuresOf(stage.inventory, is),
      notes: refusalsOf(plan),
    };
  },
};

/** Files that `terraform fmt` would change; `undefined` without terraform. */
async function untidyFiles({ terraform, folders }: Stage): Promise<ReadonlySet<string> | undefined> {
  const run = await terraform?.run(folders.copy, ['fmt', '-check', '-recursive', '-list=true'], {});
  return run && new Set(run.evidence.output.split('\n').filter((line) => line.endsWith('.tf')));
}

/** A file that terraform had nothing to say about before must be as it writes it afterwards. */
async function formatChecks(stage: Stage, before: ReadonlySet<string> | undefined): Promise<readonly Check[]> {
  const after = await untidyFiles(stage);
  if (stage.terraform === undefined || before === undefined || after === undefined) return [];
  const worse = [...after].filter((file) => !before.has(file));
  const what = 'the layout of the edited files';
  return [
    worse.length === 0
      ? green(what, stage.terraform.name, 'is as terraform fmt writes it, where it was so before')
      : red(what, stage.terraform.name, 'is not as terraform fmt writes it', {
          cause: `terraform fmt would change ${worse.join(', ')}.`,
          fix: 'terraform fmt -recursive',
        }),
  ];
}

/** The repository after the change sets. */
export function migrated(before: Repository, changeSets: MigrationPlan['changeSets']): Repository {
  return before.with(
    new Map(changeSets.flatMap(({ changes }) => changes.map(({ path, after }) => [path, after] as const))),
  );
}

function figuresOf({ summary: was }: Inventory, { summary: is }: Inventory): readonly Figure[] {
  const used = (label: string, ...by: readonly UsedBy[]): Figure => {
    const sum = ({ staticMethods }: Summary) => by.reduce((total, each) => total + staticMethods[each], 0);
    return { label, before: sum(was), after: sum(is) };
  };
  return [
    { label: 'credentials in clear', before: was.credentialsInClear, after: is.credentialsInClear },
    used('static credentials used by Terraform', 'terraform'),
    used('static credentials used by pipelines', 'pipeline'),
    used('static credentials used by people and their tools', 'person', 'application'),
    used('static identities made by the code, retired last', 'made-by-code'),
  ];
}

function sumOf({ summary }: Inventory): number {
  const { terraform, pipeline, person, application } = summary.staticMethods;
  return summary.credentialsInClear + terraform + pipeline + person + application;
}

/** One check for each place where a static credential is still used. */
function leftChecks(after: Inventory): readonly Check[] {
  const left = after.methods.filter((method) => method.class === 'static' && method.usedBy !== 'made-by-code');
  if (left.length === 0 && after.summary.credentialsInClear === 0) {
    return [green('audit of the migrated copy', 'keyless', 'finds no static credential in use, and none in clear')];
  }
  const clear = after.credentials.filter(({ documentationExample }) => !documentationExample);
  return [
    ...left.map(({ path, line, detail }) =>
      red(`${path}:${line}`, 'keyless', 'still uses a static credential', {
        cause: detail,
        fix: 'keyless migrate shows why it was left alone',
      }),
    ),
    ...clear.map(({ keyId, places }) =>
      red(`credential ${keyId ?? 'without id'}`, 'keyless', 'still stands in clear', {
        cause: `It stands in ${[...new Set(places.map(({ path, line }) => `${path}:${line}`))].join(', ')}.`,
        fix: 'keyless audit',
      }),
    ),
  ];
}

function refusalsOf({ changeSets }: MigrationPlan): readonly string[] {
  return changeSets
    .filter(({ step }) => step.number <= through)
    .flatMap(({ refusals }) =>
      refusals.map(({ path, line, reason, todo }) => `Left alone: ${path}:${line}: ${reason} ${todo}`),
    );
}
