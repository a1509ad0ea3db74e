/** KMS with symmetric keys (https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html); `kms.md` says what it promises. */
import type { Operation, Service } from '../../core/service.ts';
import * as aliases from './aliases.ts';
import * as crypto from './cryptography.ts';
import * as grants from './grants.ts';
import * as keys from './keys.ts';
import * as policies from './policies.ts';

export const kmsService: Service = {
  id: 'kms',
  eventSource: 'kms.amazonaws.com',
  protocol: 'json-1.1',
  targetPrefix: 'TrentService',
  signingNames: ['kms'],
  hostPrefixes: ['kms'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map<string, Operation>([
    ['CreateKey', keys.createKey],
    ['DescribeKey', keys.describeKey],
    ['ListKeys', keys.listKeys],
    ['UpdateKeyDescription', keys.updateKeyDescription],
    ['EnableKey', keys.enableKey],
    ['DisableKey', keys.disableKey],
    ['ScheduleKeyDeletion', keys.scheduleKeyDeletion],
    ['CancelKeyDeletion', keys.cancelKeyDeletion],
    ['EnableKeyRotation', keys.enableKeyRotation],
    ['DisableKeyRotation', keys.disableKeyRotation],
    ['GetKeyRotationStatus', keys.getKeyRotationStatus],
    ['RotateKeyOnDemand', keys.rotateKeyOnDemand],
    ['ListResourceTags', keys.listResourceTags],
    ['TagResource', keys.tagResource],
    ['UntagResource', keys.untagResource],
    ['GetKeyPolicy', policies.getKeyPolicy],
    ['PutKeyPolicy', policies.putKeyPolicy],
    ['ListKeyPolicies', policies.listKeyPolicies],
    ['CreateAlias', aliases.createAlias],
    ['UpdateAlias', aliases.updateAlias],
    ['DeleteAlias', aliases.deleteAlias],
    ['ListAliases', aliases.listAliases],
    ['Encrypt', crypto.encrypt],
    ['Decrypt', crypto.decrypt],
    ['ReEncrypt', crypto.reEncrypt],
    ['GenerateDataKey', crypto.generateDataKey],
    ['GenerateDataKeyWithoutPlaintext', crypto.generateDataKeyWithoutPlaintext],
    ['GenerateRandom', crypto.generateRandom],
    ['CreateGrant', grants.createGrant],
    ['ListGrants', grants.listGrants],
    ['RevokeGrant', grants.revokeGrant],
    ['RetireGrant', grants.retireGrant],
  ]),
};
