/** What users and roles have in common: inline policies, attached policies, permissions boundaries. */
import type { Call, Input, Operation } from '../../core/service.ts';
import { noSuchEntity } from './accounts.ts';
import { findPolicy } from './find-policy.ts';
import { askRole, askRoleToChange, askUser, type Context, limitExceeded, read, write } from './operation.ts';
import { page } from './paging.ts';
import { checkInlineSize } from './policy-size.ts';
import { readPolicy } from './policy-text.ts';
import { arnRule, nameRule, optionalText, requiredText, type TextRule } from './query-input.ts';
import { renderDocument } from './render.ts';
import { boundaryContext, documentRule, pathPrefixRule } from './role-operations.ts';
import type { PolicyHolder } from './state.ts';

const policyNameRule: TextRule = { ...nameRule, maximum: 128 };
/** A quota that AWS raises to 20 on request. */
const attachedPerHolder = 10;

interface HolderKind {
  readonly name: 'User' | 'Role';
  readonly ask: (call: Call, input: Input, context?: Context) => PolicyHolder;
  readonly askToChange: (call: Call, input: Input, context?: Context) => PolicyHolder;
}

function askNamedUser(call: Call, input: Input, context?: Context): PolicyHolder {
  requiredText(input, 'UserName', nameRule);
  return askUser(call, input, context);
}

const kinds: readonly HolderKind[] = [
  { name: 'User', ask: askNamedUser, askToChange: askNamedUser },
  { name: 'Role', ask: askRole, askToChange: askRoleToChange },
];

function inlineOperations({ name, ask, askToChange }: HolderKind): Readonly<Record<string, Operation>> {
  const lower = name === 'User' ? 'user' : 'role';
  const find = (holder: PolicyHolder, policyName: string): string => {
    const policy = holder.inline.get(policyName);
    if (policy === undefined) throw noSuchEntity(`The ${lower} policy with name ${policyName} cannot be found.`);
    return policy.text;
  };
  return {
    [`Put${name}Policy`]: write((call, input) => {
      const policyName = requiredText(input, 'PolicyName', policyNameRule);
      const text = requiredText(input, 'PolicyDocument', documentRule);
      const holder = askToChange(call, input);
      const policy = readPolicy(`inline:${policyName}`, text, `inline-${lower}`);
      checkInlineSize(holder, lower, policyName, text);
      holder.inline.set(policyName, policy);
      return undefined;
    }),
    [`Get${name}Policy`]: read((call, input) => {
      const policyName = requiredText(input, 'PolicyName', policyNameRule);
      const holder = ask(call, input);
      return {
        [`${name}Name`]: holder.name,
        PolicyName: policyName,
        PolicyDocument: renderDocument(find(holder, policyName)),
      };
    }),
    [`Delete${name}Policy`]: write((call, input) => {
      const policyName = requiredText(input, 'PolicyName', policyNameRule);
      const holder = askToChange(call, input);
      find(holder, policyName);
      holder.inline.delete(policyName);
      return undefined;
    }),
    [`List${name}Policies`]: read((call, input) => {
      const { items, more } = page(input, ask(call, input).inline.keys(), (policyName) => policyName);
      return { PolicyNames: items, ...more };
    }),
  };
}

function attachmentOperations({ name, ask, askToChange }: HolderKind): Readonly<Record<string, Operation>> {
  const quota = name === 'User' ? 'PoliciesPerUser' : 'PoliciesPerRole';
  return {
    [`Attach${name}Policy`]: write((call, input) => {
      const arn = requiredText(input, 'PolicyArn', arnRule);
      const holder = askToChange(call, input, new Map([['iam:policyarn', [arn]]]));
      findPolicy(call.world, call.account, arn);
      if (holder.attached.includes(arn)) return undefined;
      if (holder.attached.length >= attachedPerHolder) {
        throw limitExceeded(`Cannot exceed quota for ${quota}: ${attachedPerHolder}`);
      }
      holder.attached = [...holder.attached, arn];
      return undefined;
    }),
    [`Detach${name}Policy`]: write((call, input) => {
      const arn = requiredText(input, 'PolicyArn', arnRule);
      const holder = askToChange(call, input, new Map([['iam:policyarn', [arn]]]));
      if (!holder.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      holder.attached = holder.attached.filter((attached) => attached !== arn);
      return undefined;
    }),
    [`ListAttached${name}Policies`]: read((call, input) => {
      const prefix = optionalText(input, 'PathPrefix', pathPrefixRule) ?? '/';
      const attached = ask(call, input).attached.filter((arn) => pathOfPolicy(arn).startsWith(prefix));
      const { items, more } = page(input, attached, nameOfPolicy);
      return { AttachedPolicies: items.map((arn) => ({ PolicyName: nameOfPolicy(arn), PolicyArn: arn })), ...more };
    }),
  };
}

function boundaryOperations({ name, askToChange }: HolderKind): Readonly<Record<string, Operation>> {
  return {
    [`Put${name}PermissionsBoundary`]: write((call, input) => {
      const arn = requiredText(input, 'PermissionsBoundary', arnRule);
      const holder = askToChange(call, input, boundaryContext(arn));
      findPolicy(call.world, call.account, arn);
      holder.boundary = arn;
      return undefined;
    }),
    [`Delete${name}PermissionsBoundary`]: write((call, input) => {
      const holder = askToChange(call, input);
      if (holder.boundary === undefined) {
        throw noSuchEntity(`Entity ${holder.name} does not have a permissions boundary.`);
      }
      holder.boundary = undefined;
      return undefined;
    }),
  };
}

export function nameOfPolicy(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** `/` or `/a/b/`. */
function pathOfPolicy(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}

export const holderOperations: Readonly<Record<string, Operation>> = Object.assign(
  {},
  ...kinds.flatMap((kind) => [inlineOperations(kind), attachmentOperations(kind), boundaryOperations(kind)]),
);
