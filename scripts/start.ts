/**
 * `npm start`: the main job on the example repository. It is audited, `keyless.yaml` is drafted and filled in, and the whole
 * move is rehearsed: real terraform against an embedded AWS, where there is one. Everything happens in the temporary folder.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillIn } from './start/fill-in.ts';
import { git, keyless, say, title } from './start/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = realpathSync(mkdtempSync(join(tmpdir(), 'keyless-start-')));
const copy = join(work, 'legacy-three-accounts');
const report = join(work, 'rehearsal.html');
const proof = join(work, 'proof.json');

title('The repository, and what is in it');
cpSync(join(root, 'examples/legacy-three-accounts'), copy, { recursive: true });
git(copy, 'init', '--quiet', '--initial-branch=main');
git(copy, 'remote', 'add', 'origin', 'https://github.com/fernwick/infrastructure.git');
say(`A copy of examples/legacy-three-accounts: ${copy}`);
keyless(copy, ['audit', '.', '--format', 'html', '--output', join(work, 'before.html'), '--fail-on', 'never']);

title('What keyless.yaml says of it');
say('$ keyless init --yes');
keyless(copy, ['init', '--yes'], { quiet: true });
say('Drafted from the repository. Filled in by hand, as the team would:');
const intent = join(copy, 'keyless.yaml');
const filledIn = fillIn(readFileSync(intent, 'utf8'));
writeFileSync(intent, filledIn.text);
for (const line of filledIn.lines) say(`  ${line}`);
git(copy, 'add', '--all');
const identity = ['-c', 'user.name=keyless', '-c', 'user.email=keyless@example.invalid'];
git(copy, ...identity, 'commit', '--quiet', '-m', 'as it was');

title('The rehearsal');
const status = keyless(copy, ['rehearse', '.', '--output', report, '--proof', proof]);

title('Result');
keyless(copy, ['migrate', '--write', '--through', '3', '--no-diff'], { quiet: true });
for (const { label, before, after } of figures()) {
  say(`  ${label.padEnd(52)} ${String(before).padStart(3)} → ${after}`);
}
say(`
  the report      ${report}
  the proof       ${proof}
  the audit       ${join(work, 'before.html')}
  the repository  ${copy}, moved up to step 3
  the diff        git -C ${copy} diff
  take it back    npx keyless migrate ${copy} --undo`);
process.exitCode = status;

function figures(): readonly { readonly label: string; readonly before: number; readonly after: number }[] {
  const { steps } = JSON.parse(readFileSync(proof, 'utf8'));
  return steps.find(({ id }: { id: string }) => id === 'migrate').figures ?? [];
}
