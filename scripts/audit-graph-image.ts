/** The picture of the README: how one gets into the accounts of the example repository before the move and after it. */
import { fileURLToPath } from 'node:url';
import { auditRepository, authenticationGraph, type Inventory } from '../src/audit/index.ts';
import { type PictureGraph, renderGraphPicture } from '../src/cli/views/graph-picture.ts';
import { inferIntentDraft, parseIntent, renderDraft } from '../src/intent/index.ts';
import { planMigration } from '../src/migrate/index.ts';
import { realFiles } from '../src/ports/real/files.ts';
import { readTree } from '../src/repository/index.ts';

const example = fileURLToPath(new URL('../examples/legacy-three-accounts', import.meta.url));
/** Nothing in the example ends or begins by date. */
const now = new Date('2026-11-21T00:00:00Z');

export async function auditGraphImage(): Promise<string> {
  const before = await readTree(realFiles(process.pid), example);
  const inventory = auditRepository(before, { now });
  const draft = inferIntentDraft(before, inventory, {
    folderName: 'infrastructure',
    gitConfig: {
      path: '.git/config',
      text: '[remote "origin"]\n\turl = https://github.com/fernwick/infrastructure.git\n',
    },
    awsConfig: undefined,
  });
  const plan = planMigration(before, parseIntent(renderDraft(draft)), {
    includeComments: false,
    moduleSources: 'keep',
  });
  return renderGraphPicture([
    pictureOf('Before', inventory),
    pictureOf('After', auditRepository(plan.result, { now })),
  ]);
}

function pictureOf(title: string, inventory: Inventory): PictureGraph {
  const { staticMethods, credentialsInClear } = inventory.summary;
  const { terraform, pipeline, person, application } = staticMethods;
  const uses = terraform + pipeline + person + application;
  const remark = `${count(credentialsInClear, 'credential')} in clear, ${count(uses, 'place')} that ${uses === 1 ? 'uses' : 'use'} a static credential`;
  return { title, remark, graph: authenticationGraph(inventory) };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
