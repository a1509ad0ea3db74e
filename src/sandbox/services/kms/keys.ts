/** Keys: made, described, switched, rotated, deleted. */
import { Secret } from '../../../kernel/secret.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import { bindPrincipals } from '../iam/trust-principals.ts';
import { createKey as makeKey, parseKeyPolicy } from './build.ts';
import {
  keyOf,
  noteKey,
  optionalNumber,
  optionalText,
  page,
  refuseAlias,
  requiredText,
  tagsMember,
  validation,
} from './input.ts';
import { requireUsable } from './key-access.ts';
import { checkLockout, checkPrincipals, defaultOr } from './policies.ts';
import type { KmsKey } from './state.ts';

export function keyMetadata(key: KmsKey): Readonly<Record<string, unknown>> {
  return {
    AWSAccountId: key.account,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    ...(key.deletionDate === undefined ? {} : { DeletionDate: new Date(key.deletionDate) }),
    Origin: 'AWS_KMS',
    KeyManager: key.policy.text.includes('"auto-') ? 'AWS' : 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

export const createKey: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const usage = optionalText(input, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
    const spec = optionalText(input, 'KeySpec') ?? optionalText(input, 'CustomerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT';
    const origin = optionalText(input, 'Origin') ?? 'AWS_KMS';
    if (
      usage !== 'ENCRYPT_DECRYPT' ||
      spec !== 'SYMMETRIC_DEFAULT' ||
      origin !== 'AWS_KMS' ||
      input.MultiRegion === true
    ) {
      throw new AwsError(
        'UnsupportedOperationException',
        `The sandbox makes symmetric single-region keys only, not ${usage} ${spec} from ${origin}.`,
      );
    }
    const tags = tagsMember(input);
    call.authorize({
      action: 'kms:CreateKey',
      resource: '*',
      context: new Map<string, readonly string[]>([
        ['kms:keyspec', [spec]],
        ['kms:keyusage', [usage]],
        ['kms:keyorigin', [origin]],
        ['kms:bypasspolicylockoutsafetycheck', [String(input.BypassPolicyLockoutSafetyCheck === true)]],
        ['aws:tagkeys', tags.map((tag) => tag.key)],
        ...tags.map(({ key, value }): [string, string[]] => [`aws:requesttag/${key.toLowerCase()}`, [value]]),
      ]),
    });
    const text = defaultOr(call, optionalText(input, 'Policy'));
    const policy = parseKeyPolicy('new key', text);
    checkPrincipals(call, policy.parsed);
    if (input.BypassPolicyLockoutSafetyCheck !== true) checkLockout(call, policy.parsed, 'arn:aws:kms:::key/new');
    const key = makeKey(call.world, {
      account: call.account,
      region: call.region,
      createdAt: call.time.now(),
      policy: text,
      description: optionalText(input, 'Description') ?? '',
      tags,
    });
    key.policy = bindPrincipals(call.world, key.policy, (bound) => parseKeyPolicy(key.arn, bound));
    noteKey(call, key);
    return { KeyMetadata: keyMetadata(key) };
  },
};

export const describeKey: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => ({ KeyMetadata: keyMetadata(keyOf(call, input, { action: 'kms:DescribeKey' })) }),
};

export const listKeys: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    call.authorize({ action: 'kms:ListKeys', resource: '*' });
    const own = [...call.world.kms.keys.values()].filter(
      ({ account, region }) => account === call.account && region === call.region,
    );
    const { items, next } = page({ input, items: own, limit: 100 });
    return { Keys: items.map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn })), ...next };
  },
};

/** A change of a key: by id or ARN, in the caller's own account. */
function change(action: string, apply: (call: Call, key: KmsKey, input: Input) => Output): Operation {
  return {
    readOnly: false,
    category: 'management',
    handle: (call, input) => {
      refuseAlias(input);
      const key = keyOf(call, input, { action: `kms:${action}` });
      if (key.account !== call.account) throw new AwsError('AccessDeniedException', crossAccount(call, action, key));
      return apply(call, key, input);
    },
  };
}

function crossAccount(call: Call, action: string, key: KmsKey): string {
  const who = 'arn' in call.caller ? call.caller.arn : 'anonymous';
  return `User: ${who} is not authorized to perform: kms:${action} on resource: ${key.arn} because the operation works only on keys of the caller's own account`;
}

function refusePending(key: KmsKey): void {
  if (key.state === 'PendingDeletion')
    throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
}

export const updateKeyDescription: Operation = change('UpdateKeyDescription', (_, key, input) => {
  refusePending(key);
  key.description = optionalText(input, 'Description') ?? '';
  return undefined;
});

export const enableKey: Operation = change('EnableKey', (_, key) => {
  refusePending(key);
  key.state = 'Enabled';
  return undefined;
});

export const disableKey: Operation = change('DisableKey', (_, key) => {
  refusePending(key);
  key.state = 'Disabled';
  return undefined;
});

const dayMilliseconds = 86_400_000;

export const scheduleKeyDeletion: Operation = change('ScheduleKeyDeletion', (call, key, input) => {
  refusePending(key);
  const days = optionalNumber(input, 'PendingWindowInDays') ?? 30;
  if (!Number.isInteger(days) || days < 7 || days > 30) {
    throw validation(
      `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
    );
  }
  key.state = 'PendingDeletion';
  key.deletionDate = call.time.now() + days * dayMilliseconds;
  return {
    KeyId: key.arn,
    DeletionDate: new Date(key.deletionDate),
    KeyState: key.state,
    PendingWindowInDays: days,
  };
});

/** The key comes back disabled, as in AWS. */
export const cancelKeyDeletion: Operation = change('CancelKeyDeletion', (_, key) => {
  if (key.state !== 'PendingDeletion') {
    throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
  }
  key.state = 'Disabled';
  key.deletionDate = undefined;
  return { KeyId: key.arn };
});

export const enableKeyRotation: Operation = change('EnableKeyRotation', (_, key, input) => {
  requireUsable(key);
  const days = optionalNumber(input, 'RotationPeriodInDays') ?? 365;
  if (!Number.isInteger(days) || days < 90 || days > 2560) {
    throw validation(
      `1 validation error detected: Value '${days}' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560`,
    );
  }
  key.rotation = { enabled: true, periodInDays: days };
  return undefined;
});

export const disableKeyRotation: Operation = change('DisableKeyRotation', (_, key) => {
  requireUsable(key);
  key.rotation = { ...key.rotation, enabled: false };
  return undefined;
});

export const getKeyRotationStatus: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    refuseAlias(input);
    const key = keyOf(call, input, { action: 'kms:GetKeyRotationStatus' });
    refusePending(key);
    return {
      KeyRotationEnabled: key.rotation.enabled,
      KeyId: key.arn,
      ...(key.rotation.enabled ? { RotationPeriodInDays: key.rotation.periodInDays } : {}),
    };
  },
};

/** Only on demand: time alone rotates nothing in the sandbox. */
export const rotateKeyOnDemand: Operation = change('RotateKeyOnDemand', (call, key) => {
  requireUsable(key);
  key.material.push(new Secret(call.world.ids.hex(64)));
  return { KeyId: key.arn };
});

export const listResourceTags: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const key = keyOf(call, input, { action: 'kms:ListResourceTags' });
    return { Tags: key.tags.map(({ key: TagKey, value: TagValue }) => ({ TagKey, TagValue })), Truncated: false };
  },
};

export const tagResource: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const tags = tagsMember(input);
    const context = new Map<string, readonly string[]>([['aws:tagkeys', tags.map(({ key }) => key)]]);
    for (const { key, value } of tags) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
    const key = keyOf(call, input, { action: 'kms:TagResource', context });
    refusePending(key);
    const added = new Set(tags.map((tag) => tag.key));
    key.tags = [...key.tags.filter((tag) => !added.has(tag.key)), ...tags];
    return undefined;
  },
};

export const untagResource: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const names = input.TagKeys;
    if (!Array.isArray(names)) throw validation('TagKeys must be a list.');
    requiredText(input, 'KeyId');
    const key = keyOf(call, input, {
      action: 'kms:UntagResource',
      context: new Map([['aws:tagkeys', names.map(String)]]),
    });
    refusePending(key);
    key.tags = key.tags.filter((tag) => !names.includes(tag.key));
    return undefined;
  },
};
