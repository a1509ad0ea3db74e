/** Grants: permissions on one key that need no change of its policy. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import { requireKey } from './find-key.ts';
import { contextMember, keyOf, noteKey, optionalText, page, refuseAlias, requiredText, validation } from './input.ts';
import { authorizeKey } from './key-access.ts';
import type { Grant, KmsKey } from './state.ts';

const grantable = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
];

export const createGrant: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const operations = operationsOf(input);
    const granteePrincipal = requiredText(input, 'GranteePrincipal');
    const retiringPrincipal = optionalText(input, 'RetiringPrincipal');
    const key = keyOf(call, input, {
      action: 'kms:CreateGrant',
      context: new Map([
        ['kms:granteeprincipal', [granteePrincipal]],
        ['kms:grantoperations', operations],
        ['kms:grantisforawsresource', ['false']],
        ...(retiringPrincipal === undefined ? [] : [['kms:retiringprincipal', [retiringPrincipal]] as const]),
      ]),
    });
    if (key.state === 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
    for (const principal of [granteePrincipal, ...(retiringPrincipal === undefined ? [] : [retiringPrincipal])]) {
      if (!/^arn:[a-z-]+:(iam|sts)::\d{12}:/.test(principal)) {
        throw new AwsError('InvalidArnException', `ARN does not refer to a valid principal: ${principal}`);
      }
    }
    const grant: Grant = {
      grantId: call.world.ids.hex(64),
      token: call.world.ids.secret(120),
      name: optionalText(input, 'Name') ?? '',
      granteePrincipal,
      retiringPrincipal,
      issuingAccount: call.account,
      createdAt: call.time.now(),
      operations,
      constraints: constraintsOf(input),
    };
    key.grants.set(grant.grantId, grant);
    return { GrantId: grant.grantId, GrantToken: grant.token };
  },
};

function operationsOf(input: Input): readonly string[] {
  const { Operations: list } = input;
  if (!Array.isArray(list) || list.length === 0) throw validation('Operations must name at least one operation.');
  return list.map((name) => {
    if (!grantable.includes(String(name))) {
      throw validation(`Grant operation ${name} is not one of a symmetric key: ${grantable.join(', ')}.`);
    }
    return String(name);
  });
}

function constraintsOf(input: Input): Grant['constraints'] {
  const { Constraints: given } = input;
  if (typeof given !== 'object' || given === null) return {};
  const constraints = given as Input;
  return {
    ...(constraints.EncryptionContextSubset === undefined
      ? {}
      : { encryptionContextSubset: contextMember(constraints, 'EncryptionContextSubset') }),
    ...(constraints.EncryptionContextEquals === undefined
      ? {}
      : { encryptionContextEquals: contextMember(constraints, 'EncryptionContextEquals') }),
  };
}

export const listGrants: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    const key = keyOf(call, input, { action: 'kms:ListGrants' });
    const wanted = optionalText(input, 'GrantId');
    const grantee = optionalText(input, 'GranteePrincipal');
    const grants = [...key.grants.values()].filter(
      ({ grantId, granteePrincipal }) =>
        (wanted === undefined || grantId === wanted) && (grantee === undefined || granteePrincipal === grantee),
    );
    const { items, next } = page({ input, items: grants, limit: 50 });
    return { Grants: items.map((grant) => grantEntry(key, grant)), ...next };
  },
};

function grantEntry(key: KmsKey, grant: Grant): Readonly<Record<string, unknown>> {
  const { encryptionContextSubset, encryptionContextEquals } = grant.constraints;
  const constraints = {
    ...(encryptionContextSubset === undefined ? {} : { EncryptionContextSubset: encryptionContextSubset }),
    ...(encryptionContextEquals === undefined ? {} : { EncryptionContextEquals: encryptionContextEquals }),
  };
  return {
    KeyId: key.arn,
    GrantId: grant.grantId,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal === undefined ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
    IssuingAccount: `arn:${key.arn.split(':')[1]}:iam::${grant.issuingAccount}:root`,
    Operations: grant.operations,
    ...(Object.keys(constraints).length === 0 ? {} : { Constraints: constraints }),
  };
}

export const revokeGrant: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    const key = keyOf(call, input, { action: 'kms:RevokeGrant' });
    removeGrant(key, requiredText(input, 'GrantId'));
    return undefined;
  },
};

/** The grantee or the retiring principal may give a grant up without a permission of its own. */
export const retireGrant: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const { key, id } = grantToRetire(call, input);
    noteKey(call, key);
    const grant = key.grants.get(id);
    const { caller } = call;
    const arns = caller.kind === 'role' ? [caller.arn, caller.roleArn] : 'arn' in caller ? [caller.arn] : [];
    const own =
      grant !== undefined &&
      (arns.includes(grant.retiringPrincipal ?? '') ||
        (arns.includes(grant.granteePrincipal) && grant.operations.includes('RetireGrant')));
    if (!own) authorizeKey(call, key, { action: 'kms:RetireGrant' });
    removeGrant(key, id);
    return undefined;
  },
};

/** Named by its token alone, or by its key and its id. */
function grantToRetire({ world, account, region }: Call, input: Input): { readonly key: KmsKey; readonly id: string } {
  const token = optionalText(input, 'GrantToken');
  if (token === undefined) {
    const id = requiredText(input, 'GrantId');
    return { key: requireKey({ world, account, region }, requiredText(input, 'KeyId')), id };
  }
  for (const key of world.kms.keys.values()) {
    if (key.region !== region) continue;
    for (const grant of key.grants.values()) if (grant.token === token) return { key, id: grant.grantId };
  }
  throw new AwsError('InvalidGrantTokenException', 'Invalid grant token');
}

function removeGrant(key: KmsKey, id: string): void {
  if (!key.grants.delete(id)) throw new AwsError('NotFoundException', `Grant ID ${id} not found`);
}
