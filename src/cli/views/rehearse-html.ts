/**
 * A rehearsal as one self-contained page, for the people who decide on the move: the verdict, the story step by step with
 * who ran it, the matrix of pipelines and roles, who changed the state, and the evidence. It loads nothing and runs nothing.
 */
import type { Check, Evidence, Matrix, Rehearsal, StateChange, StepResult } from '../../rehearse/index.ts';
import { alike } from './alike.ts';
import { escapeHtml } from './escape-html.ts';
import { rehearseCss } from './rehearse-css.ts';
import { networkText } from './rehearse-text.ts';

export interface RehearseHtmlOptions {
  readonly version: string;
}

export function renderRehearseHtml(rehearsal: Rehearsal, { version }: RehearseHtmlOptions): string {
  const { repository, verdict, steps, network, tools, startedAt, seconds, assumptions } = rehearsal;
  const checks = steps.flatMap((step) => step.checks);
  const green = checks.filter(({ outcome }) => outcome === 'green').length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(repository)}: rehearsal of the move to zero static credentials</title>
<style>${rehearseCss}</style>
</head>
<body>
<header>
<p class="tool">keyless rehearse ${escapeHtml(version)} · ${escapeHtml(startedAt.slice(0, 16).replace('T', ' '))} UTC · ${seconds.toFixed(1)} s</p>
<h1>${escapeHtml(repository)}</h1>
<div class="verdict ${verdict.outcome}"><b>${verdict.outcome === 'green' ? 'Ready' : 'Not ready'}</b><p>${escapeHtml(verdict.text)}</p></div>
${verdict.red.length === 0 ? '' : redList(rehearsal)}
<ol class="track">${steps.map(trackStop).join('')}</ol>
<dl class="figures">
${figure(`${green}`, 'checks passed')}
${figure(`${checks.filter(({ outcome }) => outcome === 'red').length}`, 'checks failed', verdict.outcome === 'red')}
${figure(`${verdict.skipped.length}`, 'skipped, each with its reason')}
${figure(ranBy(checks, tools.terraform), `run by ${tools.terraform ?? 'terraform'}`)}
${figure(ranBy(checks, tools.awsProvider && `${tools.terraform} with AWS provider ${tools.awsProvider}`), `run by AWS provider${tools.awsProvider === undefined ? '' : ` ${tools.awsProvider}`}`)}
${figure(`${network.requests}`, 'requests to the embedded AWS')}
${figure(`${network.refusedHosts.length}`, 'other hosts asked for, and refused')}
</dl>
</header>
<main>
${steps.map(stepSection).join('\n')}
${closing(rehearsal, networkText(network), assumptions)}
</main>
</body>
</html>
`;
}

/** How many checks a client ran: that it is there shows nothing yet. */
function ranBy(checks: readonly Check[], name: string | undefined): string {
  const ran = checks.filter(({ client, outcome }) => client === name && outcome !== 'skipped');
  return ran.length === 0 ? 'none' : `${ran.length}`;
}

function redList({ verdict }: Rehearsal): string {
  const items = alike(verdict.red, ({ step, cause, fix }) => [step, cause, fix]).map(
    ({ item: { step, cause, fix }, what }) =>
      `<li><a href="#step-${step}">Step ${step}</a>: <b>${escapeHtml(what)}</b><br>${escapeHtml(cause)}<br><span class="fix">Fix: ${escapeHtml(fix)}</span></li>`,
  );
  return `<ul class="red-list">${items.join('\n')}</ul>`;
}

function trackStop({ number, title, outcome }: StepResult): string {
  return `<li class="${outcome}"><a href="#step-${number}"><span class="dot">${symbol(outcome, number)}</span>${escapeHtml(title)}</a></li>`;
}

function symbol(outcome: StepResult['outcome'], number: number): string {
  if (outcome === 'green') return '✓';
  return outcome === 'red' ? '✗' : `${number}`;
}

function figure(value: string, label: string, bad = false): string {
  return `<div${bad ? ' class="bad"' : ''}><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

function stepSection(step: StepResult): string {
  const { number, title, outcome, summary, clients, seconds, matrix, changes, figures, notes } = step;
  return `<section id="step-${number}" class="step ${outcome}">
<h2><span class="number">${number}</span>${escapeHtml(title)} <span class="badge ${outcome}">${outcome}</span></h2>
<p class="summary">${escapeHtml(summary)}</p>
<p class="clients">${clients.map((client) => `<span>${escapeHtml(client)}</span>`).join('')}<span class="time">${seconds.toFixed(1)} s</span></p>
${figures === undefined ? '' : figuresTable(figures)}
${matrix === undefined ? '' : matrixTable(matrix)}
${changes === undefined ? '' : changesTable(changes)}
${checksList(step)}
${notes.length === 0 ? '' : `<details class="notes"><summary>${notes.length} ${notes.length === 1 ? 'note' : 'notes'}: what was left out, and why</summary><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></details>`}
</section>`;
}

/** What the team will see once the key is gone is shown without a click. */
function checksList({ id, checks }: StepResult): string {
  if (checks.length === 0) return '';
  const groups = (['red', 'skipped', 'green'] as const).map((outcome) =>
    checks.filter((check) => check.outcome === outcome),
  );
  const [red = [], skipped = [], green = []] = groups;
  const open = green.length <= 12;
  const showing = id === 'key-deactivated';
  return `${red.map((check) => checkItem(check)).join('\n')}
${alike(skipped, ({ client, cause }) => [client, cause])
  .map(({ item, what }) => checkItem({ ...item, what }))
  .join('\n')}
${green.length === 0 ? '' : `<details class="greens"${open || showing ? ' open' : ''}><summary>${green.length} ${green.length === 1 ? 'check' : 'checks'} passed</summary>${green.map((check, index) => checkItem(check, showing && index === 0)).join('\n')}</details>`}`;
}

function checkItem({ outcome, what, result, client, cause, fix, evidence }: Check, open = false): string {
  return `<div class="check ${outcome}"><p class="head"><i>${symbol(outcome, 0).replace('0', '–')}</i><span class="said"><b>${escapeHtml(what)}</b> ${escapeHtml(result)}</span> <small>${escapeHtml(client)}</small></p>${
    cause === undefined ? '' : `<p class="cause">${escapeHtml(cause)}</p>`
  }${fix === undefined ? '' : `<p class="fix">Fix: ${escapeHtml(fix)}</p>`}${
    evidence === undefined || evidence.length === 0
      ? ''
      : `<details${outcome === 'red' || open ? ' open' : ''}><summary>evidence</summary>${evidence.map(evidenceBlock).join('')}</details>`
  }</div>`;
}

function evidenceBlock({ command, environment, exitCode, output }: Evidence): string {
  const variables =
    environment.length === 0 ? '' : `<span class="env">${escapeHtml(environment.join(' '))} set</span>\n`;
  const status = exitCode === undefined ? '' : `\n<span class="exit">exit ${exitCode}</span>`;
  return `<pre>${variables}<b>$ ${escapeHtml(command)}</b>\n${escapeHtml(output.trimEnd())}${status}</pre>`;
}

function figuresTable(figures: NonNullable<StepResult['figures']>): string {
  const most = Math.max(1, ...figures.map(({ before }) => before));
  const bar = (value: number, kind: string) =>
    `<span class="bar ${kind}" style="width:${Math.max(value === 0 ? 0 : 2, (value / most) * 100).toFixed(1)}%"></span>`;
  const rows = figures.map(
    ({ label, before, after }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td class="bars">${bar(before, 'was')}${bar(after, 'is')}</td><td class="count">${before} → <b>${after}</b></td></tr>`,
  );
  return `<table class="figures-table">${rows.join('\n')}</table>`;
}

function matrixTable({ roles, rows }: Matrix): string {
  const accounts = [...Map.groupBy(roles, ({ account }) => account)];
  const head = `<tr><th rowspan="2">Job</th><th rowspan="2">Started by</th><th rowspan="2">Environment</th>${accounts
    .map(([account, of]) => `<th class="account" colspan="${of.length}">${escapeHtml(account)}</th>`)
    .join('')}</tr>
<tr>${roles.map(({ role, arn }) => `<th class="role"><span title="${escapeHtml(arn)}">${escapeHtml(role)}</span></th>`).join('')}</tr>`;
  const body = (group: Matrix['rows']) =>
    group
      .map(
        ({ job, trigger, environment, subject, cells }) =>
          `<tr><td>${escapeHtml(job)}</td><td title="${escapeHtml(subject ?? 'the issuer gave no token')}">${escapeHtml(trigger)}</td><td>${escapeHtml(environment ?? '')}</td>${cells
            .map(({ intended, allowed, asked, refusal }) => {
              const right = intended === allowed;
              const kind = allowed ? (right ? 'yes' : 'wrong') : right ? 'no' : 'missing';
              const label = `${allowed ? 'allowed' : `refused${refusal === undefined ? '' : `: ${refusal}`}`}, ${intended ? 'intended' : 'not intended'}${asked ? ', asked for by the job' : ''}`;
              return `<td class="cell"><span class="${kind}${asked ? ' asked' : ''}" title="${escapeHtml(label)}" role="img" aria-label="${escapeHtml(label)}">${{ yes: '✓', no: '', wrong: '!', missing: '✗' }[kind]}</span></td>`;
            })
            .join('')}</tr>`,
      )
      .join('\n');
  const own = rows.filter(({ outsider }) => !outsider);
  const outside = rows.filter(({ outsider }) => outsider);
  const wide = 3 + roles.length;
  return `<div class="scroll"><table class="matrix"><thead>${head}</thead>
<tbody><tr class="group"><td colspan="${wide}">Jobs of the edited workflows</td></tr>${body(own)}</tbody>
${outside.length === 0 ? '' : `<tbody><tr class="group"><td colspan="${wide}">Who must get nothing</td></tr>${body(outside)}</tbody>`}
</table></div>
<p class="legend"><span class="cell"><span class="yes">✓</span></span> session given, as keyless.yaml says <span class="cell"><span class="yes asked">✓</span></span> and the job asks for it <span class="cell"><span class="no"></span></span> refused, as keyless.yaml says <span class="cell"><span class="wrong">!</span></span> given, and should not be <span class="cell"><span class="missing">✗</span></span> refused, and should be given</p>`;
}

function changesTable(changes: readonly StateChange[]): string {
  const groups = [...Map.groupBy(changes, ({ who }) => `${who.kind}\0${who.name}\0${who.through}`).values()];
  const rows = groups.map((group) => {
    const [{ who }] = group as [StateChange];
    const objects = [...new Set(group.map(({ object }) => object))];
    return `<tr><td><span class="who ${who.kind}">${escapeHtml(whoLabel[who.kind])}</span></td><td><b>${escapeHtml(who.name)}</b></td><td>${escapeHtml(who.through)}</td><td class="count">${group.length}</td><td>${objects
      .slice(0, 4)
      .map((object) => `<code>${escapeHtml(object)}</code>`)
      .join('<br>')}${objects.length > 4 ? `<br><small>and ${objects.length - 4} more</small>` : ''}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th></th><th>Who</th><th>Through</th><th>Changes</th><th>State</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

const whoLabel: Readonly<Record<StateChange['who']['kind'], string>> = {
  person: 'person',
  workflow: 'workflow run',
  'shared-key': 'shared key',
  unknown: 'unknown',
};

function closing({ verdict }: Rehearsal, network: string, assumptions: readonly string[]): string {
  const skipped = alike(verdict.skipped, ({ step, reason }) => [step, reason]).map(
    ({ item: { step, reason }, what }) => `<li>Step ${step}: ${escapeHtml(what)}: ${escapeHtml(reason)}</li>`,
  );
  return `<section class="closing">
<h2>What this proves, and what not</h2>
<p>Real clients ran against an embedded AWS that verifies signatures and tokens and evaluates trust, identity and resource policies. ${escapeHtml(network.charAt(0).toUpperCase() + network.slice(1))}. It proves who can sign in, take a role and reach the state, and who cannot. It does not prove what your resources do, nor that your real accounts hold the policies that keyless.yaml describes.</p>
${assumptions.length === 0 ? '' : `<h3>Assumed, because keyless.yaml does not say it</h3><ul>${assumptions.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`}
${skipped.length === 0 ? '' : `<h3>Skipped</h3><ul>${skipped.join('')}</ul>`}
</section>`;
}
