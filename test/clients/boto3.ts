/** boto3, with the token that keyless itself got and cached. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';
import {
  defaultScopes,
  pollForToken,
  registerClient,
  ssoEndpoints,
  startDeviceAuthorization,
  writeTokenCache,
} from '../../src/broker/index.ts';
import { realClock } from '../../src/ports/real/clock.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { needsPython } from '../support/python.ts';
import { startForClients } from './running-sandbox.ts';

const story = fileURLToPath(new URL('boto3_story.py', import.meta.url));

export async function boto3(context: TestContext): Promise<void> {
  const python = needsPython(context, 'boto3');
  const { sandbox, folder, control, run: runInside, problems } = await startForClients(context);
  const session = {
    name: 'sandbox',
    startUrl: sandbox.world.identityCenter.startUrl,
    region: sandbox.world.identityCenter.region,
    scopes: defaultScopes,
  };
  const ports = { network: realNetwork, clock: realClock, random: realRandom };
  const endpoints = ssoEndpoints(sandbox.env, session.region);
  const registration = await registerClient(ports, endpoints, session, 'device-code');
  const device = await startDeviceAuthorization(ports, endpoints, session, registration);
  await control('/sign-ins', { userCode: device.userCode, userName: 'dev' });
  const token = await pollForToken(ports, endpoints, session, registration, device);
  // It seems to end soon, so botocore renews it with what keyless wrote beside it.
  const ending = { ...token, expiresAt: new Date(Date.now() + 60_000) };
  const path = await writeTokenCache(realFiles(process.pid), folder, session, ending);

  const run = await runInside(python, [story], { ...sandbox.env, PYTHONDONTWRITEBYTECODE: '1' });
  expect(run.status, run.output).toBe(0);
  const renewed = JSON.parse(readFileSync(path, 'utf8')) as { accessToken: string; expiresAt: string };
  expect(renewed.accessToken).not.toBe(token.accessToken.reveal());
  expect(Date.parse(renewed.expiresAt)).toBeGreaterThan(Date.now() + 50 * 60_000);
  expect(JSON.parse(run.stdout)).toEqual({
    person: expect.stringMatching(
      /^arn:aws:sts::222222222222:assumed-role\/AWSReservedSSO_Administrator_[0-9a-f]{16}\/dev$/,
    ),
    token: renewed.accessToken,
    again: ['PreconditionFailed', 412],
    state: '{"serial":2}',
    older: '{"serial":1}',
    versions: 2,
    'odd name': 'hello',
    users: ['deployment'],
    tables: ['keyless-sandbox-locks'],
    'no key': ['NoSuchKey', 404],
    presigned: '{"serial":2}',
    held: ['ConditionalCheckFailedException', 400],
    lock: { LockID: 'network/terraform.tfstate', Info: 'held', count: '3' },
    released: true,
    reader: ['AccessDenied', 403],
    'reader of iam': ['AccessDenied', 403],
    unmodelled: ['InvalidAction', 400],
    legacy: 'arn:aws:iam::222222222222:user/deployment',
    'wrong secret': ['SignatureDoesNotMatch', 403],
    'unknown key': ['InvalidClientTokenId', 403],
    'wrong secret of s3': ['SignatureDoesNotMatch', 403],
    'no token': ['InvalidClientTokenId', 403],
    'other region': null,
  });
  expect(problems).toEqual([]);
}
