/**
 * The AWS CLI, version 2: signs a person in, works as them and as the old user, and is refused. All through the proxy, because
 * the CLI reads endpoint variables from 2.13 on.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { Env } from '../../src/ports/index.ts';
import { keyEnv, startForClients } from './running-sandbox.ts';

/** The first on the PATH that is of version 2; version 1 signs nobody in. */
function needsAwsCli(context: TestContext): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = [...new Set(folders)]
    .map((folder) => join(folder, 'aws'))
    .find((path) => spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('aws-cli/2'));
  if (found === undefined) context.skip('no AWS CLI of version 2 is on PATH (apt-get install awscli)');
  return found;
}

export async function awsCli(context: TestContext): Promise<void> {
  const command = needsAwsCli(context);
  const { sandbox, folder, control, run, problems } = await startForClients(context);
  const aws = async (env: Env, ...args: string[]) => await run(command, [...args, '--output', 'json'], env);
  const person = { ...sandbox.proxyEnv, AWS_PROFILE: 'development-administrator' };

  let approved: Promise<unknown> | undefined;
  const login = await run(command, ['sso', 'login', '--no-browser'], { ...person, PYTHONUNBUFFERED: '1' }, (output) => {
    const userCode = /^([A-Z]{4}-[A-Z]{4})$/m.exec(output)?.[1];
    if (userCode !== undefined) approved ??= control('/sign-ins', { userCode, userName: 'dev' });
  });
  expect(login.output).toContain('Successfully logged into Start URL: https://keyless-sandbox.awsapps.com/start');
  await approved;

  writeFileSync(join(folder, 'terraform.tfstate'), '{"version":4}');
  // Two at once fail to make it.
  mkdirSync(join(folder, '.aws/cli/cache'), { recursive: true });
  const legacy = { ...sandbox.proxyEnv, AWS_PROFILE: 'legacy' };
  // Each is a program of half a second; several at once take less.
  const [identity, copied, session] = await Promise.all([
    aws(person, 'sts', 'get-caller-identity'),
    aws(person, 's3', 'cp', 'terraform.tfstate', 's3://keyless-sandbox-state/network/'),
    aws(legacy, 'sts', 'get-session-token', '--duration-seconds', '900'),
  ]);
  expect(JSON.parse(identity.stdout)).toMatchObject({
    Account: '222222222222',
    Arn: expect.stringMatching(/:assumed-role\/AWSReservedSSO_Administrator_[0-9a-f]{16}\/dev$/),
  });
  expect(copied.output).toContain(
    'upload: ./terraform.tfstate to s3://keyless-sandbox-state/network/terraform.tfstate',
  );
  const { Credentials } = JSON.parse(session.stdout) as { Credentials: Record<string, string> };
  await control('/clock', { advanceSeconds: 901 });

  const old = keyEnv(sandbox.legacyKey);
  const ended = {
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
  };
  const [listed, user, roles, wrong, expired] = await Promise.all([
    aws(legacy, 's3', 'ls', 's3://keyless-sandbox-state', '--recursive'),
    aws(legacy, 'iam', 'get-user'),
    aws(legacy, 'iam', 'list-roles', '--path-prefix', '/aws-reserved/'),
    aws({ ...sandbox.proxyEnv, ...old, AWS_SECRET_ACCESS_KEY: 'a'.repeat(40) }, 'sts', 'get-caller-identity'),
    aws({ ...sandbox.proxyEnv, ...ended }, 'sts', 'get-caller-identity'),
  ]);
  expect(listed.output).toMatch(/ 13 network\/terraform\.tfstate\n$/);
  expect(JSON.parse(user.stdout)).toMatchObject({ User: { UserName: 'deployment' } });
  expect(JSON.parse(roles.stdout)).toMatchObject({
    Roles: [{ RoleName: expect.stringMatching(/^AWSReservedSSO_Administrator_/) }],
  });
  expect(wrong.output).toContain('(SignatureDoesNotMatch) when calling the GetCallerIdentity operation');
  expect(expired.output).toContain('(ExpiredToken) when calling the GetCallerIdentity operation');
  expect([wrong.status, expired.status]).toEqual([254, 254]);
  expect(sandbox.refusedHosts()).toEqual([]);
  expect(problems).toEqual([]);
}
