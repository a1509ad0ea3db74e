/**
 * What the team calls each account. People write it down all over a repository: as the key of a map, in the name of a
 * local, as a provider's alias, beside the id in a comment or a table. Each place is a vote; the weightiest wins.
 */
import { parseRoleArn } from '../../aws/arn.ts';
import { type HclExpression, staticString, walkBodyExpressions } from '../../formats/hcl/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import {
  type Repository,
  resolveText,
  type SourceFile,
  type TerraformModule,
  terraformModules,
} from '../../repository/index.ts';
import type { DraftAccount, Fact } from './draft.ts';
import { providerAccount, type StackAccounts } from './stack-accounts.ts';

export function nameAccounts(
  ids: readonly Fact<string>[],
  repository: Repository,
  stacks: readonly StackAccounts[],
): readonly DraftAccount[] {
  const votes = collectVotes(repository, stacks);
  const taken = new Set<string>();
  return ids.map((id) => {
    const name = bestName(
      votes.filter((vote) => vote.id === id.value),
      taken,
    ) ?? {
      value: `account-${id.value}`,
      because: 'nothing names it; give it the name the team uses, everywhere in this file',
    };
    taken.add(name.value);
    return { name, id };
  });
}

interface Vote {
  readonly id: string;
  readonly name: string;
  readonly weight: number;
  readonly because: string;
  readonly place: Location;
}

function bestName(votes: readonly Vote[], taken: ReadonlySet<string>): Fact<string> | undefined {
  const totals = new Map<string, { weight: number; first: Vote }>();
  for (const vote of votes) {
    const total = totals.get(vote.name);
    if (total === undefined) totals.set(vote.name, { weight: vote.weight, first: vote });
    else {
      total.weight += vote.weight;
      if (vote.weight > total.first.weight) total.first = vote;
    }
  }
  const names = [...totals].filter(([name]) => !taken.has(name));
  // `live` covers `live-eu` and `live-dr`: the common stem speaks for all of them.
  const scored = names.map(([name, { weight, first }]) => ({
    first,
    weight:
      weight + names.filter(([other]) => other.startsWith(`${name}-`)).reduce((sum, [, { weight }]) => sum + weight, 0),
  }));
  scored.sort(
    (a, b) =>
      b.weight - a.weight || a.first.name.length - b.first.name.length || (a.first.name < b.first.name ? -1 : 1),
  );
  const [best] = scored;
  return best && { value: best.first.name, because: best.first.because, place: best.first.place };
}

function collectVotes(repository: Repository, stacks: readonly StackAccounts[]): Vote[] {
  const modules = terraformModules(repository);
  return [
    ...modules.flatMap(mapKeyVotes),
    ...modules.flatMap(valueNameVotes),
    ...modules.flatMap(aliasVotes),
    ...modules.flatMap(roleNameVotes),
    ...stacks.flatMap(ownNameVotes),
    ...stacks.flatMap(workspaceVotes),
    ...repository.files.flatMap(proseVotes),
  ].flatMap((vote) => {
    const name = cleanName(vote.name);
    return name === undefined ? [] : [{ ...vote, name }];
  });
}

/** `{ dev = "222233334444" }`, `{ dev = "arn:aws:iam::222233334444:role/x" }`. */
function mapKeyVotes(module: TerraformModule): Vote[] {
  return expressionsOf(module).flatMap(({ file, node }) =>
    node.kind !== 'object'
      ? []
      : node.items.flatMap(({ name, value }) => {
          const id = accountIn(value);
          if (id === undefined || name === undefined || isIdName(name)) return [];
          return [
            { id, name, weight: 3, because: 'a key of the map that holds its id', place: file.locationOf(value.start) },
          ];
        }),
  );
}

/** `dev_account_id = "222233334444"`, in locals, defaults and tfvars, also those of a workspace. */
function valueNameVotes(module: TerraformModule): Vote[] {
  const named = [...module.locals, ...module.variableFiles.flatMap(({ values }) => [...values])].map(
    ([name, placed]) => ({ name, ...placed }),
  );
  const byName = named.flatMap(({ name, file, node }) => {
    const id = accountIn(node);
    const rest = name.replace(/(^|_)(aws|account|acct|id|number|arn|role)(?=_|$)/g, '').replace(/^_+|_+$/g, '');
    if (id === undefined || rest === '' || rest === name) return [];
    return [{ id, name: rest, weight: 3, because: `the name ${name}`, place: file.locationOf(node.start) }];
  });
  const byFile = module.variableFiles.flatMap(({ automatic, workspaces: [stem], values }) =>
    automatic || stem === undefined
      ? []
      : [...values].flatMap(([name, { file, node }]) => {
          const id = accountIn(node);
          if (id === undefined || !isIdName(name)) return [];
          return [
            {
              id,
              name: stem,
              weight: 2,
              because: 'the variable file that holds its id',
              place: file.locationOf(node.start),
            },
          ];
        }),
  );
  return [...byName, ...byFile];
}

function aliasVotes(module: TerraformModule): Vote[] {
  return module.providers.flatMap((provider) => {
    const account = provider.alias === undefined ? undefined : providerAccount(provider, module, undefined);
    if (provider.alias === undefined || account?.place === undefined) return [];
    return [
      {
        id: account.value,
        name: provider.alias,
        weight: 2,
        because: 'the alias of a provider for it',
        place: account.place,
      },
    ];
  });
}

/** `platform-developer`, `platform-read_only`: teams put the account's name before the duty. */
function roleNameVotes(module: TerraformModule): Vote[] {
  return expressionsOf(module).flatMap(({ file, node }) => {
    const role = parseRoleArn(staticString(node) ?? '');
    const name =
      role &&
      /^(.+)[-_](developer|read[-_]?only|admin|administrator|deploy(er|ment)?|ci|terraform)$/i.exec(role.name)?.[1];
    if (role === undefined || name === undefined) return [];
    return [
      { id: role.account, name, weight: 0.5, because: `the role ${role.name}`, place: file.locationOf(node.start) },
    ];
  });
}

/** A stack that keeps its own account's id often keeps its name beside it. */
function ownNameVotes({ module, accounts }: StackAccounts): Vote[] {
  const ids = new Set([...accounts.values()].map((account) => account?.value));
  const [id] = ids;
  if (ids.size !== 1 || id === undefined) return [];
  return ['account_name', 'account_alias', 'account'].flatMap((name) => {
    const expression = module.locals.get(name);
    const resolved = expression && resolveText(expression, module, undefined);
    if (resolved === undefined || /^\d+$/.test(resolved.text)) return [];
    return [
      { id, name: resolved.text, weight: 4, because: `local.${name} of ${module.directory}`, place: resolved.place },
    ];
  });
}

/** A workspace whose account only the provider tells is a weak hint by its name, and so is a stack's folder. */
function workspaceVotes({ module, accounts }: StackAccounts): Vote[] {
  return [...accounts].flatMap(([workspace, account]) => {
    if (account?.place === undefined) return [];
    const folder = module.directory.slice(module.directory.lastIndexOf('/') + 1);
    const { value: id, place } = account;
    return [
      ...(workspace === 'default'
        ? []
        : [{ id, name: workspace, weight: 0.5, because: 'a workspace that runs in it', place }]),
      ...(accounts.size === 1 && folder !== ''
        ? [{ id, name: folder, weight: 0.25, because: 'the folder of a stack that runs in it', place }]
        : []),
    ];
  });
}

/** `"222233334444" # dev`, `| dev | 222233334444 |`, `dev: 222233334444`, `222233334444 (dev)`. */
function proseVotes(file: SourceFile): Vote[] {
  const isProse = file.format === 'text' && /\.(md|markdown|adoc|rst|txt)$/i.test(file.path);
  if (!isProse && file.format !== 'terraform' && file.format !== 'tfvars') return [];
  return [...file.text.matchAll(/(?<![\w-])\d{12}(?![\w-])/g)].flatMap((match) => {
    const start = file.text.lastIndexOf('\n', match.index) + 1;
    const newline = file.text.indexOf('\n', match.index);
    const before = file.text.slice(start, match.index);
    const after = file.text.slice(match.index + 12, newline === -1 ? undefined : newline);
    const name = isProse
      ? (/\|\s*`?([A-Za-z][\w-]*)`?\s*\|\s*`?$/.exec(before)?.[1] ??
        /(?:^|[\s*`(-])([A-Za-z][\w-]*)`?\s*[:=]\s*`?$/.exec(before)?.[1] ??
        /^`?\s*\(\s*([A-Za-z][\w-]*)\s*\)/.exec(after)?.[1] ??
        /^`?\s*\|\s*`?([A-Za-z][\w-]*)`?\s*\|/.exec(after)?.[1])
      : /^"[\s,)\]]*(?:#|\/\/)\s*([A-Za-z][\w-]*)(?:\s+account)?\s*$/.exec(after)?.[1];
    if (name === undefined) return [];
    const because = isProse ? 'what stands beside its id' : 'the comment beside its id';
    return [{ id: match[0], name, weight: 2, because, place: file.locationOf(match.index) }];
  });
}

/** Names that say "account" and nothing of which one. */
function isIdName(name: string): boolean {
  return /^(aws_?)?(target_?)?(account|acct)(_?(id|number))?$|^id$|^(assume_)?role(_arn)?$/i.test(name);
}

function accountIn(expression: HclExpression): string | undefined {
  const text = staticString(expression);
  if (text === undefined) return undefined;
  return /^\d{12}$/.test(text) ? text : parseRoleArn(text)?.account;
}

function cleanName(name: string): string | undefined {
  const clean = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 63);
  return clean === '' || /^\d+$/.test(clean) || saysNothing.test(clean) ? undefined : clean;
}

/** Words that name no account, and regions, which aliases and map keys are full of. */
const saysNothing =
  /^(account|accounts|aws|id|ids|default|the|this|main|(us|eu|ap|sa|ca|me|af|il|mx|cn)[-_](gov[-_])?[a-z]+[-_]?\d)$/i;

function expressionsOf(module: TerraformModule): { file: SourceFile; node: HclExpression }[] {
  const blocks = [...module.providers, ...module.variables.values(), ...module.calls, ...module.resources];
  return [
    ...blocks.flatMap(({ file, node }) => [...walkBodyExpressions(node.body)].map((each) => ({ file, node: each }))),
    ...[...module.locals.values()].map(({ file, node }) => ({ file, node })),
    ...module.variableFiles.flatMap(({ values }) => [...values.values()]),
  ];
}
