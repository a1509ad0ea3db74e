/** The AWS CLI itself checks the chain of digests. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { makeDiskWorld } from '../../../../test/support/make-world.ts';
import { realClock } from '../../../ports/real/clock.ts';
import { realNetwork } from '../../../ports/real/network.ts';
import { realProcesses } from '../../../ports/real/processes.ts';
import { realRandom } from '../../../ports/real/random.ts';
import { startSandbox } from '../../server/start-sandbox.ts';
import { createBucket } from '../s3/build.ts';
import { createTrail } from './build.ts';
import { deliverTrails } from './deliver.ts';
import { secondsOf } from './event-time.ts';
import { append } from './record.ts';
import type { CloudTrailRecord } from './state.ts';

const account = '222222222222';
const aws = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'aws')));

it('`aws cloudtrail validate-logs` accepts what was delivered, and sees what was changed', async (context) => {
  if (!aws) context.skip('the AWS CLI is not on PATH');
  const { files, root } = await makeDiskWorld();
  const ports = { clock: realClock, random: realRandom, network: realNetwork, files, env: { TMPDIR: root } };
  const sandbox = await startSandbox(ports, { seed: 'validate' });
  try {
    const { world, time } = sandbox;
    const principal = { Service: 'cloudtrail.amazonaws.com' };
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: principal, Action: 's3:PutObject', Resource: 'arn:aws:s3:::logs/*' }],
    });
    createBucket(world, { name: 'logs', account, createdAt: time.now(), policy });
    const trail = createTrail(world, {
      name: 'all',
      account,
      bucket: 'logs',
      logFileValidation: true,
      loggingFrom: time.now(),
    });
    for (const eventName of ['CreateUser', 'DeleteUser']) {
      append(world.cloudtrail, record(eventName, time.now()));
      await deliverTrails(world, time);
    }
    const objects = world.s3.buckets.get('logs')?.objects;
    const second = [...(objects?.keys() ?? [])].filter((name) => name.includes('/CloudTrail/'))[1] ?? '';
    const version = objects?.get(second)[0];
    if (version !== undefined) objects?.add(second, { ...version, body: gzipSync('{"Records":[]}') });
    const start = new Date(time.now() - 3_600_000).toISOString();
    const args = ['cloudtrail', 'validate-logs', '--trail-arn', trail.arn, '--start-time', start];
    const { stdout, stderr } = await realProcesses({}).run('aws', args, {
      env: { PATH: process.env.PATH, HOME: root, ...sandbox.env, AWS_PROFILE: 'legacy' },
    });
    expect(stdout).toMatch(/2\/2 digest files valid\s+1\/2 log files valid, 1\/2 log files INVALID/);
    expect(stderr).toContain(`s3://logs/${second}\tINVALID: hash value doesn't match`);
  } finally {
    await sandbox.stop();
  }
}, 30_000);

function record(eventName: string, at: number): CloudTrailRecord {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'Root' },
    eventTime: secondsOf(at),
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: '127.0.0.1',
    userAgent: '',
    requestParameters: null,
    responseElements: null,
    requestID: 'r',
    eventID: eventName,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  };
}
