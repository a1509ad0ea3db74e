/**
 * The inventory as a graph with five columns: who → from where → by which credential → through which roles → into which
 * account. Terraform methods say what is assumed in a stack; pipeline and person methods say with what a stack is run;
 * joining the two by stack gives whole paths.
 */
import type { AuthenticationClass, Credential, Inventory, Method, UsedBy } from './inventory.ts';

export const graphColumns = ['who', 'where', 'credential', 'role', 'account'] as const;
export type GraphColumn = (typeof graphColumns)[number];

export interface GraphNode {
  readonly id: string;
  readonly column: GraphColumn;
  readonly label: string;
  /** Smaller lines below the label: the jobs of a workflow, the account of a role. */
  readonly notes: readonly string[];
  /** The worst class of what passes through. */
  readonly class: AuthenticationClass;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly class: AuthenticationClass;
  /** Where it is written, as `path:line`. */
  readonly places: readonly string[];
}

export interface AuthenticationGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export function authenticationGraph({
  methods,
  credentials,
}: Pick<Inventory, 'methods' | 'credentials'>): AuthenticationGraph {
  const builder = new GraphBuilder();
  for (const method of methods.filter(startsAPath)) {
    addEntry(builder, method, credentialLabel(method, credentials), targetsOf(method, methods));
  }
  return builder.finish();
}

/** A pipeline, a person or an application starts a path; so does a key that stands in Terraform's own files. */
function startsAPath({ usedBy, class: type }: Method): boolean {
  if (usedBy === 'terraform') return type === 'static';
  return usedBy !== 'made-by-code';
}

/** The key that stands there, or what the credential is called. */
function credentialLabel(method: Method, credentials: readonly Credential[]): string {
  if (method.class === 'static') {
    const inFile = credentials.filter(({ places }) => places.some(({ path }) => path === method.path));
    const key =
      inFile.length === 1 ? inFile[0] : inFile.find(({ places }) => places.some(({ line }) => line === method.line));
    if (key !== undefined) return key.keyId ?? 'a secret without its id';
  }
  return method.credentialName ?? method.kind;
}

interface Target {
  readonly method: Method;
  readonly roleArns: readonly string[];
  readonly accountId: string | undefined;
}

/** What an entry's credential is used for: its own roles, or those of the stacks that are run with it. */
function targetsOf(entry: Method, methods: readonly Method[]): Target[] {
  if (entry.roleArns !== undefined && entry.roleArns.length > 0) return [target(entry)];
  if (entry.usedBy === 'application') return [target(entry)];
  const reached = methods.filter(
    (method) =>
      method !== entry &&
      method.usedBy === 'terraform' &&
      (method.roleArns?.length ?? 0) > 0 &&
      (entry.stack === undefined || method.stack === undefined || method.stack === entry.stack),
  );
  return reached.length === 0 ? [target(entry)] : reached.map(target);
}

function target(method: Method): Target {
  return { method, roleArns: method.roleArns ?? [], accountId: method.accountId };
}

function addEntry(builder: GraphBuilder, entry: Method, label: string, targets: readonly Target[]): void {
  const place = `${entry.path}:${entry.line}`;
  const who = builder.node('who', whoLabels[entry.usedBy], undefined, entry.class);
  const where = builder.node('where', ...whereOf(entry), entry.class);
  const credential = builder.node('credential', label, classNotes[entry.class], entry.class);
  builder.edge(who, where, entry.class, place);
  builder.edge(where, credential, entry.class, place);
  for (const { method, roleArns, accountId } of targets) {
    const targetPlace = `${method.path}:${method.line}`;
    if (roleArns.length === 0) {
      const account = accountNode(builder, accountId, entry.class);
      builder.edge(credential, account, entry.class, targetPlace);
    }
    for (const arn of roleArns) {
      const parts = /^arn:[\w-]+:iam::(\d{12})?:role\/(.+)$/.exec(arn);
      const role = builder.node(
        'role',
        parts?.[2] ?? arn,
        parts?.[1] === undefined ? undefined : `in ${parts[1]}`,
        entry.class,
      );
      builder.edge(credential, role, entry.class, targetPlace);
      builder.edge(role, accountNode(builder, parts?.[1] ?? accountId, entry.class), entry.class, targetPlace);
    }
  }
}

/** Terraform runs in a stack; everything else is where its file is. */
function whereOf({ usedBy, stack, path, subject }: Method): [label: string, note: string] {
  if (usedBy !== 'terraform' || stack === undefined) return [path, subject];
  return [stack === '' ? '.' : stack, subject];
}

function accountNode(builder: GraphBuilder, accountId: string | undefined, type: AuthenticationClass): string {
  return builder.node(
    'account',
    accountId ?? 'not told by the files',
    accountId === undefined ? undefined : 'account',
    type,
  );
}

const whoLabels: Readonly<Record<UsedBy, string>> = {
  pipeline: 'Pipeline',
  person: 'Engineer',
  application: 'Application',
  terraform: 'Whoever runs Terraform',
  'made-by-code': 'Made by the code',
};

const classNotes: Readonly<Record<AuthenticationClass, string>> = {
  static: 'static',
  indirect: 'indirect',
  dynamic: 'short-lived',
};

const classRank: Readonly<Record<AuthenticationClass, number>> = { static: 0, indirect: 1, dynamic: 2 };

class GraphBuilder {
  readonly #nodes = new Map<
    string,
    { column: GraphColumn; label: string; notes: Set<string>; class: AuthenticationClass }
  >();
  readonly #edges = new Map<string, { from: string; to: string; class: AuthenticationClass; places: Set<string> }>();

  /** Adds the node or finds it again; returns its id. */
  node(column: GraphColumn, label: string, note: string | undefined, type: AuthenticationClass): string {
    // A role of the same name in another account is another role; elsewhere the label alone names the node.
    const id = column === 'role' ? `${column}:${label}@${note ?? ''}` : `${column}:${label}`;
    const known = this.#nodes.get(id) ?? { column, label, notes: new Set(), class: type };
    if (note !== undefined) known.notes.add(note);
    this.#nodes.set(id, { ...known, class: worse(known.class, type) });
    return id;
  }

  edge(from: string, to: string, type: AuthenticationClass, place: string): void {
    const id = `${from}→${to}`;
    const known = this.#edges.get(id) ?? { from, to, class: type, places: new Set() };
    known.places.add(place);
    this.#edges.set(id, { ...known, class: worse(known.class, type) });
  }

  finish(): AuthenticationGraph {
    return {
      nodes: [...this.#nodes].map(([id, node]) => ({ id, ...node, notes: [...node.notes] })),
      edges: [...this.#edges.values()].map((edge) => ({ ...edge, places: [...edge.places].sort() })),
    };
  }
}

function worse(a: AuthenticationClass, b: AuthenticationClass): AuthenticationClass {
  return classRank[a] <= classRank[b] ? a : b;
}
