/** What a document means, apart from how it is written: the thing that is compared before and after an edit. */
import { bareValue, type YamlChange, type YamlValue } from './plan.ts';
import type { YamlEntry, YamlFile, YamlItem, YamlNode, YamlScalar } from './syntax.ts';

interface ShapeBase {
  anchor: string | undefined;
  tag: string | undefined;
}

export interface ScalarShape extends ShapeBase {
  kind: 'scalar';
  value: YamlScalar['resolved'];
}

export interface AliasShape extends ShapeBase {
  kind: 'alias';
  name: string;
}

export interface MapShape extends ShapeBase {
  kind: 'map';
  members: { key: Shape; value: Shape }[];
}

export interface SequenceShape extends ShapeBase {
  kind: 'sequence';
  members: { value: Shape }[];
}

export type Shape = ScalarShape | AliasShape | MapShape | SequenceShape;

/** The shapes of a file's documents, and which part of the tree each came from. */
export interface FileShape {
  readonly roots: (Shape | undefined)[];
  readonly nodes: Map<YamlNode, Shape>;
  readonly members: Map<YamlEntry | YamlItem, { value: Shape }>;
}

export function shapeOfFile(file: YamlFile): FileShape {
  const nodes = new Map<YamlNode, Shape>();
  const members = new Map<YamlEntry | YamlItem, { value: Shape }>();
  const build = (node: YamlNode): Shape => {
    const shape = shapeOf(node);
    nodes.set(node, shape);
    return shape;
  };
  const shapeOf = (node: YamlNode): Shape => {
    const { anchor, tag } = node;
    if (node.kind === 'scalar') return { kind: 'scalar', anchor, tag, value: node.resolved };
    if (node.kind === 'alias') return { kind: 'alias', anchor, tag, name: node.name };
    if (node.kind === 'sequence') {
      const items = node.items.map((item) => remember(item, { value: build(item.value) }));
      return { kind: 'sequence', anchor, tag, members: items };
    }
    const entries = node.entries.map((entry) => remember(entry, { key: build(entry.key), value: build(entry.value) }));
    return { kind: 'map', anchor, tag, members: entries };
  };
  const remember = <Member extends { value: Shape }>(part: YamlEntry | YamlItem, member: Member): Member => {
    members.set(part, member);
    return member;
  };
  const roots = file.documents.map(({ root }) => (root === undefined ? undefined : build(root)));
  return { roots, nodes, members };
}

/** Makes the declared changes. Throws a RangeError for a change that names a part of another file. */
export function applyChanges(shape: FileShape, changes: readonly YamlChange[]): void {
  for (const change of changes) {
    if (change.kind === 'set') become(known(shape.nodes.get(change.node)), shapeOfValue(change.value));
    else if (change.kind === 'rename') become(known(shape.nodes.get(change.entry.key)), shapeOfValue(change.name));
    else if (change.kind === 'remove') {
      const member = known(shape.members.get(change.member));
      const holder = [...shape.nodes.values()].find((node) => hasMember(node, member));
      if (holder === undefined || !('members' in holder)) throw new RangeError('the member is in no map or sequence');
      holder.members.splice(indexIn(holder, member), 1);
    } else {
      const into = known(shape.nodes.get(change.into));
      const at = change.before === undefined ? undefined : known(shape.members.get(change.before));
      const value = shapeOfValue(change.value);
      if (into.kind === 'map') {
        const index = at === undefined ? into.members.length : indexIn(into, at);
        into.members.splice(index, 0, { key: shapeOfValue(change.key ?? null), value });
      } else if (into.kind === 'sequence') {
        into.members.splice(at === undefined ? into.members.length : indexIn(into, at), 0, { value });
      }
    }
  }
}

function known<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new RangeError('the change names a part of another file');
  return part;
}

function hasMember(shape: Shape, member: { value: Shape }): boolean {
  return 'members' in shape && indexIn(shape, member) !== -1;
}

function indexIn(shape: MapShape | SequenceShape, member: { value: Shape }): number {
  return (shape.members as { value: Shape }[]).indexOf(member);
}

/** Takes on another shape in place, as others refer to it; anchor and tag stay. */
function become(shape: Shape, other: Shape): void {
  const { anchor, tag } = shape;
  for (const key of Object.keys(shape)) delete (shape as unknown as Record<string, unknown>)[key];
  Object.assign(shape, other, { anchor, tag });
}

export function shapeOfValue(value: YamlValue): Shape {
  const bare = bareValue(value);
  const none = { anchor: undefined, tag: undefined };
  if (bare === null || typeof bare !== 'object') return { kind: 'scalar', ...none, value: bare };
  if (Array.isArray(bare)) {
    return { kind: 'sequence', ...none, members: bare.map((item: YamlValue) => ({ value: shapeOfValue(item) })) };
  }
  const entries = Object.entries(bare as Readonly<Record<string, YamlValue>>);
  return {
    kind: 'map',
    ...none,
    members: entries.map(([key, item]) => ({ key: shapeOfValue(key), value: shapeOfValue(item) })),
  };
}

/** The path of the first difference, or `undefined` when both mean the same. */
export function differenceOf(a: Shape | undefined, b: Shape | undefined): string | undefined {
  const path: string[] = [];
  return differs(a, b, path) ? path.join('.') || 'the root' : undefined;
}

function differs(a: Shape | undefined, b: Shape | undefined, path: string[]): boolean {
  if (a === undefined || b === undefined) return a !== b;
  if (a.anchor !== b.anchor || a.tag !== b.tag) return true;
  if (a.kind === 'scalar') return b.kind !== 'scalar' || !Object.is(a.value, b.value);
  if (a.kind === 'alias') return b.kind !== 'alias' || a.name !== b.name;
  if (a.kind !== b.kind || !('members' in b)) return true;
  const [left, right] = [a.members as Member[], b.members as Member[]];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [x, y] = [left[at], right[at]];
    path.push(nameOf(x ?? y, at));
    if (x === undefined || y === undefined || differs(x.key, y.key, path) || differs(x.value, y.value, path))
      return true;
    path.pop();
  }
  return false;
}

interface Member {
  readonly key?: Shape;
  readonly value: Shape;
}

function nameOf(member: Member | undefined, at: number): string {
  return member?.key?.kind === 'scalar' ? String(member.key.value) : String(at);
}
