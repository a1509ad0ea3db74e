/**
 * `npm start`: the main job on the example repository, from a clean checkout to a reviewed diff, with the result checked
 * by the real terraform where there is one. Everything happens in a copy under the temporary folder.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkWithTerraform } from './start/check-with-terraform.ts';
import { git, keyless, say, title } from './start/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = realpathSync(mkdtempSync(join(tmpdir(), 'keyless-start-')));
const before = join(work, 'before');
const after = join(work, 'legacy-three-accounts');
const state = join(work, 'state');

title('The repository');
for (const copy of [before, after]) cpSync(join(root, 'examples/legacy-three-accounts'), copy, { recursive: true });
mkdirSync(state);
git(after, 'init', '--quiet', '--initial-branch=main');
git(after, 'remote', 'add', 'origin', 'https://github.com/fernwick/infrastructure.git');
git(after, 'add', '--all');
git(
  after,
  '-c',
  'user.name=keyless',
  '-c',
  'user.email=keyless@example.invalid',
  'commit',
  '--quiet',
  '-m',
  'as it was',
);
say(`A copy of examples/legacy-three-accounts: ${after}`);

title('1. What is in it');
keyless(after, ['audit', '.', '--fail-on', 'never']);
const counts = { before: auditCounts(), after: { clear: 0, terraform: 0, pipeline: 0, person: 0, made: 0 } };
keyless(after, ['audit', '.', '--format', 'html', '--output', join(work, 'before.html'), '--fail-on', 'never']);

title('2. What keyless.yaml says of it');
keyless(after, ['init', '--yes']);

title('3. The move, up to the step at which no key is used any more');
say('The gates of steps 2 and 3 are outside any repository (IAM, OIDC, one rollout); here they are taken as met.');
keyless(after, ['migrate', '--write', '--through', '3']);

title('4. What is in it now');
keyless(after, ['audit', '.', '--fail-on', 'never']);
counts.after = auditCounts();
keyless(after, ['audit', '.', '--format', 'html', '--output', join(work, 'after.html'), '--fail-on', 'never']);
const second = keyless(after, ['migrate', '--check', '--through', '3', '--no-diff'], { quiet: true });

title('5. The real terraform on the result');
const checks = await checkWithTerraform(before, after, work);

title('Result');
const row = (label: string, was: number, is: number): void =>
  say(`  ${label.padEnd(52)} ${String(was).padStart(3)} → ${is}`);
row('credentials in clear', counts.before.clear, counts.after.clear);
row('static credentials used by Terraform', counts.before.terraform, counts.after.terraform);
row('static credentials used by pipelines', counts.before.pipeline, counts.after.pipeline);
row('static credentials used by people and their tools', counts.before.person, counts.after.person);
row('static identities made by the code, retired last', counts.before.made, counts.after.made);
say('');
for (const { ok, text } of checks.results) say(`  ${ok ? 'ok    ' : 'FAILED'}  ${text}`);
say(`  ${second === 0 ? 'ok    ' : 'FAILED'}  a second run of migrate changes nothing`);
for (const text of checks.unchecked) say(`  not checked: ${text}`);
say(`
  report before   ${join(work, 'before.html')}
  report after    ${join(work, 'after.html')}
  the repository  ${after}
  the diff        git -C ${after} diff
  take it back    npx keyless migrate ${after} --undo`);

const used = counts.after.clear + counts.after.terraform + counts.after.pipeline + counts.after.person;
if (used > 0 || second !== 0 || checks.results.some(({ ok }) => !ok)) process.exitCode = 1;

function auditCounts(): { clear: number; terraform: number; pipeline: number; person: number; made: number } {
  const file = join(state, 'audit.json');
  keyless(after, ['audit', '.', '--format', 'json', '--output', file, '--fail-on', 'never'], { quiet: true });
  const { summary } = JSON.parse(readFileSync(file, 'utf8'));
  const { terraform, pipeline, person, application } = summary.staticMethods;
  return {
    clear: summary.credentialsInClear,
    terraform,
    pipeline,
    person: person + application,
    made: summary.staticMethods['made-by-code'],
  };
}
