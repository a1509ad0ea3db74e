/**
 * Draws an authentication graph as SVG: five columns, nodes ordered so that lines cross little, lines coloured by class.
 * No library and no script is needed to see it. Long columns are folded: the worst and the busiest nodes stay.
 */
import { type AuthenticationGraph, type GraphEdge, type GraphNode, graphColumns } from '../../audit/index.ts';
import { escapeHtml } from './escape-html.ts';

export interface GraphStyle {
  /** Width of a node and of the space between two columns, in units of the drawing. */
  readonly columnWidth: number;
  readonly columnGap: number;
  /** Nodes a column shows; the rest become one that says how many they are. */
  readonly nodesPerColumn: number;
  readonly notesPerNode: number;
  /** Nodes can be chosen by pointer and keyboard, and carry what the page's script needs for it. */
  readonly interactive: boolean;
}

export const pageGraphStyle: GraphStyle = {
  columnWidth: 204,
  columnGap: 56,
  nodesPerColumn: 24,
  notesPerNode: 3,
  interactive: true,
};

/** The colours that `graphCss` and the page around it use, in light and in dark. */
export const graphColors: string = `:root{color-scheme:light dark;--bg:#fff;--fg:#1c2126;--dim:#5c6670;--line:#d8dee4;--panel:#f6f8fa;--static:#b42318;--static-bg:#fef3f2;--indirect:#9a6700;--indirect-bg:#fff8e6;--dynamic:#1a7f37;--dynamic-bg:#effaf2}
@media (prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--dim:#9aa4ae;--line:#343b42;--panel:#1c2126;--static:#ff8a80;--static-bg:#3a1d1b;--indirect:#e3b341;--indirect-bg:#352a10;--dynamic:#57c272;--dynamic-bg:#15301d}}`;

export const graphCss: string = `svg text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--fg)}svg text.note{font-size:11.5px;fill:var(--dim)}svg text.column{font-weight:600;fill:var(--dim)}
.node rect{fill:var(--bg);stroke:var(--line);stroke-width:1.2}
.node.static rect{stroke:var(--static)}.node.indirect rect{stroke:var(--indirect)}.node.dynamic rect{stroke:var(--dynamic)}
.node.direct rect{stroke:var(--line);stroke-dasharray:3 3}
.edge{fill:none;stroke-width:1.6;opacity:.65}.edge.static{stroke:var(--static)}.edge.indirect{stroke:var(--indirect);stroke-dasharray:6 4}.edge.dynamic{stroke:var(--dynamic)}
.edge.maybe{stroke-width:1.2;stroke-dasharray:1.5 3.5;opacity:.5}`;

const NODE_GAP = 14;
const LINE_HEIGHT = 16;
const PADDING = 10;
const HEADING_HEIGHT = 34;
/** Mean width of a character of the label font and of the smaller one of the notes. */
const LABEL_ADVANCE = 7;
const NOTE_ADVANCE = 6.2;
/** Places a line's title names; a line that fifty workflows share would fill the screen. */
const PLACE_LIMIT = 12;

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
  readonly lines: readonly NodeLine[];
}

interface NodeLine {
  readonly text: string;
  /** Smaller and dimmer than the label. */
  readonly note: boolean;
}

/** The drawing and its size, to stand in a page or in another drawing. */
export interface GraphDrawing {
  readonly body: string;
  readonly width: number;
  readonly height: number;
}

export function renderGraphSvg(graph: AuthenticationGraph, style: GraphStyle = pageGraphStyle): string {
  const { body, width, height } = drawGraph(graph, style);
  return [
    `<svg viewBox="-1 0 ${width + 2} ${height}" width="${width + 2}" height="${height}" role="${style.interactive ? 'group' : 'img'}" aria-labelledby="graph-title">`,
    '<title id="graph-title">Who authenticates from where, by which credential, through which roles, into which account</title>',
    body,
    '</svg>',
  ].join('\n');
}

export function drawGraph(whole: AuthenticationGraph, style: GraphStyle): GraphDrawing {
  const graph = folded(withoutGaps(whole), style.nodesPerColumn);
  const placed = layout(graph, style);
  const step = style.columnWidth + style.columnGap;
  const body = [
    ...graphColumns.map(
      (column, index) => `<text class="column" x="${index * step}" y="16">${headings[column]}</text>`,
    ),
    ...graph.edges.map((edge) => edgeSvg(edge, placed, graph, style)),
    ...[...placed.values()].map((node) => nodeSvg(node, graph, style)),
  ].join('\n');
  const height = Math.max(HEADING_HEIGHT, ...[...placed.values()].map(({ y, height: own }) => y + own)) + 4;
  return { body, width: graphColumns.length * step - style.columnGap, height };
}

function edgeSvg(
  { from, to, class: type, certain, places }: GraphEdge,
  placed: ReadonlyMap<string, Placed>,
  { paths }: AuthenticationGraph,
  style: GraphStyle,
): string {
  const start = placed.get(from);
  const end = placed.get(to);
  if (start === undefined || end === undefined) return '';
  const x1 = start.x + style.columnWidth;
  const y1 = start.y + start.height / 2;
  const y2 = end.y + end.height / 2;
  // A role that is assumed from another stands in the same column: the line leaves and enters on the right.
  const sameColumn = start.x === end.x;
  const x2 = sameColumn ? x1 : end.x;
  const bend = sameColumn ? style.columnGap * 0.6 : Math.max(30, (x2 - x1) / 2);
  const curve = `M${x1} ${y1}C${x1 + bend} ${y1} ${sameColumn ? x2 + bend : x2 - bend} ${y2} ${x2} ${y2}`;
  const data = style.interactive
    ? ` data-paths="${indexes(paths, (path) => path.includes(from) && path[path.indexOf(from) + 1] === to)}"`
    : '';
  return `<path class="edge ${type}${certain ? '' : ' maybe'}"${data} d="${curve}"><title>${escapeHtml(edgeTitle(places, certain))}</title></path>`;
}

function edgeTitle(places: readonly string[], certain: boolean): string {
  const shown =
    places.length <= PLACE_LIMIT
      ? places
      : [...places.slice(0, PLACE_LIMIT - 1), more(places.length - PLACE_LIMIT + 1)];
  return [...(certain ? [] : ['possible: the files do not say which stacks it runs']), ...shown].join('\n');
}

/** The numbers of the paths that are meant, for the page's script. */
function indexes(paths: AuthenticationGraph['paths'], meant: (path: readonly string[]) => boolean): string {
  return paths.flatMap((path, index) => (meant(path) ? [index] : [])).join(' ');
}

function nodeSvg(
  { node, x, y, height, lines }: Placed,
  { paths }: AuthenticationGraph,
  { columnWidth, interactive }: GraphStyle,
): string {
  const data = interactive
    ? ` data-paths="${indexes(paths, (path) => path.includes(node.id))}" tabindex="0" role="button" aria-pressed="false"`
    : '';
  return [
    `<g class="node ${node.class}${node.id.startsWith(DIRECT) ? ' direct' : ''}"${data} transform="translate(${x} ${y})">`,
    `<title>${escapeHtml([node.label, ...node.notes].join('\n'))}</title>`,
    `<rect width="${columnWidth}" height="${height}" rx="6"/>`,
    ...lines.map(
      ({ text, note }, index) =>
        `<text${note ? ' class="note"' : ''} x="${PADDING}" y="${PADDING + 11 + index * LINE_HEIGHT}">${escapeHtml(text)}</text>`,
    ),
    '</g>',
  ].join('');
}

/**
 * A line past the roles would run behind their boxes: where a credential enters an account itself, the role column says
 * so, one small box for each account.
 */
function withoutGaps(graph: AuthenticationGraph): AuthenticationGraph {
  const columnOf = new Map(graph.nodes.map(({ id, column }) => [id, column]));
  const skips = ({ from, to }: Pick<GraphEdge, 'from' | 'to'>): boolean =>
    columnOf.get(from) === 'credential' && columnOf.get(to) === 'account';
  const boxes = new Map<string, GraphNode>();
  const boxFor = (account: string, type: GraphNode['class']): string => {
    const id = `${DIRECT}${account}`;
    const known = boxes.get(id);
    const worst = known !== undefined && classRank[known.class] < classRank[type] ? known.class : type;
    boxes.set(id, { id, column: 'role', label: 'directly', notes: [], class: worst });
    return id;
  };
  const edges = graph.edges.flatMap((edge) => {
    if (!skips(edge)) return [edge];
    const box = boxFor(edge.to, edge.class);
    return [
      { ...edge, to: box },
      { ...edge, from: box },
    ];
  });
  const paths = graph.paths.map((path) =>
    path.flatMap((to, index) => (skips({ from: path[index - 1] ?? '', to }) ? [`${DIRECT}${to}`, to] : [to])),
  );
  return { nodes: [...graph.nodes, ...boxes.values()], edges: merged(edges), paths };
}

const DIRECT = 'directly into ';

function merged(edges: readonly GraphEdge[]): GraphEdge[] {
  const byEnds = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const id = `${edge.from}\0${edge.to}`;
    const known = byEnds.get(id);
    byEnds.set(id, {
      ...edge,
      class: known !== undefined && classRank[known.class] < classRank[edge.class] ? known.class : edge.class,
      certain: (known?.certain ?? false) || edge.certain,
      places: [...new Set([...(known?.places ?? []), ...edge.places])],
    });
  }
  return [...byEnds.values()];
}

const FOLDED = ': the others';

/** The graph with at most `limit` nodes in each column; paths through the others go through one that stands for them. */
function folded(graph: AuthenticationGraph, limit: number): AuthenticationGraph {
  const degree = new Map<string, number>();
  for (const { from, to } of graph.edges) {
    for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  }
  const standIn = new Map<string, GraphNode>();
  const nodes = graphColumns.flatMap((column) => {
    const all = graph.nodes.filter((node) => node.column === column);
    if (all.length <= limit) return all;
    const byWeight = [...all].sort(
      (a, b) => classRank[a.class] - classRank[b.class] || (degree.get(b.id) ?? 0) - (degree.get(a.id) ?? 0),
    );
    const kept = new Set(byWeight.slice(0, limit - 1));
    const hidden = byWeight.slice(limit - 1);
    const node: GraphNode = {
      id: `${column}${FOLDED}`,
      column,
      label: more(hidden.length),
      notes: [],
      class: (hidden[0] as GraphNode).class,
    };
    for (const { id } of hidden) standIn.set(id, node);
    return [...all.filter((each) => kept.has(each)), node];
  });
  if (standIn.size === 0) return graph;
  const shown = (id: string): string => standIn.get(id)?.id ?? id;
  const edges = merged(
    graph.edges
      .map((edge) => ({ ...edge, from: shown(edge.from), to: shown(edge.to) }))
      .filter(({ from, to }) => from !== to),
  );
  const paths = new Map(graph.paths.map((path) => [path.map(shown).join('\0'), path.map(shown)]));
  return { nodes, edges, paths: [...paths.values()] };
}

const classRank = { static: 0, indirect: 1, dynamic: 2 } as const;

/** Columns from left to right; within a column by the mean position of the neighbours, twice each way. */
function layout(graph: AuthenticationGraph, style: GraphStyle): Map<string, Placed> {
  const columns = orderedColumns(graph);
  const heights = columns.map((column) =>
    column.reduce((sum, node) => sum + nodeHeight(node, style) + NODE_GAP, -NODE_GAP),
  );
  const tallest = Math.max(0, ...heights);
  const placed = new Map<string, Placed>();
  columns.forEach((column, index) => {
    // Shorter columns are centred, so that lines stay flat.
    let y = HEADING_HEIGHT + (tallest - (heights[index] ?? 0)) / 2;
    const x = index * (style.columnWidth + style.columnGap);
    for (const node of column) {
      const height = nodeHeight(node, style);
      placed.set(node.id, { node, x, y: Math.round(y), height, lines: nodeLines(node, style) });
      y += height + NODE_GAP;
    }
  });
  return placed;
}

function orderedColumns(graph: AuthenticationGraph): GraphNode[][] {
  const columns = graphColumns.map((column) => graph.nodes.filter((node) => node.column === column));
  const sources = neighbours(
    graph.edges,
    ({ to }) => to,
    ({ from }) => from,
  );
  const targets = neighbours(
    graph.edges,
    ({ from }) => from,
    ({ to }) => to,
  );
  const order = new Map<string, number>();
  const remember = (): void => {
    for (const column of columns) {
      for (const [index, node] of column.entries()) order.set(node.id, index / Math.max(1, column.length));
    }
  };
  remember();
  for (let round = 0; round < 4; round++) {
    const around = round % 2 === 0 ? sources : targets;
    for (const column of round % 2 === 0 ? columns : [...columns].reverse()) {
      const positions = new Map(
        column.map(({ id }) => {
          const near = (around.get(id) ?? []).map((other) => order.get(other) ?? 0);
          return [id, near.length === 0 ? (order.get(id) ?? 0) : near.reduce((sum, at) => sum + at, 0) / near.length];
        }),
      );
      // What stands for all the others goes last, wherever its lines come from.
      for (const { id } of column) if (id.endsWith(FOLDED)) positions.set(id, Number.POSITIVE_INFINITY);
      column.sort((a, b) => compare(positions.get(a.id) ?? 0, positions.get(b.id) ?? 0) || compare(a.label, b.label));
      remember();
    }
  }
  return columns;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function neighbours(
  edges: readonly GraphEdge[],
  of: (edge: GraphEdge) => string,
  other: (edge: GraphEdge) => string,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const edge of edges) found.set(of(edge), [...(found.get(of(edge)) ?? []), other(edge)]);
  return found;
}

function nodeLines({ id, label, notes, column }: GraphNode, style: GraphStyle): NodeLine[] {
  const shown =
    notes.length <= style.notesPerNode
      ? notes
      : [...notes.slice(0, style.notesPerNode - 1), more(notes.length - style.notesPerNode + 1)];
  const room = style.columnWidth - PADDING * 2;
  const labels =
    column === 'where' ? [shortenedPath(label, room / LABEL_ADVANCE)] : broken(label, room / LABEL_ADVANCE);
  return [
    ...labels.map((text) => ({ text, note: id.startsWith(DIRECT) })),
    ...shown.map((note) => ({ text: shortened(note, room / NOTE_ADVANCE), note: true })),
  ];
}

/** A long name goes on in a second line, where a word of it ends. */
function broken(label: string, room: number): string[] {
  if (columnsOf(label) <= room) return [label];
  const ends = [...label.matchAll(/[_\-./ ](?=.)|[a-z](?=[A-Z])/g)].map(({ index }) => index + 1);
  const end = ends.findLast((at) => columnsOf(label.slice(0, at)) <= room);
  if (end === undefined) return [shortened(label, room)];
  return [label.slice(0, end).trimEnd(), shortened(label.slice(end), room)];
}

function nodeHeight(node: GraphNode, style: GraphStyle): number {
  return PADDING * 2 + nodeLines(node, style).length * LINE_HEIGHT - 4;
}

function more(count: number): string {
  return `and ${count} more`;
}

/** Of a long path the end says most: leading folders go first. */
function shortenedPath(path: string, room: number): string {
  if (columnsOf(path) <= room) return path;
  const folders = path.split('/');
  for (let from = 1; from < folders.length; from++) {
    const tail = `…/${folders.slice(from).join('/')}`;
    if (columnsOf(tail) <= room) return tail;
  }
  return shortened(path, room);
}

/** Cut in the middle; the whole text is in the title. */
function shortened(text: string, room: number): string {
  if (columnsOf(text) <= room) return text;
  const characters = Array.from(text);
  let [head, tail] = ['', ''];
  for (let index = 0; index < characters.length; index++) {
    const longer = head + characters[index];
    if (columnsOf(`${longer}…${tail}`) > room) break;
    head = longer;
    const before = characters.at(-1 - index) + tail;
    if (columnsOf(`${head}…${before}`) > room) break;
    tail = before;
  }
  return `${head}…${tail}`;
}

/** In widths of a mean character: capitals are broader, East Asian characters and pictographs take the room of two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[A-Z_@%mwMW…—]/.test(character) ? 1.25 : character > '\u{10ff}' ? wide(character) : 1;
  return columns;
}

function wide(character: string): number {
  const double =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\uff00-\uff60]/u;
  return double.test(character) ? 2 : 1;
}
