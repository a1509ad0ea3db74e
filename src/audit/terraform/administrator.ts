/** Which attachments of a module give away everything, and to whom. */
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import type { SourceFile } from '../../repository/index.ts';
import type { ConfigurationBlock } from './configuration-block.ts';
import type { ModuleCode } from './module-code.ts';
import { policyStatements } from './policy-statements.ts';
import { possibleTexts } from './possible-strings.ts';
import { referredResource, resourcesOfType } from './resources.ts';

export type PrincipalKind = 'role' | 'user' | 'group' | 'permission-set';

export interface PolicyAttachment {
  readonly block: ConfigurationBlock;
  readonly at: number;
  readonly principalKind: PrincipalKind;
  /** `undefined` when the policy stands in the principal's own block. */
  readonly principal: HclExpression | undefined;
  readonly policy: HclExpression;
}

/** Every way in which the resources of a file attach a policy. */
export function policyAttachments(file: SourceFile): readonly PolicyAttachment[] {
  return shapes.flatMap(({ type, kind, principal, policy }) =>
    resourcesOfType(file, type).flatMap((block) => {
      const whose = principal === undefined ? undefined : block.settings.get(principal);
      if (principal !== undefined && whose === undefined) return [];
      const policies = [
        ...(block.settings.get(policy) === undefined ? [] : [block.settings.get(policy)]),
        ...(type === 'aws_iam_role'
          ? block.settings.nested('inline_policy').map((inline) => inline.get('policy'))
          : []),
      ];
      return policies.flatMap((setting) =>
        setting === undefined
          ? []
          : [
              {
                block,
                at: principal === undefined ? setting.start : block.start,
                principalKind: kind,
                principal: whose?.value,
                policy: setting.value,
              },
            ],
      );
    }),
  );
}

/** True for AdministratorAccess in any partition, and for a policy that allows every action on everything. */
export function givesEverything(policy: HclExpression, file: SourceFile, module: ModuleCode): boolean {
  if (policy.kind === 'tuple') return policy.elements.some((each) => givesEverything(each, file, module));
  if (possibleTexts(policy, module, file.text).some(isAdministratorArn)) return true;
  const managed = referredResource(policy, 'aws_iam_policy', module);
  const managedPolicy = managed?.settings.get('policy')?.value;
  if (managed !== undefined && managedPolicy !== undefined) return allowsAll(managedPolicy, managed.file, module);
  const named = managed?.settings.get('name')?.value ?? managed?.settings.get('arn')?.value;
  if (named !== undefined && possibleTexts(named, module, file.text).some(isAdministratorName)) return true;
  return allowsAll(policy, file, module);
}

function allowsAll(policy: HclExpression, file: SourceFile, module: ModuleCode): boolean {
  return policyStatements(policy, { file, module }).some(
    (statement) =>
      statement.allows &&
      statement.conditions.length === 0 &&
      statement.actions.some((action) => action === '*' || action === '*:*') &&
      statement.resources.includes('*'),
  );
}

function isAdministratorArn(text: string): boolean {
  return /:iam::aws:policy\/AdministratorAccess$/.test(text);
}

function isAdministratorName(text: string): boolean {
  return text === 'AdministratorAccess' || isAdministratorArn(text);
}

const shapes: readonly {
  readonly type: string;
  readonly kind: PrincipalKind;
  readonly principal: string | undefined;
  readonly policy: string;
}[] = [
  { type: 'aws_iam_role_policy_attachment', kind: 'role', principal: 'role', policy: 'policy_arn' },
  { type: 'aws_iam_role_policy', kind: 'role', principal: 'role', policy: 'policy' },
  { type: 'aws_iam_role', kind: 'role', principal: undefined, policy: 'managed_policy_arns' },
  { type: 'aws_iam_policy_attachment', kind: 'role', principal: 'roles', policy: 'policy_arn' },
  { type: 'aws_iam_policy_attachment', kind: 'user', principal: 'users', policy: 'policy_arn' },
  { type: 'aws_iam_policy_attachment', kind: 'group', principal: 'groups', policy: 'policy_arn' },
  { type: 'aws_iam_user_policy_attachment', kind: 'user', principal: 'user', policy: 'policy_arn' },
  { type: 'aws_iam_user_policy', kind: 'user', principal: 'user', policy: 'policy' },
  { type: 'aws_iam_group_policy_attachment', kind: 'group', principal: 'group', policy: 'policy_arn' },
  { type: 'aws_iam_group_policy', kind: 'group', principal: 'group', policy: 'policy' },
  {
    type: 'aws_ssoadmin_managed_policy_attachment',
    kind: 'permission-set',
    principal: 'permission_set_arn',
    policy: 'managed_policy_arn',
  },
  {
    type: 'aws_ssoadmin_permission_set_inline_policy',
    kind: 'permission-set',
    principal: 'permission_set_arn',
    policy: 'inline_policy',
  },
];
