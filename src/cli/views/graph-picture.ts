/**
 * Two authentication graphs, one above the other, as one SVG that stands alone: its styles are inside and follow the
 * reader's light or dark setting, so that a README can show it on either background.
 */
import type { AuthenticationGraph } from '../../audit/index.ts';
import { escapeHtml } from './escape-html.ts';
import { drawGraph, type GraphStyle, graphColors, graphCss } from './graph-svg.ts';

export interface PictureGraph {
  /** What it shows, in bold, and what to know of it. */
  readonly title: string;
  readonly remark: string;
  readonly graph: AuthenticationGraph;
}

/** Narrow enough that the text is read at the width of a README. */
const style: GraphStyle = { columnWidth: 188, columnGap: 42, nodesPerColumn: 9, notesPerNode: 2, interactive: false };
const MARGIN = 16;
const TITLE_HEIGHT = 52;
const LEGEND_HEIGHT = 34;

export function renderGraphPicture(graphs: readonly PictureGraph[]): string {
  const drawn = graphs.map((item) => ({ ...item, drawing: drawGraph(item.graph, style) }));
  const width = Math.max(0, ...drawn.map(({ drawing }) => drawing.width)) + 2 * MARGIN;
  let y = MARGIN;
  const parts = drawn.map(({ title, remark, drawing }) => {
    const part = [
      `<text class="title" x="${MARGIN}" y="${y + 18}">${escapeHtml(title)}<tspan class="remark" dx="10">${escapeHtml(remark)}</tspan></text>`,
      `<g transform="translate(${MARGIN} ${y + TITLE_HEIGHT - 16})">`,
      drawing.body,
      '</g>',
    ].join('\n');
    y += TITLE_HEIGHT + drawing.height + MARGIN;
    return part;
  });
  const height = y + LEGEND_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="picture-title">`,
    `<title id="picture-title">${escapeHtml(graphs.map(({ title, remark }) => `${title}: ${remark}`).join('. '))}</title>`,
    `<style>${graphColors}\n${graphCss}\n.panel{fill:var(--panel)}svg text.title{font-size:16px;font-weight:600}svg .remark{font-size:13px;font-weight:400;fill:var(--dim)}</style>`,
    `<rect class="panel" width="${width}" height="${height}" rx="10"/>`,
    ...parts,
    legend(y + 6),
    '</svg>\n',
  ].join('\n');
}

function legend(y: number): string {
  const entries = [
    ['static', 'static key'],
    ['indirect', 'depends on what it points at'],
    ['dynamic', 'short-lived'],
    ['maybe', 'possible: the files do not say'],
  ] as const;
  return entries
    .map(([type, text], index) => {
      const x = MARGIN + index * 230;
      return `<path class="edge ${type === 'maybe' ? 'indirect maybe' : type}" d="M${x} ${y}h26"/><text class="note" x="${x + 34}" y="${y + 4}">${text}</text>`;
    })
    .join('\n');
}
