/** What a client of a service that the sandbox does not have is told, in a form that it reads. */
import type { WireRequest, WireResponse } from '../core/service.ts';
import { escapeXml } from './query.ts';

/** @param service as the client names it: the first label of its host, or the name it signs with */
export function unmodelledService(service: string, request: WireRequest): WireResponse {
  const message = `The sandbox does not model ${service}; docs/sandbox.md lists the services that it has.`;
  const status = 400;
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
    const code = 'UnknownOperationException';
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message }),
    };
  }
  const error = `<Error><Code>InvalidAction</Code><Message>${escapeXml(message)}</Message></Error>`;
  // EC2 has a form of its own.
  const body =
    service === 'ec2'
      ? `<Response><Errors>${error}</Errors><RequestID>0</RequestID></Response>`
      : `<ErrorResponse>${error}<RequestId>0</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
