/** Names of keys. */
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation } from '../../core/service.ts';
import { requireKey } from './find-key.ts';
import { keyOf, noteKey, optionalText, page, requiredText, validation } from './input.ts';
import { authorizeKey } from './key-access.ts';
import type { KmsKey } from './state.ts';

function aliasArn(call: Call, name: string): string {
  return `arn:${call.world.partition}:kms:${call.region}:${call.account}:${name}`;
}

function aliasName(input: Input): string {
  const name = requiredText(input, 'AliasName');
  if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name)) {
    throw new AwsError(
      'InvalidAliasNameException',
      'Alias must start with the prefix "alias/". Please see the documentation for restrictions on alias names.',
    );
  }
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', `Alias ${name} is reserved.`);
  return name;
}

/** Both the alias and the key are asked (https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html). */
function authorizeAlias(call: Call, action: string, arn: string, key: KmsKey | undefined): void {
  call.authorize({ action, resource: arn, resourceAccount: call.account });
  if (key !== undefined) authorizeKey(call, key, { action });
}

function targetOf(call: Call, input: Input): KmsKey {
  const id = requiredText(input, 'TargetKeyId');
  if (id.includes('alias/')) throw validation('Aliases must refer to keys. Not aliases');
  const key = requireKey({ world: call.world, account: call.account, region: call.region }, id);
  noteKey(call, key);
  return key;
}

export const createAlias: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const arn = aliasArn(call, aliasName(input));
    const key = targetOf(call, input);
    authorizeAlias(call, 'kms:CreateAlias', arn, key);
    if (call.world.kms.aliases.has(arn)) {
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    }
    if (key.state === 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
    call.world.kms.aliases.set(arn, key.arn);
    return undefined;
  },
};

export const updateAlias: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const arn = aliasArn(call, aliasName(input));
    const key = targetOf(call, input);
    authorizeAlias(call, 'kms:UpdateAlias', arn, key);
    const old = call.world.kms.keys.get(call.world.kms.aliases.get(arn) ?? '');
    if (old === undefined) throw new AwsError('NotFoundException', `Alias ${arn} is not found.`);
    authorizeKey(call, old, { action: 'kms:UpdateAlias' });
    call.world.kms.aliases.set(arn, key.arn);
    return undefined;
  },
};

export const deleteAlias: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const arn = aliasArn(call, aliasName(input));
    const target = call.world.kms.aliases.get(arn);
    const key = call.world.kms.keys.get(target ?? '');
    if (key !== undefined) noteKey(call, key);
    authorizeAlias(call, 'kms:DeleteAlias', arn, key);
    if (target === undefined) throw new AwsError('NotFoundException', `Alias ${arn} is not found.`);
    call.world.kms.aliases.delete(arn);
    return undefined;
  },
};

export const listAliases: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const of =
      optionalText(input, 'KeyId') === undefined ? undefined : keyOf(call, input, { action: 'kms:ListAliases' });
    if (of === undefined) call.authorize({ action: 'kms:ListAliases', resource: '*' });
    const prefix = aliasArn(call, 'alias/');
    const own = [...call.world.kms.aliases].filter(
      ([arn, target]) => arn.startsWith(prefix) && (of === undefined || target === of.arn),
    );
    const { items, next } = page({ input, items: own, limit: 50 });
    return {
      Aliases: items.map(([arn, target]) => {
        const createdAt = new Date(call.world.kms.keys.get(target)?.createdAt ?? 0);
        return {
          AliasName: arn.slice(prefix.length - 'alias/'.length),
          AliasArn: arn,
          TargetKeyId: target.split('/')[1],
          CreationDate: createdAt,
          LastUpdatedDate: createdAt,
        };
      }),
      ...next,
    };
  },
};
