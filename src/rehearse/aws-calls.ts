/**
 * The calls that keyless makes itself: as a client like any other, signed, over the network, into the embedded AWS. Used
 * where Terraform cannot run, and for requests that no well-behaved client would send.
 */
import { encodeForAws, type SigningKey, signRequest } from '../aws/sigv4-sign.ts';
import { Secret } from '../kernel/secret.ts';
import type { Clock, Headers, Network } from '../ports/index.ts';

export interface AwsReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** AWS's error code; `undefined` when the call was carried out. */
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}

export interface AwsWay {
  readonly network: Network;
  readonly clock: Clock;
  /** URL of the CONNECT proxy, and the certificates behind it. */
  readonly proxy: string;
  readonly trust: string;
  /** Where services without a region in the call are reached. */
  readonly region: string;
  /** `amazonaws.com`, `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
}

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Object key, or `''` for the bucket. */
  readonly key: string;
  readonly query?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly region?: string;
  /** Without TLS. */
  readonly plainHttp?: boolean;
}

export class AwsCalls {
  readonly #way: AwsWay;

  constructor(way: AwsWay) {
    this.#way = way;
  }

  async s3(request: S3Request, key: SigningKey | undefined): Promise<AwsReply> {
    const { method, bucket, headers = {}, body = '', plainHttp = false } = request;
    const region = request.region ?? this.#way.region;
    const path = request.key.split('/').map(encodeForAws).join('/');
    const query = request.query === undefined ? '' : `?${request.query}`;
    const url = `${plainHttp ? 'http' : 'https'}://${bucket}.s3.${region}.${this.#way.dnsSuffix}/${path}${query}`;
    return await this.#send({ method, url, headers, body }, key, 's3', region);
  }

  async callerIdentity(key: SigningKey): Promise<AwsReply> {
    return await this.sts({ Action: 'GetCallerIdentity' }, key);
  }

  async assumeRole(key: SigningKey, roleArn: string, sessionName: string): Promise<AwsReply> {
    return await this.sts({ Action: 'AssumeRole', RoleArn: roleArn, RoleSessionName: sessionName }, key);
  }

  async assumeRoleWithWebIdentity(token: string, roleArn: string, sessionName: string): Promise<AwsReply> {
    return await this.sts(
      {
        Action: 'AssumeRoleWithWebIdentity',
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        WebIdentityToken: token,
      },
      undefined,
    );
  }

  async sts(parameters: Readonly<Record<string, string>>, key: SigningKey | undefined): Promise<AwsReply> {
    const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString();
    return await this.#send(
      {
        method: 'POST',
        url: `https://sts.${this.#way.region}.${this.#way.dnsSuffix}/`,
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body,
      },
      key,
      'sts',
      this.#way.region,
    );
  }

  async dynamodb(
    operation: string,
    input: unknown,
    key: SigningKey,
    region: string = this.#way.region,
  ): Promise<AwsReply> {
    return await this.#send(
      {
        method: 'POST',
        url: `https://dynamodb.${region}.${this.#way.dnsSuffix}/`,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
        body: JSON.stringify(input),
      },
      key,
      'dynamodb',
      region,
    );
  }

  async #send(
    request: { method: string; url: string; headers: Headers; body: string },
    key: SigningKey | undefined,
    service: string,
    region: string,
  ): Promise<AwsReply> {
    const { network, clock, proxy, trust } = this.#way;
    const headers =
      key === undefined ? request.headers : signRequest(request, key, { region, service, at: clock.now() });
    const { method, url, body } = request;
    const reply = await network.send({
      method,
      url,
      headers,
      ...(body === '' ? {} : { body }),
      proxy,
      trust,
    });
    return readReply(reply.status, reply.headers, Buffer.from(reply.body).toString());
  }
}

/** Error codes stand in a header (REST-JSON), in `__type` (JSON) or in `<Code>` (XML); S3's HEAD has none. */
export function readReply(status: number, headers: Headers, body: string): AwsReply {
  if (status < 300) return { status, headers, body, errorCode: undefined, errorMessage: undefined };
  const json = parseObject(body);
  const code =
    headers['x-amzn-errortype']?.replace(/:.*$/, '') ??
    (typeof json.__type === 'string' ? json.__type.replace(/^.*#/, '') : undefined) ??
    elementOf(body, 'Code') ??
    `HTTP ${status}`;
  const message = json.message ?? json.Message ?? elementOf(body, 'Message');
  return { status, headers, body, errorCode: code, errorMessage: typeof message === 'string' ? message : undefined };
}

/** The text of the first element of that name. */
export function elementOf(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return found
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

/** The keys that AssumeRole and its like answer with. */
export function keyIn(reply: AwsReply): SigningKey | undefined {
  const accessKeyId = elementOf(reply.body, 'AccessKeyId');
  const secret = elementOf(reply.body, 'SecretAccessKey');
  const token = elementOf(reply.body, 'SessionToken');
  if (accessKeyId === undefined || secret === undefined || token === undefined) return undefined;
  return { accessKeyId, secretAccessKey: new Secret(secret), sessionToken: new Secret(token) };
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  if (!body.startsWith('{')) return {};
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
