/**
 * An inventory as one self-contained page: the graph first, then what to do, then the full lists. It loads nothing and
 * its policy forbids that it ever could, so that it may be mailed and archived.
 */
import { createHash } from 'node:crypto';
import { authenticationGraph, type Finding, type Inventory, type Method } from '../../audit/index.ts';
import { severities } from '../../kernel/diagnostic.ts';
import { escapeHtml } from './escape-html.ts';
import { fixLabel } from './fix-label.ts';
import { graphColors, graphCss, renderGraphSvg } from './graph-svg.ts';
import { verdictText } from './verdict.ts';

export interface AuditHtmlOptions {
  /** Shown as the page's title: the name of the repository's folder. */
  readonly name: string;
  /** ISO date of the report. */
  readonly date: string;
  readonly version: string;
}

export function renderAuditHtml(inventory: Inventory, options: AuditHtmlOptions): string {
  const graph = authenticationGraph(inventory);
  const { summary } = inventory;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'">
<title>${escapeHtml(options.name)}: keyless audit</title>
<style>${css}</style>
</head>
<body>
<header>
<p class="tool">keyless audit ${escapeHtml(options.version)} · ${escapeHtml(options.date)}</p>
<h1>${escapeHtml(options.name)} <span class="verdict ${summary.keyless ? 'yes' : 'no'}">${verdictText(summary)}</span></h1>
<dl class="figures">
${figure(summary.credentialsInClear, 'credentials in clear', summary.credentialsInClear > 0)}
${figure(summary.staticMethods.terraform, 'static uses by Terraform', summary.staticMethods.terraform > 0)}
${figure(summary.staticMethods.pipeline, 'static uses by pipelines', summary.staticMethods.pipeline > 0)}
${figure(summary.staticMethods.person, 'static uses by people', summary.staticMethods.person > 0)}
${figure(summary.staticMethods['made-by-code'], 'static identities made by code', false)}
${figure(inventory.coverage.scanned.files, 'files read', false)}
${figure(inventory.coverage.skipped.length, 'left out or not understood', false)}
</dl>
</header>
<main>
<section>
<h2>Who gets in, and how</h2>
<p class="legend"><span class="static">static key</span> <span class="indirect">depends on what it points at</span> <span class="dynamic">short-lived</span> <span class="maybe">possible: the files do not say which stacks it runs</span> Choose a box to see the ways through it.</p>
${graph.nodes.length === 0 ? '<p>No way to authenticate was found.</p>' : `<div class="graph">${renderGraphSvg(graph)}</div>`}
</section>
${credentialsSection(inventory)}
${findingsSection(inventory)}
${methodsSection(inventory.methods)}
${suppressedSection(inventory)}
${coverageSection(inventory)}
</main>
<script>${script}</script>
</body>
</html>
`;
}

function figure(count: number, label: string, bad: boolean): string {
  return `<div${bad ? ' class="bad"' : ''}><dt>${escapeHtml(label)}</dt><dd>${count}</dd></div>`;
}

function credentialsSection({ credentials }: Inventory): string {
  if (credentials.length === 0) return '';
  const rows = credentials.map(
    ({ keyId, kind, parts, accountHint, documentationExample, places }) => `<tr>
<td><code>${escapeHtml(keyId ?? 'secret without its id')}</code></td>
<td>${escapeHtml(documentationExample ? "AWS's documentation example" : kind)}</td>
<td>${parts.map((part) => (part === 'keyId' ? 'key id' : part)).join(' + ')}</td>
<td>${accountHint === undefined ? '' : `${escapeHtml(accountHint)} <small>by its id</small>`}</td>
<td>${places.map(({ path, line, via }) => `<code>${escapeHtml(path)}:${line}</code>${via === 'literal' ? '' : ` <small>by ${escapeHtml(via)}</small>`}`).join('<br>')}</td>
</tr>`,
  );
  return section('Credentials in clear', table(['Credential', 'Kind', 'Found', 'Account', 'Places'], rows));
}

function findingsSection({ findings }: Inventory): string {
  if (findings.length === 0) return section('Findings', '<p>None.</p>');
  const groups = severities.flatMap((severity) => {
    const group = findings.filter((finding) => finding.severity === severity);
    return group.length === 0
      ? []
      : [`<h3 class="${severity}">${severity} · ${group.length}</h3>`, ...group.map(findingCard)];
  });
  return section('Findings', groups.join('\n'));
}

function findingCard(finding: Finding): string {
  const { rule, title, path, line, column, detail, fix, fixRule, gated, otherPlaces, severity } = finding;
  return `<details class="finding ${severity}">
<summary><b>${escapeHtml(title)}</b> <code>${escapeHtml(path)}:${line}:${column}</code>${gated ? ' <small>retired last</small>' : ''}</summary>
<p>${escapeHtml(detail)}</p>
${otherPlaces.length === 0 ? '' : `<p>Also ${otherPlaces.map((place) => `<code>${escapeHtml(place.path)}:${place.line}</code>`).join(', ')}</p>`}
<p><b>Fix</b> (${escapeHtml(fixLabel(fixRule))}): ${escapeHtml(fix)}</p>
<p><small>${escapeHtml(rule)}</small></p>
</details>`;
}

function methodsSection(methods: readonly Method[]): string {
  const rows = methods.map(
    ({ kind, class: type, usedBy, path, line, detail, subject }) => `<tr>
<td class="${type}">${type}</td><td>${escapeHtml(kind)}</td><td>${escapeHtml(usedBy)}</td>
<td><code>${escapeHtml(path)}:${line}</code></td><td>${escapeHtml(subject)}</td><td>${escapeHtml(detail)}</td>
</tr>`,
  );
  return section(
    `Ways to authenticate · ${methods.length}`,
    table(['Class', 'Kind', 'Used by', 'Place', 'In', 'What'], rows),
  );
}

function suppressedSection({ suppressed }: Inventory): string {
  if (suppressed.length === 0) return '';
  const rows = suppressed.map(
    ({ finding, reason, until }) =>
      `<tr><td><code>${escapeHtml(finding.path)}:${finding.line}</code></td><td>${escapeHtml(finding.rule)}</td><td>${escapeHtml(reason)}</td><td>${escapeHtml(until)}</td></tr>`,
  );
  return section('Suppressed', table(['Place', 'Rule', 'Reason', 'Until'], rows));
}

function coverageSection({ coverage }: Inventory): string {
  const rows = coverage.skipped.map(
    ({ path, line, reason, detail, searchedAsText }) =>
      `<tr><td><code>${escapeHtml(path)}${line === undefined ? '' : `:${line}`}</code></td><td>${escapeHtml(reason)}</td><td>${escapeHtml(detail)}</td><td>${searchedAsText ? 'yes' : 'no'}</td></tr>`,
  );
  const lead = `<p>${coverage.scanned.files} files read. ${rows.length === 0 ? 'Nothing was left out.' : 'What was left out or not understood, and why:'}</p>`;
  return section(
    'Coverage',
    lead + (rows.length === 0 ? '' : table(['Path', 'Reason', 'Detail', 'Searched as text'], rows)),
  );
}

function section(title: string, body: string): string {
  return `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

function table(headings: readonly string[], rows: readonly string[]): string {
  return `<div class="scroll"><table><thead><tr>${headings.map((heading) => `<th>${escapeHtml(heading)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

const css = `
${graphColors}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1480px;margin:0 auto;padding:0 28px}
header{padding-top:28px}
.tool,small,.legend{color:var(--dim)}
h1{margin:.1em 0 .6em;font-size:28px}
h2{margin:40px 0 10px;font-size:20px}
h3{margin:20px 0 6px;font-size:14px;text-transform:uppercase;letter-spacing:.04em}
.verdict{font-size:15px;padding:4px 12px;border-radius:99px;vertical-align:middle;font-weight:600}
.verdict.no{background:var(--static-bg);color:var(--static)}.verdict.yes{background:var(--dynamic-bg);color:var(--dynamic)}
.figures{display:flex;flex-wrap:wrap;gap:12px;margin:0}
.figures div{display:flex;flex-direction:column-reverse;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 16px;min-width:130px}
.figures dt{color:var(--dim);font-size:13px}.figures dd{margin:0;font-size:26px;font-weight:600}.figures .bad dd{color:var(--static)}
.legend span{margin-right:18px;display:inline-block}.legend span::before{content:"";display:inline-block;width:22px;border-top:3px solid;margin-right:7px;vertical-align:middle}
.legend .static::before{border-color:var(--static)}.legend .indirect::before{border-color:var(--indirect);border-top-style:dashed}.legend .dynamic::before{border-color:var(--dynamic)}.legend .maybe::before{border-top-style:dotted}
.graph,.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
.graph{padding:18px;background:var(--panel)}
svg{display:block;width:100%;height:auto;min-width:1000px;max-width:1420px;margin:0 auto}
${graphCss}
svg.chosen .edge,svg.chosen .node{opacity:.12}svg.chosen .edge.on{opacity:1;stroke-width:2.4}svg.chosen .node.on{opacity:1}
.node{cursor:pointer}.node:focus-visible{outline:none}.node:focus-visible rect{stroke-width:3}
table{border-collapse:collapse;width:100%;font-size:13.5px}th,td{text-align:left;vertical-align:top;padding:7px 12px;border-bottom:1px solid var(--line)}th{background:var(--panel);font-weight:600;white-space:nowrap}tr:last-child td{border-bottom:0}
td.static{color:var(--static)}td.indirect{color:var(--indirect)}td.dynamic{color:var(--dynamic)}
code{font:12.5px ui-monospace,monospace}
.finding{border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:6px;padding:8px 14px;margin:6px 0}
.finding.critical,.finding.high{border-left-color:var(--static)}.finding.medium{border-left-color:var(--indirect)}
.finding summary{cursor:pointer}.finding p{margin:8px 0 0}
h3.critical,h3.high{color:var(--static)}h3.medium{color:var(--indirect)}
main{padding-bottom:60px}
@media print{.graph{overflow:visible}.finding{break-inside:avoid}}
`;

/** Choosing a node shows every whole path through it; choosing it again shows all. */
const script = `
const svg=document.querySelector('.graph svg');
if(svg){const parts=[...svg.querySelectorAll('[data-paths]')].map(part=>({part,paths:part.dataset.paths.split(' ')}));let chosen;
const choose=node=>{chosen=node===chosen?null:node;
const ways=new Set(chosen?chosen.dataset.paths.split(' '):[]);
svg.classList.toggle('chosen',Boolean(chosen));
for(const {part,paths} of parts){part.classList.toggle('on',paths.some(path=>ways.has(path)));
if(part.hasAttribute('aria-pressed'))part.setAttribute('aria-pressed',String(part===chosen))}};
svg.addEventListener('click',event=>choose(event.target.closest('.node')));
svg.addEventListener('keydown',event=>{const node=event.target.closest('.node');
if(node&&(event.key==='Enter'||event.key===' ')){event.preventDefault();choose(node)}})}
`;
