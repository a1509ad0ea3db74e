import { describe, expect, it } from 'vitest';
import { decodeJson, encodeJsonError, encodeJsonOutput } from './json.ts';
import { decodeQuery, encodeQueryError, encodeQueryOutput, escapeXml } from './query.ts';
import { encodeS3Error } from './rest.ts';

const form = (text: string) => decodeQuery(Buffer.from(text), '');

describe('a form', () => {
  it('becomes structures and lists', () => {
    const text =
      'Action=CreateRole&Version=2010-05-08&RoleName=a%20b&Tags.member.2.Key=y&Tags.member.1.Key=x&Tags.member.1.Value=%26&Names.member.1=n&Empty=';
    expect(form(text)).toEqual({
      action: 'CreateRole',
      input: { RoleName: 'a b', Tags: [{ Key: 'x', Value: '&' }, { Key: 'y' }], Names: ['n'], Empty: '' },
    });
  });

  it('of names that JavaScript knows does no harm', () => {
    const { input } = form('Action=A&__proto__.polluted=1&constructor.prototype.polluted=1');
    expect(Object.keys(input)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it.each([
    ['more parameters than any call has', Array.from({ length: 10_001 }, (_, index) => `a${index}=`).join('&')],
    ['deeper names than any call has', `${'a.'.repeat(40)}a=1`],
    ['no UTF-8', Buffer.from([0x41, 0xff])],
  ])('with %s is refused', (_what, text) => {
    expect(() => decodeQuery(Buffer.from(text), '')).toThrow(
      expect.objectContaining({ code: 'MalformedQueryString', status: 400 }),
    );
  });
});

describe('an answer in XML', () => {
  it('holds lists, maps, times, blobs, and text that XML can hold', () => {
    const output = {
      Users: [{ Name: '<a>&"\'', Created: new Date('2026-11-21T09:00:00.500Z') }],
      Map: new Map([['k', 1]]),
      Blob: Buffer.from('hi'),
      Flag: true,
      Missing: undefined,
      Odd: 'a\0b\ud800c',
    };
    expect(encodeQueryOutput('ListUsers', output, 'urn:x', 'id').body).toBe(
      '<ListUsersResponse xmlns="urn:x"><ListUsersResult><Users><member><Name>&lt;a&gt;&amp;&quot;&#39;</Name><Created>2026-11-21T09:00:00Z</Created></member></Users><Map><entry><key>k</key><value>1</value></entry></Map><Blob>aGk=</Blob><Flag>true</Flag><Odd>ab\ufffdc</Odd></ListUsersResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ListUsersResponse>',
    );
    expect(encodeQueryOutput('DeleteUser', undefined, 'urn:x', 'id').body).not.toContain('Result>');
  });

  it('of a refusal says whose fault it was', () => {
    const error = { code: 'NoSuchEntity', message: 'a & b', status: 404, members: {}, headers: {}, requestId: 'id' };
    expect(encodeQueryError(error, 'urn:x')).toMatchObject({
      status: 404,
      body: '<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>a &amp; b</Message></Error><RequestId>id</RequestId></ErrorResponse>',
    });
    expect(encodeS3Error({ ...error, members: { BucketName: 'b' } }).body).toContain(
      '<Error><Code>NoSuchEntity</Code><Message>a &amp; b</Message><BucketName>b</BucketName><RequestId>id</RequestId>',
    );
    expect(escapeXml('\r')).toBe('&#13;');
  });
});

describe('JSON', () => {
  it('that is an object is read, and nothing else', () => {
    expect(decodeJson(Buffer.from(''))).toEqual({});
    expect(decodeJson(Buffer.from('{"a":[1]}'))).toEqual({ a: [1] });
    for (const text of ['[]', '1', 'null', '{', '"x"', '\ufeff{}x']) {
      expect(() => decodeJson(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'SerializationException' }));
    }
  });

  it('has timestamps in seconds, blobs in base64, and the type of an error', () => {
    const output = { At: new Date(1_500), Blob: Buffer.from('hi'), List: [undefined, { A: undefined }] };
    expect(encodeJsonOutput(output, '1.1', 'id')).toMatchObject({
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id' },
      body: '{"At":1.5,"Blob":"aGk=","List":[null,{}]}',
    });
    const error = { code: 'X', message: 'm', status: 400, members: { Item: 1 }, headers: {}, requestId: 'id' };
    expect(encodeJsonError(error, '1.0', 'ns')).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'X' },
      body: '{"__type":"ns#X","message":"m","Item":1}',
    });
  });
});
