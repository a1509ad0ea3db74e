/** Clients that talk nonsense: every service answers what is wrong with it, with keys that may do everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSandbox } from '../../../test/support/sandbox-client.ts';
import { signRequest } from '../../aws/sigv4-sign.ts';
import type { HttpMessage } from '../core/http-message.ts';
import type { Service } from '../core/service.ts';
import { createBucket } from '../services/s3/build.ts';
import { loadServices } from './services.ts';

const services = await loadServices();

const names = fc.constantFrom(
  'Name',
  'RoleName',
  'UserName',
  'TableName',
  'KeyId',
  'Bucket',
  'PolicyDocument',
  'AssumeRolePolicyDocument',
  'Policy',
  'Tags',
  'InstanceArn',
  'PermissionSetArn',
  'IdentityStoreId',
  'MaxItems',
  'Marker',
  'NextToken',
  'Item',
  'Key',
  'clientId',
  'grantType',
  'member',
  '__proto__',
  'constructor',
);
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '*',
    'arn:aws:iam::222222222222:role/x',
    '{',
    '{"Version":"2012-10-17","Statement":[]}',
    '\0',
    '-1',
    '1e400',
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    odd,
    fc.constantFrom(null, true, -1, 1e21, 0.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const object = fc.dictionary(names, json, { maxKeys: 6 });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
  odd.map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('[[[['.repeat(20_000))),
);
const element = fc.constantFrom(
  'Tagging',
  'CreateBucketConfiguration',
  'VersioningConfiguration',
  'Delete',
  'Object',
  'Key',
  'Status',
);
const xml = fc
  .array(fc.tuple(element, odd, element), { maxLength: 5 })
  .map((parts) => Buffer.from(parts.map(([open, text, close]) => `<${open}>${text}</${close}>`).join('')));

/** A message to one service, most of them near enough to be read. */
function messageTo(service: Service): fc.Arbitrary<HttpMessage> {
  const host = `${service.hostPrefixes[0]}.${service.id === 'iam' || service.id === 'organizations' ? 'us-east-1' : 'eu-west-1'}.amazonaws.com`;
  const operation = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...service.operations.keys()) },
    { weight: 1, arbitrary: odd },
  );
  const message = (method: string, target: string, headers: Record<string, string>, body: Uint8Array): HttpMessage => ({
    method,
    target,
    headers: { ...headers, host },
    host,
    secure: true,
    body,
  });
  switch (service.protocol) {
    case 'query': {
      const parameter = fc.tuple(
        fc.array(fc.oneof(names, fc.constantFrom('1', '2', '9'.repeat(9))), { minLength: 1, maxLength: 4 }),
        odd,
      );
      const form = fc
        .tuple(operation, fc.array(parameter, { maxLength: 8 }))
        .map(([action, parameters]) =>
          Buffer.from(
            new URLSearchParams([
              ['Action', action],
              ...parameters.map(([path, value]): [string, string] => [path.join('.'), value]),
            ]).toString(),
          ),
        );
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return fc.oneof({ weight: 5, arbitrary: form }, bytes).map((body) => message('POST', '/', type, body));
    }
    case 'json-1.0':
    case 'json-1.1':
      return fc
        .tuple(
          operation,
          fc.oneof({ weight: 5, arbitrary: object.map((value) => Buffer.from(JSON.stringify(value))) }, bytes),
        )
        .map(([name, body]) =>
          message(
            'POST',
            '/',
            {
              'x-amz-target': `${service.targetPrefix}.${name.replace(/[^ -~]/g, '?')}`,
              'content-type': 'application/x-amz-json-1.1',
            },
            body,
          ),
        );
    default: {
      const segment = fc.constantFrom(
        'b',
        'bucket',
        'key',
        '%00',
        '%',
        '..',
        '%2e%2e',
        'é',
        'client',
        'register',
        'token',
        'device_authorization',
        'authorize',
        'federation',
        'credentials',
        'assignment',
        'roles',
      );
      const path = fc
        .constantFrom(
          'bucket',
          'bucket/key',
          'client/register',
          'token',
          'device_authorization',
          'federation/credentials',
          'assignment/accounts',
          'logout',
        )
        .map((text) => text.split('/'));
      const parameter = fc.constantFrom(
        'list-type=2',
        'versions',
        'uploads',
        'policy',
        'versioning',
        'delete',
        'tagging',
        'max-keys=-1',
        'max-keys=x',
        'prefix=%00',
        'encryption',
        'acl',
        'versionId=zz',
        'role_name=a',
        'account_id=1',
        '%',
        'uploadId=1',
        'partNumber=0',
        'publicAccessBlock',
        'continuation-token=%F0',
      );
      const header = fc.constantFrom(
        'range',
        'if-match',
        'if-none-match',
        'x-amz-copy-source',
        'content-md5',
        'x-amz-checksum-sha256',
        'x-amz-server-side-encryption',
        'x-amz-sso_bearer_token',
        'x-amz-tagging',
        'content-type',
        'x-amz-acl',
      );
      return fc
        .tuple(
          fc.constantFrom('GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH'),
          fc.oneof(path, fc.array(segment, { maxLength: 4 })),
          fc.array(parameter, { maxLength: 3 }),
          fc.dictionary(
            header,
            fc.constantFrom('', 'x', 'bytes=5-1', 'bytes=0-', '"', '*', 'aws:kms', '%', '/b/k?versionId=null'),
            { maxKeys: 3 },
          ),
          fc.oneof(
            xml,
            bytes,
            object.map((value) => Buffer.from(JSON.stringify(value))),
          ),
        )
        .map(([method, path, query, headers, body]) =>
          message(
            method,
            `/${path.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`,
            headers,
            method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body,
          ),
        );
    }
  }
}

describe.each(services.map((service) => ({ service, id: service.id })))('$id', ({ service }) => {
  it('answers nonsense with a modelled error, and does not break', async () => {
    const sandbox = makeSandbox({ services });
    const key = sandbox.issueKey({ account: '111111111111' });
    createBucket(sandbox.world, { name: 'bucket', account: '111111111111', createdAt: 0 });
    await fc.assert(
      fc.asyncProperty(messageTo(service), fc.boolean(), async (plain, signed) => {
        let message = plain;
        if (signed) {
          const url = `https://${plain.host}${plain.target}`;
          // What cannot be a URL cannot be signed either.
          if (URL.canParse(url)) {
            const { pathname, search } = new URL(url);
            const region = plain.host.includes('us-east-1') ? 'us-east-1' : 'eu-west-1';
            const scope = { region, service: service.signingNames[0] ?? '', at: sandbox.clock.now() };
            try {
              message = { ...plain, target: pathname + search, headers: signRequest({ ...plain, url }, key, scope) };
            } catch (error) {
              if (!(error instanceof URIError)) throw error;
            }
          }
        }
        const answer = await sandbox.handle(message);
        expect(sandbox.problems).toEqual([]);
        expect(answer.kind).toBe('respond');
        if (answer.kind === 'respond') expect([500, 502, 503]).not.toContain(answer.status);
      }),
      { numRuns: 150, seed: 20_261_125 },
    );
  });
});
