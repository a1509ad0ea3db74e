/**
 * Draws an authentication graph as SVG: five columns, nodes ordered so that lines cross little, lines coloured by class.
 * No library and no script is needed to see it.
 */
import { type AuthenticationGraph, type GraphNode, graphColumns } from '../../audit/index.ts';
import { escapeHtml } from './escape-html.ts';

const COLUMN_WIDTH = 232;
const COLUMN_GAP = 72;
const NODE_GAP = 14;
const LINE_HEIGHT = 16;
const PADDING = 10;
const HEADING_HEIGHT = 34;
/** Characters of the label font that fit into a node; longer labels are cut in the middle and kept whole in the title. */
const LABEL_CHARACTERS = 29;
const NOTE_LIMIT = 3;

const headings = {
  who: 'Who',
  where: 'From where',
  credential: 'By which credential',
  role: 'Through which role',
  account: 'Into which account',
} as const;

interface Placed {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly lines: readonly string[];
}

export function renderGraphSvg(graph: AuthenticationGraph): string {
  const placed = layout(graph);
  const width = graphColumns.length * COLUMN_WIDTH + (graphColumns.length - 1) * COLUMN_GAP;
  const height = Math.max(HEADING_HEIGHT, ...[...placed.values()].map(({ y, height: own }) => y + own)) + 4;
  const parts = [
    `<svg viewBox="-1 0 ${width + 2} ${height}" width="${width + 2}" height="${height}" role="img" aria-labelledby="graph-title">`,
    '<title id="graph-title">Who authenticates from where, by which credential, through which roles, into which account</title>',
    ...graphColumns.map(
      (column, index) =>
        `<text class="column" x="${index * (COLUMN_WIDTH + COLUMN_GAP)}" y="16">${headings[column]}</text>`,
    ),
    ...graph.edges.flatMap((edge) => {
      const from = placed.get(edge.from);
      const to = placed.get(edge.to);
      if (from === undefined || to === undefined) return [];
      const x1 = from.x + COLUMN_WIDTH;
      const y1 = from.y + from.height / 2;
      const x2 = to.x;
      const y2 = to.y + to.height / 2;
      const bend = Math.max(30, (x2 - x1) / 2);
      return `<path class="edge ${edge.class}" data-from="${escapeHtml(edge.from)}" data-to="${escapeHtml(edge.to)}" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"><title>${escapeHtml(edge.places.join('\n'))}</title></path>`;
    }),
    ...[...placed.values()].map(nodeSvg),
    '</svg>',
  ];
  return parts.join('\n');
}

function nodeSvg({ node, x, y, height, lines }: Placed): string {
  const [label, ...notes] = lines;
  return [
    `<g class="node ${node.class}" data-id="${escapeHtml(node.id)}" transform="translate(${x} ${y})">`,
    `<title>${escapeHtml([node.label, ...node.notes].join('\n'))}</title>`,
    `<rect width="${COLUMN_WIDTH}" height="${height}" rx="6"/>`,
    `<text x="${PADDING}" y="${PADDING + 11}">${escapeHtml(label ?? '')}</text>`,
    ...notes.map(
      (note, index) =>
        `<text class="note" x="${PADDING}" y="${PADDING + 11 + (index + 1) * LINE_HEIGHT}">${escapeHtml(note)}</text>`,
    ),
    '</g>',
  ].join('');
}

/** Columns from left to right; within a column by the mean position of the neighbours to the left, twice each way. */
function layout(graph: AuthenticationGraph): Map<string, Placed> {
  const columns = graphColumns.map((column) => graph.nodes.filter((node) => node.column === column));
  const order = new Map<string, number>();
  const remember = (): void => {
    for (const column of columns) {
      for (const [index, node] of column.entries()) order.set(node.id, index / Math.max(1, column.length));
    }
  };
  remember();
  for (let round = 0; round < 4; round++) {
    const leftToRight = round % 2 === 0;
    for (const column of leftToRight ? columns : [...columns].reverse()) {
      const neighbours = (id: string): string[] =>
        graph.edges.flatMap(({ from, to }) => (leftToRight ? (to === id ? [from] : []) : from === id ? [to] : []));
      const position = (node: GraphNode): number => {
        const around = neighbours(node.id).map((id) => order.get(id) ?? 0);
        return around.length === 0
          ? (order.get(node.id) ?? 0)
          : around.reduce((sum, at) => sum + at, 0) / around.length;
      };
      const positions = new Map(column.map((node) => [node.id, position(node)]));
      column.sort((a, b) => (positions.get(a.id) ?? 0) - (positions.get(b.id) ?? 0) || (a.label < b.label ? -1 : 1));
      remember();
    }
  }
  const heights = columns.map((column) => column.reduce((sum, node) => sum + nodeHeight(node) + NODE_GAP, -NODE_GAP));
  const tallest = Math.max(0, ...heights);
  const placed = new Map<string, Placed>();
  columns.forEach((column, index) => {
    // Shorter columns are centred, so that lines stay flat.
    let y = HEADING_HEIGHT + (tallest - (heights[index] ?? 0)) / 2;
    for (const node of column) {
      const height = nodeHeight(node);
      placed.set(node.id, {
        node,
        x: index * (COLUMN_WIDTH + COLUMN_GAP),
        y: Math.round(y),
        height,
        lines: nodeLines(node),
      });
      y += height + NODE_GAP;
    }
  });
  return placed;
}

function nodeLines({ label, notes }: GraphNode): string[] {
  const shown =
    notes.length <= NOTE_LIMIT
      ? notes
      : [...notes.slice(0, NOTE_LIMIT - 1), `and ${notes.length - NOTE_LIMIT + 1} more`];
  return [label, ...shown].map(shortened);
}

function nodeHeight(node: GraphNode): number {
  return PADDING * 2 + nodeLines(node).length * LINE_HEIGHT - 4;
}

function shortened(text: string): string {
  if (text.length <= LABEL_CHARACTERS) return text;
  const half = Math.floor((LABEL_CHARACTERS - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
