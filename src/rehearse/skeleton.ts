/**
 * What of a stack real Terraform can run without any provider and without any network: its backend, variables, locals,
 * remote states, `terraform_data` and outputs. The rest is left out, each part with its reason: a rehearsal proves who may
 * sign in and reach the state, not what the resources do. A stack of which nothing has to be left out runs whole.
 */
import { applyEdits } from '../formats/edit.ts';
import {
  findBlocks,
  type HclAttribute,
  type HclBlock,
  type HclExpression,
  type HclNode,
  references,
  staticString,
  walkBodyExpressions,
} from '../formats/hcl/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import type { Repository, SourceFile, TerraformModule } from '../repository/index.ts';
import { terraformModule } from '../repository/index.ts';

export interface Skeleton {
  /** Nothing was left out. */
  readonly whole: boolean;
  /** New texts by path; files that stay as they are do not appear. */
  readonly files: ReadonlyMap<string, string>;
  /** In order of place. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut extends Location {
  /** `module.vpc`, `aws_sqs_queue.depot`, `output.vpc_id`. */
  readonly what: string;
  /** End of a sentence: `it needs the provider aws`. */
  readonly reason: string;
}

/** One thing a module declares, and what it needs. */
interface Declaration {
  readonly address: string;
  readonly file: SourceFile;
  readonly node: HclNode;
  readonly needs: ReadonlySet<string>;
  /** Why it cannot run here whatever it refers to. */
  readonly obstacle: string | undefined;
}

/** What a stack finds when it runs; what it does not find is left out, with all that refers to it. */
export interface Surroundings {
  /** The variable gets a value in every workspace. */
  given(variable: string): boolean;
  /** Why a `terraform_remote_state` of that name cannot be read, as the end of a sentence; `undefined` when it can. */
  unreadable(remoteState: string): string | undefined;
  /** The state it reads has no such output here; with no name: it has not all of them. */
  lacks(remoteState: string, output: string | undefined): boolean;
}

export function buildSkeleton(repository: Repository, module: TerraformModule, surroundings: Surroundings): Skeleton {
  const declarations = repository
    .inDirectory(module.directory)
    .filter(({ format }) => format === 'terraform')
    .flatMap((file) => declarationsIn(file, repository, module, surroundings));
  const reasons = new Map<string, string>();
  for (const { address, needs, obstacle } of declarations) {
    if (obstacle !== undefined) reasons.set(address, obstacle);
    for (const need of needs) {
      const [, state, output] = /^data\.terraform_remote_state\.([^.]+)\.outputs(?:\.(.+))?$/.exec(need) ?? [];
      if (state !== undefined && surroundings.lacks(state, output)) {
        reasons.set(need, 'it is left out of the stack that writes it');
      }
    }
  }
  for (let grown = true; grown; ) {
    grown = false;
    for (const { address, needs } of declarations) {
      if (reasons.has(address)) continue;
      const missing = [...needs].find((need) => reasons.has(need));
      if (missing === undefined) continue;
      reasons.set(address, `it refers to ${missing}`);
      grown = true;
    }
  }
  const out = declarations.filter(({ address }) => reasons.has(address));
  const edits = Map.groupBy(out, ({ file }) => file);
  return {
    whole: out.length === 0,
    files: new Map(
      [...edits].map(([file, gone]) => [
        file.path,
        applyEdits(
          file.text,
          gone.map(({ node }) => ({ start: node.start, end: node.end, text: '' })),
        ),
      ]),
    ),
    leftOut: out.flatMap(({ address, file, node }) =>
      address.startsWith('required_providers')
        ? []
        : [{ ...file.locationOf(node.start), what: address, reason: reasons.get(address) as string }],
    ),
  };
}

function declarationsIn(
  file: SourceFile,
  repository: Repository,
  module: TerraformModule,
  { given, unreadable }: Surroundings,
): Declaration[] {
  return (file.terraformBody()?.items ?? []).flatMap((item) => {
    if (item.kind !== 'block') return [];
    const of = (address: string, obstacle?: string): Declaration => ({
      address,
      file,
      node: item,
      needs: new Set(addressesIn(item)),
      obstacle,
    });
    const [first = '', second = ''] = item.labels.map(({ value }) => value);
    switch (item.type) {
      case 'terraform':
        return [
          ...findBlocks(item.body, 'required_providers')
            .flatMap((block) => block.body.items.flatMap((entry) => (entry.kind === 'attribute' ? [entry] : [])))
            .map((entry) => requiredProvider(file, entry, entry.name)),
          ...findBlocks(item.body, 'provider_meta').map((block) =>
            requiredProvider(file, block, block.labels[0]?.value ?? ''),
          ),
        ];
      case 'locals':
        return item.body.items.flatMap((entry) => (entry.kind === 'attribute' ? [localValue(file, entry)] : []));
      case 'variable':
        return [of(`var.${first}`, given(first) ? undefined : 'nothing here gives it a value')];
      case 'output':
        return [of(`output.${first}`)];
      case 'provider':
        return [of(`provider.${first}`, providerObstacle(first))];
      case 'module':
        return [of(`module.${first}`, moduleObstacle(repository, module, first))];
      case 'resource':
        return [of(`${first}.${second}`, resourceObstacle(first, item))];
      case 'data':
        return [
          of(
            `data.${first}.${second}`,
            dataObstacle(first, item) ?? (first === 'terraform_remote_state' ? unreadable(second) : undefined),
          ),
        ];
      case 'moved':
      case 'removed':
      case 'import':
        return [of(`${item.type} ${addressesIn(item).join(' ')}`)];
      default:
        return [of([item.type, first, second].filter(Boolean).join('.'))];
    }
  });
}

function requiredProvider(file: SourceFile, node: HclNode, provider: string): Declaration {
  return {
    address: `required_providers.${provider}`,
    file,
    node,
    needs: new Set(),
    obstacle: providerObstacle(provider),
  };
}

function localValue(file: SourceFile, entry: HclAttribute): Declaration {
  return {
    address: `local.${entry.name}`,
    file,
    node: entry,
    needs: new Set(references(entry.expression).flatMap(addressOf)),
    obstacle: undefined,
  };
}

/** `terraform` is built into Terraform; every other provider has to be downloaded. */
function providerObstacle(name: string): string | undefined {
  return name === 'terraform' ? undefined : `it needs the provider ${name}`;
}

function resourceObstacle(type: string, block: HclBlock): string | undefined {
  if (type !== 'terraform_data') return `it needs the provider ${providerOf(type)}`;
  const provisioner = findBlocks(block.body, 'provisioner')[0];
  return provisioner === undefined
    ? undefined
    : `its provisioner ${provisioner.labels[0]?.value ?? ''} would run a command of its own`;
}

function dataObstacle(type: string, block: HclBlock): string | undefined {
  if (type !== 'terraform_remote_state') return `it needs the provider ${providerOf(type)}`;
  const backend = block.body.items.find((item) => item.kind === 'attribute' && item.name === 'backend');
  const kind = backend?.kind === 'attribute' ? staticString(backend.expression) : undefined;
  return kind === 's3' ? undefined : `the state it reads is not in S3`;
}

function moduleObstacle(repository: Repository, module: TerraformModule, name: string): string | undefined {
  const call = module.calls.find((candidate) => candidate.name === name);
  const { source, directory } = call ?? {};
  if (directory === undefined) return `its source is elsewhere: ${sourceKind(source)}`;
  return localModuleObstacle(repository, directory, new Set());
}

/** A module of the repository stays when nothing in it, or in the modules that it calls, has to be left out. */
function localModuleObstacle(
  repository: Repository,
  directory: string,
  above: ReadonlySet<string>,
): string | undefined {
  const module = terraformModule(repository, directory);
  if (module === undefined || above.has(directory)) return `there is no module in ${directory}`;
  for (const file of repository.inDirectory(directory)) {
    if (file.format === 'terraform-json') return `${directory} is written in JSON`;
    for (const item of file.format === 'terraform' ? (file.terraformBody()?.items ?? []) : []) {
      if (item.kind !== 'block') continue;
      const type = item.labels[0]?.value ?? '';
      const obstacle =
        item.type === 'resource'
          ? resourceObstacle(type, item)
          : item.type === 'data'
            ? dataObstacle(type, item)
            : item.type === 'provider'
              ? providerObstacle(type)
              : findBlocks(item.body, 'required_providers')
                  .flatMap(({ body }) => body.items)
                  .map((entry) => (entry.kind === 'attribute' ? providerObstacle(entry.name) : undefined))
                  .find((reason) => reason !== undefined);
      if (obstacle !== undefined) return `${directory}: ${obstacle}`;
    }
  }
  for (const call of module.calls) {
    const obstacle =
      call.directory === undefined
        ? `${directory}: a source is elsewhere: ${sourceKind(call.source)}`
        : localModuleObstacle(repository, call.directory, new Set([...above, directory]));
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** Says where a module comes from without quoting the source, which may hold a key. */
function sourceKind(source: string | undefined): string {
  if (source === undefined) return 'unknown';
  if (source.startsWith('s3::')) return 'S3';
  if (source.startsWith('git::') || source.startsWith('git@') || source.startsWith('github.com/'))
    return 'a git server';
  if (/^https?:/.test(source)) return 'a web server';
  return /^[\w.-]+\/[\w.-]+\/[\w.-]+/.test(source) ? 'a Terraform registry' : 'another host';
}

/** Terraform takes the name before the first underscore where nothing else is said. */
function providerOf(type: string): string {
  const end = type.indexOf('_');
  return end === -1 ? type : type.slice(0, end);
}

function addressesIn(block: HclBlock): string[] {
  return [...walkBodyExpressions(block.body)].flatMap(addressOf);
}

/**
 * `var.x`, `local.x`, `module.x`, `data.type.name`, `type.name`: what a traversal points at, in this module. Of a remote state
 * the output as well, or all of them where it is handed on whole.
 */
function addressOf(expression: HclExpression): string[] {
  if (expression.kind !== 'traversal') return [];
  const { root, steps } = expression;
  const names = steps.flatMap((step) => {
    if (step.kind === 'attribute') return [step.name];
    return (step.kind === 'index' && staticString(step.key)) || [];
  });
  const wanted = root === 'data' ? 2 : 1;
  if (names.length < wanted) return [];
  const address = [root, ...names.slice(0, wanted)].join('.');
  if (root !== 'data' || names[0] !== 'terraform_remote_state') return [address];
  const outputs = names.indexOf('outputs', 2);
  const output = outputs === -1 ? undefined : names[outputs + 1];
  return [address, [address, 'outputs', ...(output === undefined ? [] : [output])].join('.')];
}
