/** The refusals of S3 and how they look (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
import { AwsError } from '../../core/aws-error.ts';
import type { ErrorView, WireRequest, WireResponse } from '../../core/service.ts';
import { renderElement, type XmlElement, xmlDeclaration } from './xml.ts';

export function noSuchBucket(name: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { members: { BucketName: name } });
}

export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { members: { Key: key }, headers });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
    members: { Key: key, VersionId: versionId },
  });
}

export function accessDenied(message: string = 'Access Denied'): AwsError {
  return new AwsError('AccessDenied', message, 403);
}

export function invalidArgument(message: string, name?: string, value?: string): AwsError {
  return new AwsError('InvalidArgument', message, 400, {
    members: name === undefined ? {} : { ArgumentName: name, ArgumentValue: value ?? '' },
  });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message, 400);
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    members: { Condition: condition },
  });
}

export function notImplemented(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `A header or parameter you provided implies functionality that the sandbox does not have: ${what}`,
    501,
  );
}

/** The bucket is in another region: clients read it from the header and try there. */
export function permanentRedirect(bucket: string, region: string, host: string): AwsError {
  return new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    { members: { Endpoint: host, Bucket: bucket }, headers: { 'x-amz-bucket-region': region } },
  );
}

/** HEAD answers have no body: the status and the headers are all a client gets. */
export function renderError(error: ErrorView, request: WireRequest): WireResponse {
  const headers = error.headers;
  if (request.method === 'HEAD' || error.status === 304) {
    return { status: error.status, headers: { 'content-type': 'application/xml', ...headers }, body: '' };
  }
  const elements: XmlElement[] = [
    ['Code', error.code],
    ['Message', error.message],
    ...Object.entries(error.members).map(([name, value]): XmlElement => [name, String(value)]),
    ...('Resource' in error.members ? [] : [['Resource', request.path] as const]),
    ['RequestId', error.requestId],
    ['HostId', error.requestId],
  ];
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `${xmlDeclaration}${renderElement(['Error', elements])}`,
  };
}
