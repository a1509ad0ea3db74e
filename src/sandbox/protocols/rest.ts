/** The REST protocols: operations read and write the HTTP message themselves; what is common is how a refusal looks. */
import type { ErrorView, Output, WireResponse } from '../core/service.ts';
import { jsonValue } from './json.ts';
import { escapeXml } from './query.ts';

export function isWireResponse(output: Output): output is WireResponse {
  return (
    output !== undefined && typeof output.status === 'number' && typeof output.headers === 'object' && 'body' in output
  );
}

/** An output that an operation did not render itself. */
export function encodeRestJsonOutput(output: Exclude<Output, WireResponse>, requestId: string): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify(jsonValue(output ?? {})),
  };
}

export function encodeRestJsonError(error: ErrorView): WireResponse {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': error.requestId,
      'x-amzn-errortype': error.code,
      ...error.headers,
    },
    body: JSON.stringify({ message: error.message, ...(jsonValue(error.members) as object) }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
export function encodeS3Error(error: ErrorView): WireResponse {
  const members = Object.entries(error.members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...error.headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${members}<RequestId>${error.requestId}</RequestId><HostId>${error.requestId}</HostId></Error>`,
  };
}
