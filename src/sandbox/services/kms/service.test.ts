import * as sdk from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  makeStorageWorld,
  neighbourAccount,
  refusalOf,
  type StorageWorld,
} from '../../../../test/support/storage-world.ts';
import { createKey } from './build.ts';

let world: StorageWorld;
let kms: sdk.KMSClient;
const Plaintext = Buffer.from('state');

beforeEach(() => {
  world = makeStorageWorld();
  kms = world.owner.kms;
});

async function newKey(more: sdk.CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await kms.send(new sdk.CreateKeyCommand(more));
  return KeyMetadata?.Arn as string;
}

const policyFor = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (principal: string, action: string | string[], more: object = {}): object => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: action,
  Resource: '*',
  ...more,
});
const root = `arn:aws:iam::${account}:root`;

describe('a key', () => {
  it('encrypts and decrypts, bound to its encryption context', async () => {
    const KeyId = await newKey();
    const EncryptionContext = { stack: 'network', env: 'production' };
    const sealed = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    const { CiphertextBlob } = sealed;
    const opened = await kms.send(
      new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: { env: 'production', stack: 'network' } }),
    );
    expect(Buffer.from(opened.Plaintext as Uint8Array).toString()).toBe('state');
    expect(opened).toMatchObject({ KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    const refused = async (more: Partial<sdk.DecryptCommandInput>): Promise<string> =>
      (await refusalOf(kms.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext, ...more })))).code;
    expect(await refused({ EncryptionContext: { stack: 'other' } })).toBe('InvalidCiphertextException');
    const changed = Buffer.from(CiphertextBlob as Uint8Array);
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    expect(await refused({ CiphertextBlob: changed })).toBe('InvalidCiphertextException');
    expect(await refused({ CiphertextBlob: Buffer.from('nonsense') })).toBe('InvalidCiphertextException');
    expect(await refused({ KeyId: await newKey() })).toBe('IncorrectKeyException');
  });

  it('gives data keys that open again, and moves a ciphertext to another key', async () => {
    const KeyId = await newKey();
    const data = await kms.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    expect(data.Plaintext).toHaveLength(32);
    const opened = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: data.CiphertextBlob }));
    expect(opened.Plaintext).toEqual(data.Plaintext);
    const DestinationKeyId = await newKey();
    const moved = await kms.send(new sdk.ReEncryptCommand({ CiphertextBlob: data.CiphertextBlob, DestinationKeyId }));
    expect(moved).toMatchObject({ SourceKeyId: KeyId, KeyId: DestinationKeyId });
    const last = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
    expect(last.Plaintext).toEqual(data.Plaintext);
    const without = await kms.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 64 }));
    expect(without).not.toHaveProperty('Plaintext');
  });

  it('still opens what it sealed before a rotation', async () => {
    const KeyId = await newKey();
    const { CiphertextBlob } = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
    await kms.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    expect(await kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
    });
    await kms.send(new sdk.RotateKeyOnDemandCommand({ KeyId }));
    const { Plaintext: opened } = await kms.send(new sdk.DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened as Uint8Array).toString()).toBe('state');
  });

  it('is refused while disabled or about to be deleted, and comes back disabled', async () => {
    const KeyId = await newKey();
    const refused = async (): Promise<string> =>
      (await refusalOf(kms.send(new sdk.EncryptCommand({ KeyId, Plaintext })))).code;
    await kms.send(new sdk.DisableKeyCommand({ KeyId }));
    expect(await refused()).toBe('DisabledException');
    const { KeyState } = await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(KeyState).toBe('PendingDeletion');
    expect(await refused()).toBe('KMSInvalidStateException');
    await kms.send(new sdk.CancelKeyDeletionCommand({ KeyId }));
    expect(await refused()).toBe('DisabledException');
    await kms.send(new sdk.EnableKeyCommand({ KeyId }));
    await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
  });

  it('goes by names', async () => {
    const KeyId = await newKey({ Tags: [{ TagKey: 'team', TagValue: 'net' }] });
    await kms.send(new sdk.CreateAliasCommand({ AliasName: 'alias/state', TargetKeyId: KeyId }));
    const { KeyMetadata } = await kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/state' }));
    expect(KeyMetadata).toMatchObject({ Arn: KeyId, Enabled: true, KeyManager: 'CUSTOMER', AWSAccountId: account });
    expect((await kms.send(new sdk.ListAliasesCommand({ KeyId }))).Aliases).toMatchObject([
      { AliasName: 'alias/state', TargetKeyId: KeyId.split('/')[1] },
    ]);
    expect((await kms.send(new sdk.ListResourceTagsCommand({ KeyId }))).Tags).toEqual([
      { TagKey: 'team', TagValue: 'net' },
    ]);
    const again = kms.send(new sdk.CreateAliasCommand({ AliasName: 'alias/state', TargetKeyId: KeyId }));
    expect(await refusalOf(again)).toMatchObject({ code: 'AlreadyExistsException' });
    await kms.send(new sdk.DeleteAliasCommand({ AliasName: 'alias/state' }));
    expect(await refusalOf(kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/state' })))).toMatchObject({
      code: 'NotFoundException',
      message: `Alias arn:aws:kms:eu-west-1:${account}:alias/state is not found.`,
    });
  });
});

describe('who may use a key', () => {
  it('is left to IAM by the root statement, and to nobody without it', async () => {
    const KeyId = await newKey();
    const may = world.user('may', [{ Effect: 'Allow', Action: 'kms:Encrypt', Resource: KeyId }]);
    await may.kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
    const admin = [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }];
    const own = createKey(world.sandbox.world, {
      account,
      createdAt: 0,
      policy: policyFor(allow(`arn:aws:iam::${account}:user/listed`, 'kms:*')),
    });
    const other = world.user('other', admin);
    const refusal = await refusalOf(other.kms.send(new sdk.EncryptCommand({ KeyId: own.arn, Plaintext })));
    expect(refusal).toMatchObject({ code: 'AccessDeniedException', status: 400 });
    expect(refusal.message).toContain(`not authorized to perform: kms:Encrypt on resource: ${own.arn}`);
    const listed = world.user('listed', []);
    await listed.kms.send(new sdk.EncryptCommand({ KeyId: own.arn, Plaintext }));
  });

  it('is asked on both sides across accounts, and by conditions on the context', async () => {
    const EncryptionContext = { stack: 'network' };
    const condition = { Condition: { StringEquals: { 'kms:EncryptionContext:stack': 'network' } } };
    const KeyId = await newKey({
      Policy: policyFor(
        allow(root, 'kms:*'),
        allow(`arn:aws:iam::${neighbourAccount}:root`, ['kms:Encrypt', 'kms:Decrypt'], condition),
      ),
    });
    const statements = [{ Effect: 'Allow', Action: 'kms:Encrypt', Resource: KeyId }];
    const { kms: allowed } = world.user('abroad', statements, neighbourAccount);
    await allowed.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    expect(await refusalOf(allowed.send(new sdk.EncryptCommand({ KeyId, Plaintext })))).toMatchObject({
      code: 'AccessDeniedException',
    });
    const { kms: without } = world.user('without', [], neighbourAccount);
    const refused = without.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    expect(await refusalOf(refused)).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('can be given by a grant, within its constraints, until it is revoked', async () => {
    const KeyId = await newKey({ Policy: policyFor(allow(root, ['kms:*'])) });
    const { kms: worker } = world.user('worker', []);
    const { GrantId } = await kms.send(
      new sdk.CreateGrantCommand({
        KeyId,
        GranteePrincipal: `arn:aws:iam::${account}:user/worker`,
        Operations: ['Encrypt'],
        Constraints: { EncryptionContextSubset: { stack: 'network' } },
      }),
    );
    const EncryptionContext = { stack: 'network', more: 'x' };
    const encrypt = async (): Promise<unknown> =>
      await worker.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    await encrypt();
    expect(await refusalOf(worker.send(new sdk.EncryptCommand({ KeyId, Plaintext })))).toMatchObject({
      code: 'AccessDeniedException',
    });
    expect((await kms.send(new sdk.ListGrantsCommand({ KeyId }))).Grants).toMatchObject([{ GrantId }]);
    await kms.send(new sdk.RevokeGrantCommand({ KeyId, GrantId }));
    expect(await refusalOf(encrypt())).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('cannot be set so that nobody could change it again, unless one insists', async () => {
    const KeyId = await newKey();
    const Policy = policyFor(allow(`arn:aws:iam::${neighbourAccount}:root`, 'kms:*'));
    expect(await refusalOf(kms.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy })))).toMatchObject({
      code: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await kms.send(new sdk.PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }));
    expect(await refusalOf(kms.send(new sdk.GetKeyPolicyCommand({ KeyId })))).toMatchObject({
      code: 'AccessDeniedException',
    });
    const gone = policyFor(allow(root, 'kms:*'), allow(`arn:aws:iam::${account}:role/gone`, 'kms:Decrypt'));
    expect(await refusalOf(kms.send(new sdk.CreateKeyCommand({ Policy: gone })))).toMatchObject({
      message: 'Policy contains a statement with one or more invalid principals.',
    });
    expect(await refusalOf(kms.send(new sdk.CreateKeyCommand({ Policy: '{' })))).toMatchObject({
      code: 'MalformedPolicyDocumentException',
    });
  });
});

describe('what is recorded', () => {
  it('holds the context and the key, and neither plaintext nor ciphertext', async () => {
    const KeyId = await newKey();
    await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext: { a: 'b' } }));
    const { event } = world.outcomes.at(-1)?.call ?? {};
    expect(event?.requestParameters).toEqual({ keyId: KeyId, encryptionContext: { a: 'b' } });
    expect(event?.responseElements).toBeNull();
    expect(event?.resources).toEqual([{ accountId: account, type: 'AWS::KMS::Key', ARN: KeyId }]);
  });
});
