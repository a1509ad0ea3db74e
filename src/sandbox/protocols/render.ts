/** One output or refusal in the wire form of the service that gave it. */
import { crc32 } from 'node:zlib';
import type { AwsError } from '../core/aws-error.ts';
import type { ErrorView, Output, Service, WireRequest, WireResponse } from '../core/service.ts';
import { encodeJsonError, encodeJsonOutput } from './json.ts';
import { encodeQueryError, encodeQueryOutput } from './query.ts';
import { encodeRestJsonError, encodeRestJsonOutput, encodeS3Error, isWireResponse } from './rest.ts';

export function renderOutput(service: Service, operation: string, output: Output, requestId: string): WireResponse {
  if (isWireResponse(output)) return withRequestId(service, output, requestId);
  switch (service.protocol) {
    case 'query':
      return encodeQueryOutput(operation, output, service.xmlNamespace ?? '', requestId);
    case 'json-1.0':
    case 'json-1.1':
      return withCrc(service, encodeJsonOutput(output, versionOf(service), requestId));
    case 'rest-json':
      return encodeRestJsonOutput(output, requestId);
    case 'rest-xml':
      return withRequestId(service, { status: 200, headers: {}, body: '' }, requestId);
  }
}

export function renderError(service: Service, error: AwsError, request: WireRequest, requestId: string): WireResponse {
  const { code, message, status, members, headers } = error;
  const view: ErrorView = { code, message, status, members, headers, requestId };
  if (service.renderError !== undefined) return withRequestId(service, service.renderError(view, request), requestId);
  switch (service.protocol) {
    case 'query':
      return encodeQueryError(view, service.xmlNamespace ?? '');
    case 'json-1.0':
    case 'json-1.1':
      return withCrc(
        service,
        encodeJsonError(view, versionOf(service), service.id === 'dynamodb' ? dynamoDbNamespace(code) : undefined),
      );
    case 'rest-json':
      return encodeRestJsonError(view);
    case 'rest-xml':
      return withRequestId(service, encodeS3Error(view), requestId);
  }
}

/** DynamoDB's clients compare the body with this sum. */
function withCrc(service: Service, response: WireResponse): WireResponse {
  if (service.id !== 'dynamodb') return response;
  return { ...response, headers: { ...response.headers, 'x-amz-crc32': String(crc32(response.body)) } };
}

function versionOf(service: Service): '1.0' | '1.1' {
  return service.protocol === 'json-1.0' ? '1.0' : '1.1';
}

/** Errors of the model and errors that every service has come from two shape namespaces. */
function dynamoDbNamespace(code: string): string {
  return commonErrors.test(code) ? 'com.amazon.coral.service' : 'com.amazonaws.dynamodb.v20120810';
}

const commonErrors =
  /^(AccessDenied|ExpiredToken|IncompleteSignature|InvalidSignature|MissingAuthenticationToken|Serialization|UnknownOperation|UnrecognizedClient)Exception$/;

function withRequestId(service: Service, response: WireResponse, requestId: string): WireResponse {
  const ids =
    service.protocol === 'rest-xml'
      ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
      : { 'x-amzn-requestid': requestId };
  return { ...response, headers: { ...ids, ...response.headers } };
}
