/** The shared IAM user that everything runs as: the one user that the code gives a key, and the roles that providers assume from it. */
import type { Inventory } from '../../audit/index.ts';
import { parseRoleArn } from '../../aws/arn.ts';
import { attributeOf, type Repository, resolveText, terraformModules } from '../../repository/index.ts';
import type { Fact, Maybe } from './draft.ts';
import type { StackAccounts } from './stack-accounts.ts';

export interface LegacyFacts {
  readonly user: Fact<string>;
  /** Account id. */
  readonly account: Maybe<string>;
  readonly roles: readonly Fact<string>[];
}

/** `undefined` where no user with a key is made by the code, or more than one: then nothing tells which it is. */
export function legacyWay(
  repository: Repository,
  inventory: Inventory,
  stacks: readonly StackAccounts[],
): LegacyFacts | undefined {
  const withKey = inventory.methods.filter(({ kind }) => kind === 'iam-access-key');
  const users = terraformModules(repository).flatMap((module) =>
    module.resources
      .filter(({ mode, type }) => mode === 'resource' && type === 'aws_iam_user')
      .filter(() => withKey.some(({ stack }) => stack === module.directory))
      .flatMap((resource) => {
        const text = (name: string) => {
          const attribute = attributeOf(resource, name);
          return attribute && resolveText({ file: attribute.file, node: attribute.node.expression }, module, undefined);
        };
        const name = text('name');
        if (name === undefined) return [];
        const path = (text('path')?.text ?? '/').replace(/^\//, '');
        const user: Fact<string> = { value: path + name.text, because: 'made here, with a key', place: name.place };
        const account = stacks.find((stack) => stack.module.directory === module.directory)?.accounts;
        return [{ user, account: [...(account?.values() ?? [])].find((id) => id !== undefined) }];
      }),
  );
  const [only, ...others] = users;
  if (only === undefined || others.length > 0) return undefined;
  return { ...only, roles: assumedRoles(inventory) };
}

/** Names of the roles that Terraform assumes first, each once. */
function assumedRoles({ methods }: Inventory): readonly Fact<string>[] {
  const roles = new Map<string, Fact<string>>();
  for (const { kind, roleArns = [], subject, path, line, column } of methods) {
    if (!/^(provider|backend|remote-state)-assume-role$/.test(kind)) continue;
    for (const arn of roleArns) {
      const parsed = parseRoleArn(arn);
      if (parsed === undefined) continue;
      const value = parsed.path.slice(1) + parsed.name;
      if (!roles.has(value))
        roles.set(value, { value, because: `${subject} assumes it`, place: { path, line, column } });
    }
  }
  return [...roles.values()];
}
