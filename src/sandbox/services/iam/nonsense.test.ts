import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeSandbox } from '../../../../test/support/sandbox-client.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Operation, Service } from '../../core/service.ts';
import { stsService } from '../sts/service.ts';
import { createRole, createUser } from './build.ts';
import { iamService } from './service.ts';

const account = '222222222222';
const documents = [
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}]}',
  '{"Statement":{"Principal":{"AWS":[1]}}}',
];

/** What a client sends when it is right, a little wrong, or nonsense. */
const leaf = fc.oneof(
  fc.constantFrom(
    'r',
    'u',
    'p',
    '',
    'true',
    '900',
    '3600',
    '-1',
    'https://a.example',
    `arn:aws:iam::${account}:role/r`,
    `arn:aws:iam::${account}:user/u`,
    `arn:aws:iam::${account}:policy/p`,
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'Active',
    'v1',
    '__proto__',
    'a.b.c',
    `${Buffer.from('{"alg":"RS256","kid":"x"}').toString('base64url')}.${Buffer.from('{"iss":"https://a.example","exp":1}').toString('base64url')}.AA`,
    ...documents,
  ),
  fc.string({ maxLength: 40 }),
);
const value = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.record({ Key: leaf, Value: leaf }, { requiredKeys: [] }), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ Key: leaf }) },
);
const names = [
  'RoleName',
  'UserName',
  'PolicyName',
  'PolicyArn',
  'PolicyDocument',
  'AssumeRolePolicyDocument',
  'Path',
  'Tags',
  'TagKeys',
  'MaxItems',
  'Marker',
  'Url',
  'ClientIDList',
  'ClientID',
  'ThumbprintList',
  'OpenIDConnectProviderArn',
  'AccessKeyId',
  'Status',
  'VersionId',
  'PermissionsBoundary',
  'PolicySourceArn',
  'ActionNames',
  'ResourceArns',
  'ContextEntries',
  'PolicyInputList',
  'AWSServiceName',
  'Arn',
  'RoleArn',
  'RoleSessionName',
  'WebIdentityToken',
  'Policy',
  'PolicyArns',
  'DurationSeconds',
  'SourceIdentity',
  'NewUserName',
  'Filter',
];
const input = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 });

test('nonsense is refused by STS and IAM, and breaks nothing', async () => {
  const sandbox = makeSandbox({ services: [iamService, stsService] });
  createUser(sandbox.world, account, { name: 'u', createdAt: 0 });
  createRole(sandbox.world, account, { name: 'r', trust: documents[1] as string, createdAt: 0 });
  const key = sandbox.issueKey({ account });
  const operations = [iamService, stsService].flatMap((service) =>
    [...service.operations].map(([name, operation]): [Service, string, Operation] => [service, name, operation]),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations), input, async ([service, operation, { handle }], members) => {
      const request = {
        method: 'POST',
        secure: true,
        host: '',
        path: '/',
        target: '/',
        query: new URLSearchParams(),
        headers: {},
        body: new Uint8Array(),
      };
      const { world, time } = sandbox;
      const call: Call = {
        service,
        operation,
        request,
        requestId: '',
        caller: key.caller,
        account,
        region: 'eu-west-1',
        world,
        time,
        event: {},
        authorize: () => undefined,
        isAllowed: () => true,
      };
      try {
        await handle(call, members);
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        expect((error as AwsError).status).toBeLessThan(500);
      }
    }),
    { numRuns: 4000 },
  );
});
