/** The records of a story through all services: every kind of caller is in them, and no secret that the world holds. */
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { makeSandbox } from '../../../../test/support/sandbox-client.ts';
import { sandboxNetwork } from '../../../../test/support/sandbox-network.ts';
import {
  defaultScopes,
  getRoleCredentials,
  pollForToken,
  registerClient,
  ssoEndpoints,
  startDeviceAuthorization,
} from '../../../broker/index.ts';
import { realRandom } from '../../../ports/real/random.ts';
import type { IssuedKey } from '../../core/caller.ts';
import { createIssuers, githubIssuerUrl, mintGithubToken } from '../../issuers/index.ts';
import { services } from '../../server/services.ts';
import { createOidcProvider, createRole } from '../iam/build.ts';
import { approveSignIn } from '../identity-center/approve.ts';
import { assign, createPermissionSet, createUser } from '../identity-center/build.ts';
import { createKey } from '../kms/build.ts';
import { createBucket } from '../s3/build.ts';
import { recordCall } from './record.ts';

const [management, production] = ['111111111111', '222222222222'];
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

function sandboxWithEverything() {
  const sandbox = makeSandbox({ services, record: recordCall });
  const { world, time } = sandbox;
  const createdAt = time.now();
  createIssuers(world, realRandom);
  const person = createUser(world, { userName: 'ana@example.com' });
  const set = createPermissionSet(world, { name: 'Deploy', createdAt, managedPolicies: [administrator] });
  assign(world, { account: production, permissionSet: set, principal: { type: 'USER', id: person.id }, at: createdAt });
  const provider = createOidcProvider(world, production, {
    url: githubIssuerUrl,
    clientIds: ['sts.amazonaws.com'],
    createdAt,
  });
  const trust = (principal: object, action: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: principal,
          Action: action,
          ...(action === 'sts:AssumeRole'
            ? {}
            : {
                Condition: {
                  StringEquals: {
                    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                    'token.actions.githubusercontent.com:sub': 'repo:acme/infra:ref:refs/heads/main',
                  },
                },
              }),
        },
      ],
    });
  createRole(world, production, {
    name: 'pipeline',
    createdAt,
    attached: [administrator],
    trust: trust({ Federated: provider.arn }, 'sts:AssumeRoleWithWebIdentity'),
  });
  createRole(world, production, {
    name: 'deploy',
    createdAt,
    attached: [administrator],
    trust: trust({ AWS: [management, production] }, 'sts:AssumeRole'),
  });
  createBucket(world, {
    name: 'states',
    account: management,
    createdAt,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: production }, Action: 's3:*Object', Resource: 'arn:aws:s3:::states/*' },
      ],
    }),
  });
  return { sandbox, key: createKey(world, { account: production, createdAt }) };
}

it('every kind of caller is recorded as AWS records it, and no secret with it', async () => {
  const { sandbox, key } = sandboxWithEverything();
  const { world, time } = sandbox;
  const ports = { network: sandboxNetwork(sandbox), random: realRandom, clock: sandbox.clock };
  const endpoints = ssoEndpoints({}, world.region);
  const session = { name: 's', startUrl: world.identityCenter.startUrl, region: world.region, scopes: defaultScopes };

  // A person signs in, takes a role and writes the state of another account.
  const registration = await registerClient(ports, endpoints, session, 'device-code');
  const authorization = await startDeviceAuthorization(ports, endpoints, session, registration);
  approveSignIn(world, { userCode: authorization.userCode, userName: 'ana@example.com' });
  const token = await pollForToken(ports, endpoints, session, registration, authorization);
  const { accessKeyId } = await getRoleCredentials(ports, endpoints, token.accessToken, {
    accountId: production,
    roleName: 'Deploy',
  });
  const personal = world.keys.find(accessKeyId) as IssuedKey;
  const s3 = sandbox.connect(S3Client, personal);
  await s3.send(new PutObjectCommand({ Bucket: 'states', Key: 'a.tfstate', Body: 'the state itself' }));
  await s3.send(new GetObjectCommand({ Bucket: 'states', Key: 'a.tfstate' }));
  // A root makes a user with a key, who takes a role; a pipeline takes one too; a forged token does not.
  const iam = sandbox.connect(IAMClient, sandbox.issueKey({ account: production }));
  await iam.send(new CreateUserCommand({ UserName: 'legacy' }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  await iam.send(new PutUserPolicyCommand({ UserName: 'legacy', PolicyName: 'all', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'legacy' }));
  const legacy = world.keys.find(AccessKey?.AccessKeyId ?? '') as IssuedKey;
  const sts = sandbox.connect(STSClient, legacy);
  await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${production}:role/deploy`, RoleSessionName: 'legacy' }),
  );
  const job = { repository: { fullName: 'acme/infra' }, event: 'push', ref: 'refs/heads/main' };
  const webToken = await mintGithubToken(world, time, { job, audience: 'sts.amazonaws.com' });
  const offer = { RoleArn: `arn:aws:iam::${production}:role/pipeline`, RoleSessionName: 'run' };
  const open = sandbox.connect(STSClient);
  await open.send(new AssumeRoleWithWebIdentityCommand({ ...offer, WebIdentityToken: webToken }));
  const otherToken = await mintGithubToken(world, time, {
    job: { ...job, ref: 'refs/heads/x' },
    audience: 'sts.amazonaws.com',
  });
  const refused = open.send(new AssumeRoleWithWebIdentityCommand({ ...offer, WebIdentityToken: otherToken }));
  await expect(refused).rejects.toMatchObject({ name: 'AccessDenied' });
  const kms = sandbox.connect(KMSClient, legacy);
  const encrypted = { KeyId: key.arn, Plaintext: Buffer.from('a text that nobody else may read') };
  await kms.send(new EncryptCommand(encrypted));
  const dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: 'AES_256' }));
  await sts.send(new GetCallerIdentityCommand({}));

  expect(sandbox.problems).toEqual([]);
  const { records } = world.cloudtrail;
  const callers = new Set(
    records.map(
      ({ eventName, userIdentity, errorCode }) =>
        `${eventName} ${String(userIdentity.type)}${errorCode === undefined ? '' : ` ${errorCode}`}`,
    ),
  );
  for (const call of [
    'CreateToken IdentityCenterUser',
    'GetRoleCredentials IdentityCenterUser',
    'AssumeRoleWithSAML SAMLUser',
    'PutObject AssumedRole',
    'PutObject AWSAccount',
    'CreateUser Root',
    'AssumeRole IAMUser',
    'AssumeRoleWithWebIdentity WebIdentityUser',
    'AssumeRoleWithWebIdentity WebIdentityUser AccessDenied',
    'GetCallerIdentity IAMUser',
    'GenerateDataKey IAMUser',
  ]) {
    expect(callers).toContain(call);
  }
  const text = JSON.stringify(records);
  const issued = [...world.identityCenter.tokens.values()];
  const secrets = [
    ...issued.flatMap(({ accessToken, refreshToken }) => [
      accessToken,
      ...(refreshToken === undefined ? [] : [refreshToken]),
    ]),
    ...[...world.identityCenter.clients.values()].map(({ clientSecret }) => clientSecret),
    ...[personal, legacy].flatMap(({ secretAccessKey, sessionToken }) => [
      secretAccessKey,
      ...(sessionToken === undefined ? [] : [sessionToken]),
    ]),
  ].map((secret) => secret.reveal());
  const plain = [
    webToken,
    otherToken,
    'the state itself',
    'a text that nobody else',
    Buffer.from(dataKey.Plaintext ?? []).toString('base64'),
  ];
  expect([...secrets, ...plain].filter((secret) => text.includes(secret))).toEqual([]);
  expect(secrets.length).toBeGreaterThan(5);
});
