/** Long-term access keys of users. */
import type { Call, Input, Operation } from '../../core/service.ts';
import { iamAccount, noSuchEntity } from './accounts.ts';
import { createAccessKey as addAccessKey } from './build.ts';
import { askUser, authorize, limitExceeded, read, write } from './operation.ts';
import { page } from './paging.ts';
import { invalid, optionalChoice, requiredText, type TextRule } from './query-input.ts';
import type { AccessKeyRecord, IamUser } from './state.ts';

const keysPerUser = 2;
const keyIdRule: TextRule = { minimum: 16, maximum: 128, pattern: /^\w+$/, shown: '[\\w]+' };
const statuses = ['Active', 'Inactive'] as const;

const createAccessKey = write((call, input) => {
  const user = askUser(call, input);
  if (user.accessKeys.length >= keysPerUser) {
    throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${keysPerUser}`);
  }
  const key = addAccessKey(call.world, call.account, user.name, call.time);
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.accessKeyId,
      Status: 'Active',
      SecretAccessKey: key.secretAccessKey.reveal(),
      CreateDate: new Date(call.time.now()),
    },
  };
});

const listAccessKeys = read((call, input) => {
  const user = askUser(call, input);
  const { items, more } = page(input, user.accessKeys, ({ accessKeyId }) => accessKeyId);
  return {
    AccessKeyMetadata: items.map(({ accessKeyId, status, createdAt }) => ({
      UserName: user.name,
      AccessKeyId: accessKeyId,
      Status: status,
      CreateDate: new Date(createdAt),
    })),
    ...more,
  };
});

const updateAccessKey = write((call, input) => {
  const status = optionalChoice(input, 'Status', statuses);
  if (status === undefined) throw invalid("Value null at 'status'", 'Member must not be null');
  const { record } = askKey(call, input);
  record.status = status;
  const key = call.world.keys.find(record.accessKeyId);
  if (key !== undefined) call.world.keys.put({ ...key, status });
  return undefined;
});

const deleteAccessKey = write((call, input) => {
  const { user, record } = askKey(call, input);
  user.accessKeys.splice(user.accessKeys.indexOf(record), 1);
  call.world.keys.remove(record.accessKeyId);
  return undefined;
});

function askKey(call: Call, input: Input): { readonly user: IamUser; readonly record: AccessKeyRecord } {
  const id = requiredText(input, 'AccessKeyId', keyIdRule);
  const user = askUser(call, input);
  const record = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  if (record === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return { user, record };
}

/** Asked without the user's name, and answered for keys of the own account only. */
const getAccessKeyLastUsed = read((call, input) => {
  const id = requiredText(input, 'AccessKeyId', keyIdRule);
  for (const user of iamAccount(call.world, call.account).users.values()) {
    const record = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
    if (record === undefined) continue;
    authorize(call, user.arn);
    const { lastUsed } = record;
    return {
      UserName: user.name,
      AccessKeyLastUsed: {
        LastUsedDate: lastUsed === undefined ? undefined : new Date(lastUsed.at),
        ServiceName: lastUsed?.service ?? 'N/A',
        Region: lastUsed?.region ?? 'N/A',
      },
    };
  }
  authorize(call, '*');
  throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
});

export const accessKeyOperations: Readonly<Record<string, Operation>> = {
  CreateAccessKey: createAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
};
