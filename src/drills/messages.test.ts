import { describe, expect, it } from 'vitest';
import { firstError, normaliseOutput, saysMessage } from './messages.ts';

const output = `
╷
│ \u001b[31mError: \u001b[0mNo valid credential sources found
│
│ Please see https://developer.hashicorp.com/terraform/language/backend/s3
│ for more information about providing credentials.
│
│ Error: failed to refresh cached credentials, refresh cached SSO token
│ failed, cached SSO token is expired, or not present, and cannot be
│ refreshed
╵
`;

describe("Terraform's output", () => {
  const said = normaliseOutput(output);

  it('is compared without frames, colours and line breaks', () => {
    expect(said).toMatch(/^Error: No valid credential sources found Please see/);
    expect(saysMessage(said, 'T-SSO-EXP')).toBe(true);
  });

  it('says a text only with all of its pieces, in their order', () => {
    expect(saysMessage('cached SSO token is expired, or not present, and cannot be refreshed', 'T-SSO-EXP')).toBe(
      false,
    );
    expect(saysMessage('Lock Info: PreconditionFailed Error acquiring the state lock', 'T-LOCK-HELD')).toBe(false);
    expect(saysMessage('', 'T-STATE')).toBe(false);
  });

  it('is shown by its first error, with the cause of one that has none', () => {
    expect(firstError(said, 300)).toBe(
      'No valid credential sources found: failed to refresh cached credentials, refresh cached SSO token failed, cached SSO token is expired, or not present, and cannot be refreshed',
    );
    expect(firstError('Error: one two three four Error: five', 15)).toBe('one tw … e four');
    expect(firstError('Error: S3: 412, RequestID: A1, HostID: B/2=, api error Lock Info: ID: 1', 300)).toBe(
      'S3: 412, api error',
    );
    expect(firstError('all is well', 300)).toBe('');
  });
});
