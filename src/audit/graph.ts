/**
 * The inventory as a graph with five columns: who → from where → by which credential → through which roles → into which
 * account. Terraform methods say what is assumed in a stack; pipeline and person methods say with what a stack is run;
 * joining the two by stack gives whole paths. The columns share nodes, so a line alone says less than a path does: the
 * paths are kept beside the lines, and a path that rests on a guess about the stack says so.
 */
import type { AuthenticationClass, Credential, Inventory, Method, MethodKind, UsedBy } from './inventory.ts';

export const graphColumns = ['who', 'where', 'credential', 'role', 'account'] as const;
export type GraphColumn = (typeof graphColumns)[number];

export interface GraphNode {
  readonly id: string;
  readonly column: GraphColumn;
  readonly label: string;
  /** Smaller lines below the label: the jobs of a workflow, the stacks that assume a role. */
  readonly notes: readonly string[];
  /** The worst class of what passes through. */
  readonly class: AuthenticationClass;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly class: AuthenticationClass;
  /** False when every path along it rests on a guess: the files do not say which stacks the pipeline runs. */
  readonly certain: boolean;
  /** Where it is written, as `path:line`. */
  readonly places: readonly string[];
}

export interface AuthenticationGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Each as ids of nodes from left to right; without a role where the credential enters the account itself. */
  readonly paths: readonly (readonly string[])[];
}

export function authenticationGraph(inventory: Pick<Inventory, 'methods' | 'credentials'>): AuthenticationGraph {
  const { methods, credentials } = inventory;
  const builder = new GraphBuilder();
  const hops = new Hops(methods);
  for (const method of methods) {
    if (startsAPath(method)) addEntry(builder, method, credentialOf(method, credentials), hops);
  }
  addOutsideSessions(builder, methods, hops);
  for (const credential of credentials) {
    if (!credential.documentationExample && credential.keyId !== undefined) addLeak(builder, credential, methods);
  }
  return builder.finish();
}

/** A pipeline, a person or an application starts a path; so does a credential that Terraform's own files name. */
function startsAPath({ usedBy, class: type, kind }: Method): boolean {
  if (usedBy === 'made-by-code' || kind === 'backend-customer-key' || kind === 'backend-http-password') return false;
  return usedBy !== 'terraform' || type === 'static' || ownSource.test(kind);
}

/** Kinds that name where Terraform takes its credential from, other than what it finds. */
const ownSource = /-(profile|shared-credentials-file|web-identity)$|^vault-aws-|^terragrunt-auth-command$/;

interface NamedCredential {
  readonly label: string;
  /** The account that the key's own id tells. */
  readonly accountId: string | undefined;
}

/** The key that stands there, or what the credential is called. */
function credentialOf(method: Method, credentials: readonly Credential[]): NamedCredential {
  const key = method.class === 'static' ? keyAt(method, credentials) : undefined;
  if (key !== undefined) return { label: key.keyId ?? 'a secret without its id', accountId: key.accountHint };
  const { kind, credentialName } = method;
  const issuer = /^(\w+)-oidc$/.exec(kind)?.[1];
  if (issuer !== undefined) return { label: `OIDC token${issuerNames[issuer] ?? ''}`, accountId: undefined };
  const label =
    credentialName === undefined
      ? (kindLabels[kind] ?? kind)
      : /-profile$/.test(kind)
        ? `profile ${credentialName}`
        : credentialName;
  return { label, accountId: undefined };
}

function keyAt({ path, line, credentialName }: Method, credentials: readonly Credential[]): Credential | undefined {
  const onLine = credentials.filter(({ places }) => places.some((place) => place.path === path && place.line === line));
  if (onLine.length > 0) return onLine[0];
  const inFile = credentials.filter(({ places }) => places.some((place) => place.path === path));
  if (inFile.length === 1 && credentialName === undefined) return inFile[0];
  const byName = credentials.filter(({ places }) => places.some(({ via }) => via === `var.${credentialName}`));
  return byName.length === 1 ? byName[0] : undefined;
}

const issuerNames: Readonly<Record<string, string>> = {
  github: ' of GitHub',
  gitlab: ' of GitLab',
  circleci: ' of CircleCI',
  bitbucket: ' of Bitbucket',
  azure: ' of Azure DevOps',
  buildkite: ' of Buildkite',
};

/** For credentials that nobody has named. */
const kindLabels: Readonly<Partial<Record<MethodKind, string>>> = {
  'github-secrets-inherit': 'every secret, inherited',
  'container-static-key': 'a key in its environment',
  'shell-static-key': 'a key in its environment',
  'script-static-key': 'a key that it hands on',
  'environment-static-key': 'a key in the environment',
  'provider-static-key': 'a key in the provider',
  'backend-static-key': 'a key in the backend',
  'remote-state-static-key': 'a key in the remote state',
  'module-source-static-key': 'a key in the module source',
  'provider-shared-credentials-file': 'a credentials file',
  'backend-shared-credentials-file': 'a credentials file',
  'provider-web-identity': 'an OIDC token',
  'backend-web-identity': 'an OIDC token',
  'remote-state-web-identity': 'an OIDC token',
  'terragrunt-auth-command': 'what a command prints',
};

/** The roles that Terraform assumes, by stack and by the thing that assumes them. */
class Hops {
  readonly #byStack: ReadonlyMap<string, readonly Method[]>;
  /** Providers and backends with a credential of their own: what the runner brings does not reach them. */
  readonly #independent: ReadonlySet<string>;
  readonly #stackCount: number;

  constructor(methods: readonly Method[]) {
    const terraform = methods.filter(({ usedBy }) => usedBy === 'terraform');
    this.#byStack = Map.groupBy(
      terraform.filter(({ roleArns }) => (roleArns?.length ?? 0) > 0),
      ({ stack }) => stack ?? '',
    );
    this.#stackCount = new Set(terraform.map(({ stack }) => stack ?? '')).size;
    this.#independent = new Set(
      terraform.filter(({ class: type, kind }) => type === 'static' || ownSource.test(kind)).map(subjectKey),
    );
  }

  /** What an entry's credential goes through, with whether the files say so. */
  from(entry: Method): { readonly method: Method; readonly certain: boolean }[] {
    if (entry.usedBy === 'application') return [];
    if (entry.usedBy === 'terraform') {
      const family = familyOf(entry.kind);
      return (this.#byStack.get(entry.stack ?? '') ?? [])
        .filter((method) => method !== entry && familyOf(method.kind) === family)
        .map((method) => ({ method, certain: true }));
    }
    const stacks = entry.stack === undefined ? [...this.#byStack.values()].flat() : this.#byStack.get(entry.stack);
    // A shell's key serves whatever the person runs; a pipeline runs what it runs.
    const certain = entry.stack !== undefined || entry.usedBy === 'person' || this.#stackCount === 1;
    return (stacks ?? [])
      .filter((method) => !this.#independent.has(subjectKey(method)))
      .map((method) => ({ method, certain }));
  }
}

function subjectKey({ stack, kind, subject }: Method): string {
  return [stack, familyOf(kind), subject].join('\0');
}

/** A variable and a credentials file serve the provider as its own arguments do. */
function familyOf(kind: MethodKind): string {
  const family = /^(provider|backend|remote-state|module-source)-/.exec(kind)?.[1];
  return family ?? 'provider';
}

function addEntry(builder: GraphBuilder, entry: Method, credential: NamedCredential, hops: Hops): void {
  const place = `${entry.path}:${entry.line}`;
  const start = startOf(builder, entry, credential.label);
  const ownRoles = ownRolesOf(builder, entry);
  // A session that was issued for a role reaches what Terraform assumes from that role.
  const starts = ownRoles.length === 0 ? [start] : ownRoles.map(({ role }) => [...start, role]);
  const reached = hops.from(entry);
  for (const from of starts) {
    for (const { method, certain } of reached) {
      for (const arn of method.roleArns ?? []) {
        const role = roleNode(builder, arn, method, entry.class);
        builder.path([...from, ...role], entry.class, certain, [place, `${method.path}:${method.line}`]);
      }
    }
  }
  for (const { role, account } of ownRoles) builder.path([...start, role, account], entry.class, true, [place]);
  // A long-lived key is somebody's in some account, and enters it without any role.
  if (ownRoles.length === 0 && (reached.length === 0 || entry.class === 'static')) {
    const account = accountNode(builder, credential.accountId ?? entry.accountId, entry.class);
    builder.path([...start, account], entry.class, true, [place]);
  }
}

/** Roles that the entry itself becomes; a pipeline's is often a variable of its platform. */
function ownRolesOf(builder: GraphBuilder, entry: Method): { readonly role: string; readonly account: string }[] {
  const arns = entry.roleArns ?? [];
  if (arns.length === 0 && !/-oidc$/.test(entry.kind)) return [];
  const names = arns.length === 0 ? [entry.credentialName ?? 'a role named elsewhere'] : arns;
  return names.map((name) => {
    const [role, account] = roleNode(builder, name, entry, entry.class);
    return { role, account };
  });
}

/** What Terraform runs with when its files name nothing: the session of whoever runs it. */
function addOutsideSessions(builder: GraphBuilder, methods: readonly Method[], hops: Hops): void {
  const ambient = methods.filter(({ kind }) => kind === 'provider-ambient');
  const stacks = [...new Set(ambient.map(({ stack }) => folderLabel(stack ?? '')))];
  if (stacks.length === 0) return;
  const who = builder.node('who', whoLabels.terraform, undefined, 'indirect');
  const where = builder.node(
    'where',
    stacks.length === 1 ? (stacks[0] as string) : `${stacks.length} stacks`,
    undefined,
    'indirect',
  );
  if (stacks.length > 1) for (const stack of stacks) builder.note(where, stack);
  const start = [who, where, builder.node('credential', 'the session they bring', classNotes.indirect, 'indirect')];
  for (const entry of ambient) {
    const place = `${entry.path}:${entry.line}`;
    builder.path([...start, accountNode(builder, entry.accountId, 'indirect')], 'indirect', true, [place]);
    for (const { method } of hops.from(entry)) {
      for (const arn of method.roleArns ?? []) {
        builder.path([...start, ...roleNode(builder, arn, method, 'indirect')], 'indirect', true, [
          `${method.path}:${method.line}`,
        ]);
      }
    }
  }
}

/** A key that stands where nothing authenticates with it still lets in whoever reads the file. */
function addLeak(builder: GraphBuilder, credential: Credential, methods: readonly Method[]): void {
  const inUse = new Set(methods.filter(startsAPath).map(({ path, line }) => `${path}:${line}`));
  if (credential.places.some(({ path, line }) => inUse.has(`${path}:${line}`))) return;
  if (builder.has('credential', credential.keyId as string)) return;
  for (const { path, line } of credential.places.filter(({ via }) => via === 'literal')) {
    const who = builder.node('who', 'Whoever can read the file', undefined, 'static');
    const where = builder.node('where', path, undefined, 'static');
    const key = builder.node('credential', credential.keyId as string, classNotes.static, 'static');
    const account = accountNode(builder, credential.accountHint, 'static');
    builder.path([who, where, key, account], 'static', true, [`${path}:${line}`]);
  }
}

function startOf(builder: GraphBuilder, entry: Method, label: string): string[] {
  const who = builder.node('who', whoLabels[entry.usedBy], undefined, entry.class);
  const where = builder.node('where', ...whereOf(entry), entry.class);
  const credential = builder.node('credential', label, classNotes[entry.class], entry.class);
  return [who, where, credential];
}

/** The role and the account it is in. */
function roleNode(
  builder: GraphBuilder,
  arn: string,
  { accountId, stack, usedBy }: Pick<Method, 'accountId' | 'stack' | 'usedBy'>,
  type: AuthenticationClass,
): [role: string, account: string] {
  const parts = /^arn:[\w-]+:iam::(\d{12})?:role\/(.+)$/.exec(arn);
  const account = parts?.[1] ?? accountId;
  const role = builder.node('role', parts?.[2] ?? arn, account, type);
  if (usedBy === 'terraform' && stack !== undefined) builder.note(role, `in ${folderLabel(stack)}`);
  return [role, accountNode(builder, account, type)];
}

/** Terraform runs in a stack; everything else is where its file is. */
function whereOf({ usedBy, stack, path, subject }: Method): [label: string, note: string | undefined] {
  if (usedBy === 'terraform' && stack !== undefined) return [folderLabel(stack), subject];
  return [path, path === subject || path.endsWith(`/${subject}`) ? undefined : subject];
}

function folderLabel(stack: string): string {
  return stack === '' ? '.' : stack;
}

function accountNode(builder: GraphBuilder, accountId: string | undefined, type: AuthenticationClass): string {
  return accountId === undefined
    ? builder.node('account', 'not told by the files', undefined, type)
    : builder.node('account', accountId, undefined, type);
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

interface EdgeInMaking {
  readonly from: string;
  readonly to: string;
  class: AuthenticationClass;
  certain: boolean;
  readonly places: Set<string>;
}

class GraphBuilder {
  readonly #nodes = new Map<
    string,
    { column: GraphColumn; label: string; notes: Set<string>; class: AuthenticationClass }
  >();
  readonly #edges = new Map<string, EdgeInMaking>();
  readonly #paths = new Map<string, readonly string[]>();

  /** Adds the node or finds it again; returns its id. */
  node(column: GraphColumn, label: string, note: string | undefined, type: AuthenticationClass): string {
    // A role of the same name in another account is another role; elsewhere the label alone names the node.
    const id = column === 'role' ? `${column}:${label}@${note ?? ''}` : `${column}:${label}`;
    const known = this.#nodes.get(id) ?? { column, label, notes: new Set(), class: type };
    if (note !== undefined) known.notes.add(note);
    this.#nodes.set(id, { ...known, class: worse(known.class, type) });
    return id;
  }

  note(id: string, text: string): void {
    this.#nodes.get(id)?.notes.add(text);
  }

  has(column: GraphColumn, label: string): boolean {
    return this.#nodes.has(`${column}:${label}`);
  }

  path(nodes: readonly string[], type: AuthenticationClass, certain: boolean, places: readonly string[]): void {
    this.#paths.set(nodes.join('\0'), nodes);
    // The way to the credential is written at the entry; what follows it, where the role is.
    for (const [index, from] of nodes.slice(0, -1).entries()) {
      const toCredential = index < 2;
      const place = toCredential ? places[0] : (places[1] ?? places[0]);
      this.#edge(from, nodes[index + 1] as string, type, certain || toCredential, place);
    }
  }

  #edge(from: string, to: string, type: AuthenticationClass, certain: boolean, place: string | undefined): void {
    const id = `${from}\0${to}`;
    const known = this.#edges.get(id) ?? { from, to, class: type, certain, places: new Set() };
    known.class = worse(known.class, type);
    known.certain ||= certain;
    if (place !== undefined) known.places.add(place);
    this.#edges.set(id, known);
  }

  finish(): AuthenticationGraph {
    return {
      nodes: [...this.#nodes].map(([id, node]) => ({ id, ...node, notes: [...node.notes] })),
      edges: [...this.#edges.values()].map((edge) => ({ ...edge, places: [...edge.places].sort() })),
      paths: [...this.#paths.values()],
    };
  }
}

function worse(a: AuthenticationClass, b: AuthenticationClass): AuthenticationClass {
  return classRank[a] <= classRank[b] ? a : b;
}
