/** The role that a place assumes to reach state, in either form, and whether direct or profile access makes it needless. */
import { staticString } from '../../formats/hcl/index.ts';
import type { Intent } from '../../intent/index.ts';
import { flatRoleArguments } from '../../repository/index.ts';
import {
  type Argument,
  type ArgumentGroup,
  argumentOf,
  argumentsNamed,
  argumentsOf,
  type NestedGroup,
  nestedGroups,
} from './argument-group.ts';
import { readRoleArn, resolveRole } from './provider-roles.ts';
import { accountIdOf, accountNameOf } from './stacks.ts';
import { type StatePlace, stateBackendOf } from './state-places.ts';

export interface BackendRole {
  readonly flat: readonly Argument[];
  readonly nested: NestedGroup | undefined;
  /** Where to point. */
  readonly start: number;
}

export function backendRole(group: ArgumentGroup): BackendRole | undefined {
  const flat = argumentsNamed(group, flatRoleArguments.keys());
  const [nested] = nestedGroups(group, 'assume_role');
  const start = flat[0]?.node.start ?? nested?.start;
  return start === undefined ? undefined : { flat, nested, start };
}

export interface ReasonToKeep {
  readonly reason: string;
  readonly todo: string;
}

/** Why a role stays although the bucket can be reached without; `undefined` when it may go. */
export function reasonToKeepRole(place: StatePlace, role: BackendRole, intent: Intent): ReasonToKeep | undefined {
  const backend = stateBackendOf(intent, place);
  if (backend === undefined) {
    const bucket = place.textOf('bucket');
    return {
      reason: `keyless.yaml has no state bucket ${bucket ?? '(its name is not in the code)'}, so the role that reaches it stays.`,
      todo: 'Add the bucket under `state:` with its account and access.',
    };
  }
  const stateAccount = accountIdOf(intent, backend.account);
  if (stateAccount === undefined) {
    return {
      reason: `keyless.yaml does not say in which account bucket ${backend.bucket} is, so the role that reaches it stays.`,
      todo: `Fill in the account of ${backend.bucket} under \`state:\`, and its id under \`accounts:\`.`,
    };
  }
  const special = argumentsOf(role.nested ?? place.group).find(({ name }) => meaningful.has(name));
  if (special !== undefined && (role.nested !== undefined || role.flat.includes(special))) {
    return {
      reason: `The role is assumed with ${special.name}, which may be what its trust policy or a guard rail asks for.`,
      todo: 'Remove the role by hand once the bucket policy lets people and pipelines in directly.',
    };
  }
  const arn = arnOf(place, role);
  const accountId = arn === undefined ? undefined : readRoleArn(arn).accountId;
  if (accountId === stateAccount) return undefined;
  const where =
    accountId === undefined
      ? 'an account that is not in the code'
      : `account ${accountNameOf(intent, accountId) ?? accountId}`;
  return {
    reason: `The role is in ${where}, not in ${backend.account}, the account of bucket ${backend.bucket}.`,
    todo: 'Let the new base roles assume it, or remove it by hand once they reach the bucket directly.',
  };
}

function arnOf(place: StatePlace, role: BackendRole): string | undefined {
  const [module] = place.modules;
  if (role.nested !== undefined) {
    if (module !== undefined) return resolveRole(role.nested, module, undefined)?.arn;
    const arn = argumentOf(role.nested, 'role_arn');
    return arn && staticString(arn.value);
  }
  if (module !== undefined) return resolveRole(place.group, module, undefined)?.arn;
  return place.textOf('role_arn');
}

const meaningful: ReadonlySet<string> = new Set([
  'external_id',
  'policy',
  'policy_arns',
  'tags',
  'transitive_tag_keys',
  'source_identity',
  'assume_role_policy',
  'assume_role_policy_arns',
  'assume_role_tags',
  'assume_role_transitive_tag_keys',
]);
