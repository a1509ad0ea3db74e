/**
 * What Terraform 1.11 prints when credentials, state or lock fail: the pieces of each text, in order. Terraform wraps at 78
 * columns, so texts are compared with their white space normalised. Ids are those of the error catalogue of `doctor`.
 */

export const messageIds = [
  'T-SSO-EXP',
  'T-SSO-GRANT',
  'T-SSO-403',
  'T-SSO-429',
  'T-NET-SSO',
  'T-PROC-FAIL',
  'T-PROC-TIME',
  'T-WEB-KEY',
  'T-WEB-EXP',
  'T-AR-PROF',
  'T-KEY-BAD',
  'T-STS-THROTTLED',
  'T-NET-STS',
  'T-S3-KEY',
  'T-S3-503',
  'T-NET-S3',
  'T-LOCK-HELD',
  'T-LOCK-REL',
  'T-EXP',
  'T-SSO-MID',
  'T-STATE',
  'T-STATE-DISK',
  'T-CANCELED',
] as const;
export type MessageId = (typeof messageIds)[number];

const texts: Readonly<Record<MessageId, readonly string[]>> = {
  'T-SSO-EXP': [
    'refresh cached SSO token failed',
    'cached SSO token is expired, or not present, and cannot be refreshed',
  ],
  'T-SSO-GRANT': ['unable to refresh SSO token, operation error SSO OIDC: CreateToken', 'InvalidGrantException'],
  'T-SSO-403': ['operation error SSO: GetRoleCredentials', 'ForbiddenException: No access'],
  'T-SSO-429': ['GetRoleCredentials', 'exceeded maximum number of attempts, 3', 'TooManyRequestsException'],
  'T-NET-SSO': ['operation error SSO: GetRoleCredentials', 'request send failed'],
  'T-PROC-FAIL': ['process provider error: error in credential_process: exit status 1'],
  'T-PROC-TIME': ['credential process timed out'],
  'T-WEB-KEY': ['AssumeRoleWithWebIdentity', 'InvalidIdentityToken'],
  'T-WEB-EXP': ['ExpiredTokenException: Token expired'],
  'T-AR-PROF': ['operation error STS: AssumeRole', 'AccessDenied', 'is not authorized to perform: sts:AssumeRole'],
  'T-KEY-BAD': ['retrieving caller identity from STS', 'InvalidClientTokenId'],
  'T-STS-THROTTLED': ['retrieving caller identity from STS', 'exceeded maximum number of attempts, 5', 'Throttling'],
  'T-NET-STS': ['retrieving caller identity from STS', 'exceeded maximum number of attempts, 5', 'request send failed'],
  'T-S3-KEY': ['api error InvalidAccessKeyId'],
  'T-S3-503': ['failed to upload state', 'StatusCode: 503', 'SlowDown'],
  'T-NET-S3': ['failed to upload state', 'request send failed'],
  'T-LOCK-HELD': ['Error acquiring the state lock', 'PreconditionFailed', 'Lock Info:'],
  'T-LOCK-REL': ['Error releasing the state lock'],
  'T-EXP': ['failed to upload state', 'ExpiredToken'],
  'T-SSO-MID': [
    'get identity: get credentials: failed to refresh cached credentials',
    'refresh cached SSO token failed',
  ],
  'T-STATE': ['Failed to save state'],
  'T-STATE-DISK': ['errored.tfstate'],
  'T-CANCELED': ['operation canceled'],
};

/** Terraform's output without frames, colours and line breaks. */
export function normaliseOutput(output: string): string {
  return output
    .replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
    .replaceAll(/[│╷╵]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Whether the pieces of the text are there in their order. Takes output as `normaliseOutput` gives it. */
export function saysMessage(normalised: string, id: MessageId): boolean {
  let at = 0;
  for (const piece of texts[id]) {
    const found = normalised.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return true;
}

/** For people: the pieces with dots between. */
export function messageText(id: MessageId): string {
  return texts[id].join(' … ');
}

/**
 * The first error in one line of at most `length` characters (the middle gives way), with its cause where the first only says that there are no
 * credentials; empty when there is none.
 */
export function firstError(normalised: string, length: number): string {
  const [, ...errors] = ` ${normalised}`.split(' Error: ');
  const [first = '', second] = errors;
  const header = 'No valid credential sources found';
  const told = first.startsWith(header) && second !== undefined ? `${header}: ${second}` : first;
  // What every error of its kind has, and what no two have in common.
  const text = (told.split(' Lock Info:')[0] as string).replaceAll(/, (RequestID|HostID): [^, ]*/g, '');
  if (text.length <= length) return text;
  // The cause stands at the end.
  const half = Math.floor((length - 3) / 2);
  return `${text.slice(0, half).trimEnd()} … ${text.slice(-half).trimStart()}`;
}
