/** Who is deleted has lost what its sessions could do, and what policies gave to its name. */

import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { makeSandbox, type TestSandbox } from '../../../../test/support/sandbox-client.ts';
import { Secret } from '../../../kernel/secret.ts';
import type { IssuedKey } from '../../core/caller.ts';
import { kmsService } from '../kms/service.ts';
import { s3Service } from '../s3/service.ts';
import { stsService } from '../sts/service.ts';
import { createUser } from './build.ts';
import { iamService } from './service.ts';

const account = '222222222222';
const roleArn = `arn:aws:iam::${account}:role/reader`;
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:user/admin` }, Action: 'sts:AssumeRole' }],
});
const allow = (principal: string, action: string, resource: string): object => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: action,
  Resource: resource,
});
const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

function start(): {
  readonly sandbox: TestSandbox;
  readonly admin: IssuedKey;
  readonly assume: () => Promise<IssuedKey>;
} {
  const sandbox = makeSandbox({ services: [stsService, iamService, s3Service, kmsService] });
  createUser(sandbox.world, account, {
    name: 'admin',
    createdAt: 0,
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  const admin = sandbox.issueKey({ account, userName: 'admin' });
  return {
    sandbox,
    admin,
    assume: async () => {
      const sts = sandbox.connect(STSClient, admin);
      return keyOf(
        (await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'session' }))).Credentials,
        admin,
      );
    },
  };
}

function keyOf(
  credentials:
    | { AccessKeyId?: string | undefined; SecretAccessKey?: string | undefined; SessionToken?: string | undefined }
    | undefined,
  { caller }: IssuedKey,
): IssuedKey {
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: new Secret(credentials?.SecretAccessKey ?? ''),
    sessionToken: new Secret(credentials?.SessionToken ?? ''),
    expiresAt: undefined,
    status: 'Active',
    caller,
  };
}

describe('a role that is deleted', () => {
  it('takes its sessions with it, also when a bucket policy names it and another one has its name', async () => {
    const { sandbox, admin, assume } = start();
    const [iam, s3, kms] = [
      sandbox.connect(IAMClient, admin),
      sandbox.connect(S3Client, admin),
      sandbox.connect(KMSClient, admin),
    ];
    const createRole = new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust });
    const { Role: first } = await iam.send(createRole);
    const bucketPolicy = policyOf(allow(roleArn, 's3:GetObject', 'arn:aws:s3:::bucket/*'));
    await s3.send(
      new CreateBucketCommand({ Bucket: 'bucket', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'state', Body: '{}' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'bucket', Policy: bucketPolicy }));
    const Policy = policyOf(allow(admin.caller.arn, 'kms:*', '*'), allow(roleArn, 'kms:DescribeKey', '*'));
    const KeyId = (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.KeyId;

    const use = async (key: IssuedKey) => {
      const outcomes = await Promise.allSettled([
        sandbox.connect(STSClient, key).send(new GetCallerIdentityCommand({})),
        sandbox.connect(S3Client, key).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'state' })),
        sandbox.connect(KMSClient, key).send(new DescribeKeyCommand({ KeyId })),
      ]);
      return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : (outcome.reason as Error).name));
    };
    const stored = async () => [
      (await s3.send(new GetBucketPolicyCommand({ Bucket: 'bucket' }))).Policy,
      (await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy,
    ];
    const session = await assume();
    expect(await use(session)).toEqual(['ok', 'ok', 'ok']);
    expect(await stored()).toEqual([bucketPolicy, Policy]);

    const over = ['InvalidClientTokenId', 'InvalidAccessKeyId', 'UnrecognizedClientException'];
    await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    expect(await use(session)).toEqual(over);
    // What is gone is shown by its unique id.
    const id = first?.RoleId ?? '';
    expect(await stored()).toEqual([bucketPolicy.replace(roleArn, id), Policy.replace(roleArn, id)]);

    await iam.send(createRole);
    expect(await use(session)).toEqual(over);
    expect(await use(await assume())).toEqual(['ok', 'AccessDenied', 'AccessDeniedException']);
  });
});

describe('a user who is deleted', () => {
  it('leaves no session that works', async () => {
    const { sandbox, admin } = start();
    const iam = sandbox.connect(IAMClient, admin);
    await iam.send(new CreateUserCommand({ UserName: 'guest' }));
    const guest = sandbox.issueKey({ account, userName: 'guest' });
    const { Credentials } = await sandbox.connect(STSClient, guest).send(new GetSessionTokenCommand({}));
    const identity = () => sandbox.connect(STSClient, keyOf(Credentials, guest)).send(new GetCallerIdentityCommand({}));
    expect((await identity()).Arn).toBe(guest.caller.arn);
    sandbox.world.iam.accounts.get(account)?.users.get('guest')?.accessKeys.splice(0);
    await iam.send(new DeleteUserCommand({ UserName: 'guest' }));
    await expect(identity()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});
