/** AWS providers: the arguments in force, the role they assume, and the account they land in by workspace. */
import { type HclExpression, parseHclExpression } from '../../formats/hcl/index.ts';
import {
  type Placed,
  type ProviderBlock,
  resolveText,
  type TerraformModule,
  unknownPart,
} from '../../repository/index.ts';
import { type ArgumentGroup, argumentOf, groupOfBlock, type NestedGroup, nestedGroups } from './argument-group.ts';

export function isAws({ name }: Pick<ProviderBlock, 'name'>): boolean {
  return name === 'aws' || name === 'awscc';
}

/** It talks to LocalStack or its like, which takes dummy keys and has no account. */
export function hasLocalEndpoint(provider: ProviderBlock): boolean {
  return groupsOfProvider(provider)
    .flatMap((group) => nestedGroups(group, 'endpoints'))
    .some(({ file, node }) =>
      /localhost|127\.0\.0\.1|0\.0\.0\.0|localstack|host\.docker\.internal|:4566/.test(
        file.text.slice(node.start, node.end),
      ),
    );
}

/** The group that holds the arguments of a provider which are in force, override files last. */
export function groupsOfProvider({ file, node, overrides }: ProviderBlock): readonly ArgumentGroup[] {
  return [groupOfBlock(file, node), ...overrides.map((override) => groupOfBlock(override.file, override.node))];
}

/** The argument in force; overrides win. */
export function providerArgument(provider: ProviderBlock, name: string): ReturnType<typeof argumentOf> {
  return groupsOfProvider(provider)
    .map((group) => argumentOf(group, name))
    .findLast((argument) => argument !== undefined);
}

/** The `assume_role` groups in force: those of the last override that has any. More than one is a chain. */
export function assumedRoles(provider: ProviderBlock): readonly NestedGroup[] {
  const all = groupsOfProvider(provider).map((group) => nestedGroups(group, 'assume_role'));
  return all.findLast((groups) => groups.length > 0) ?? [];
}

/** An ARN as far as the code says it, and the account in it. */
export interface ResolvedRole {
  readonly arn: string;
  /** `undefined` when that part is not in the code. */
  readonly accountId: string | undefined;
  readonly partition: string | undefined;
}

export function resolveRole(
  role: ArgumentGroup,
  module: TerraformModule,
  workspace: string | undefined,
): ResolvedRole | undefined {
  const arn = argumentOf(role, 'role_arn');
  if (arn === undefined) return undefined;
  const found = resolveText({ file: role.file, node: arn.value }, module, workspace, { partial: true });
  return found === undefined ? undefined : readRoleArn(found.text);
}

/** Lenient about the name of the role, which may be computed: only the account and the partition are asked for. */
export function readRoleArn(text: string): ResolvedRole {
  const match = /^arn:(aws(?:-[a-z]+)*):iam::(\d{12}):role\//.exec(text);
  return { arn: text.replaceAll(unknownPart, '…'), accountId: match?.[2], partition: match?.[1] };
}

/** The expression that stands for the account in `"arn:aws:iam::${…}:role/x"`, as written. */
export function accountExpressionOf(
  role: ArgumentGroup,
): (Placed<HclExpression> & { readonly source: string }) | undefined {
  const arn = argumentOf(role, 'role_arn')?.value;
  if (arn?.kind !== 'template') return undefined;
  const [before, account, after] = arn.parts;
  if (before?.kind !== 'text' || !/^arn:aws(-[a-z]+)*:iam::$/.test(before.value)) return undefined;
  if (account?.kind !== 'interpolation' || after?.kind !== 'text' || !after.value.startsWith(':role/'))
    return undefined;
  const { start, end } = account.expression;
  const source = role.file.text.slice(start, end);
  // In an escaped JSON string the range is that of the whole string.
  const again = parseHclExpression(source);
  if (again.problems.length > 0 || again.expression?.kind === 'template') return undefined;
  return { file: role.file, node: account.expression, source };
}
