/** Unmodified clients inside the embedded AWS: Terraform's backend, AWS CLI 2, botocore, and Node's own fetch. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { realClock } from '../../src/ports/real/clock.ts';
import { realFiles } from '../../src/ports/real/files.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { approveSignIn, pendingSignIns, type RunningSandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeDiskWorld } from '../support/make-world.ts';

let sandbox: RunningSandbox;
const problems: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox(
    { clock: realClock, random: realRandom, network: realNetwork, files: realFiles(process.pid), env: process.env },
    { seed: 'clients', report: (problem) => problems.push(problem) },
  );
});

afterAll(async () => {
  await sandbox.stop();
  expect(problems).toEqual([]);
});

interface Ended {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

/** Through the proxy unless `way` says otherwise, with a home of its own. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  way: 'proxy' | 'endpoint' = 'proxy',
  more: Record<string, string> = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: cwd, ...(way === 'proxy' ? sandbox.proxyEnv : sandbox.env), ...more };
  const child = spawn(command, [...args], { cwd, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return await new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

function legacy(): Record<string, string> {
  const { accessKeyId, secretAccessKey } = sandbox.legacyKey;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey.reveal() };
}

function needs(context: TestContext, name: string, works: (path: string) => boolean): string {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const found = [...new Set(['/usr/bin/aws', ...paths])].find(
    (path) => path.endsWith(name) && existsSync(path) && works(path),
  );
  if (found === undefined) context.skip(`no usable ${name} here`);
  return found;
}

const succeeds =
  (args: readonly string[], pattern = /^/) =>
  (path: string) => {
    const { status, stdout, stderr } = spawnSync(path, [...args], { encoding: 'utf8' });
    return status === 0 && pattern.test(stdout + stderr);
  };

describe('terraform', () => {
  it('keeps its state with either lock, in workspaces, and breaks a lock that was left', async (context) => {
    const terraform = needs(context, 'terraform', succeeds(['version']));
    const { root } = await makeDiskWorld();
    const backend =
      'bucket = "keyless-sandbox-state"\nkey = "network/terraform.tfstate"\nregion = "eu-west-1"\nencrypt = true';
    const configure = (locks: string): void =>
      writeFileSync(
        join(root, 'main.tf'),
        `terraform {\n  backend "s3" {\n${backend}\n${locks}\n  }\n}\nresource "terraform_data" "x" {\n  input = terraform.workspace\n}\n`,
      );
    configure('use_lockfile = true\ndynamodb_table = "keyless-sandbox-locks"');
    const tf = async (...args: readonly string[]) => {
      const ended = await run(terraform, [...args, '-no-color'], root, 'proxy', {
        ...legacy(),
        CHECKPOINT_DISABLE: '1',
      });
      return `${ended.code} ${ended.text}`;
    };
    expect(await tf('init', '-input=false')).toMatch(/^0 /);
    expect(await tf('apply', '-auto-approve')).toMatch(/^0 [\s\S]*1 added/);
    expect(await tf('workspace', 'new', 'live')).toMatch(/^0 /);
    expect(await tf('apply', '-auto-approve')).toMatch(/^0 [\s\S]*1 added/);
    const { objects } = sandbox.world.s3.buckets.get('keyless-sandbox-state') ?? {};
    expect([...(objects?.keys() ?? [])].filter((key) => key.endsWith('.tfstate'))).toEqual([
      'env:/live/network/terraform.tfstate',
      'network/terraform.tfstate',
    ]);
    configure('use_lockfile = true');
    expect(await tf('init', '-reconfigure', '-input=false')).toMatch(/^0 /);
    sandbox.faults.add({
      id: 'held',
      on: { service: 's3', method: 'DELETE', pathEnd: '.tflock' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    expect(await tf('plan')).toContain('Error releasing the state lock');
    sandbox.faults.clear();
    const held = await tf('plan');
    const [, id = ''] = /ID: +([0-9a-f-]{36})/.exec(held) ?? [];
    expect(held).toMatch(/^1 [\s\S]*Error acquiring the state lock/);
    expect(await tf('force-unlock', '-force', id)).toMatch(/^0 /);
    expect(await tf('plan')).toMatch(/^0 /);
    expect(sandbox.refusedHosts()).toEqual([]);
  });
});

describe('AWS CLI 2', () => {
  it('signs a person in through the proxy, and gets what the person may have', async (context) => {
    const aws = needs(context, 'aws', succeeds(['--version'], /aws-cli\/2/));
    const { root } = await makeDiskWorld();
    mkdirSync(join(root, '.aws'));
    const cli = async (...args: readonly string[]) => await run(aws, args, root);
    const login = cli('sso', 'login', '--no-browser', '--profile', 'development-administrator');
    let waiting = pendingSignIns(sandbox.world);
    for (let tries = 0; waiting.length === 0 && tries < 3000; tries++) {
      await realClock.sleep(10);
      waiting = pendingSignIns(sandbox.world);
    }
    approveSignIn(sandbox.world, { authorizationId: waiting[0]?.authorizationId ?? '', userName: 'dev' });
    expect(await login).toMatchObject({ code: 0, text: expect.stringContaining('Successfully logged into Start URL') });
    const identity = await cli('sts', 'get-caller-identity', '--profile', 'development-administrator');
    expect(JSON.parse(identity.text)).toMatchObject({
      Account: '222222222222',
      Arn: expect.stringMatching(/assumed-role\/AWSReservedSSO_Administrator_[0-9a-f]{16}\/dev$/),
    });
    const refused = await cli('iam', 'create-user', '--user-name', 'x', '--profile', 'production-readonly');
    expect(refused).toMatchObject({
      text: expect.stringContaining('no identity-based policy allows the iam:CreateUser'),
    });
    const unknown = await cli('ec2', 'describe-instances', '--profile', 'development-administrator');
    expect(unknown.text).toContain('The sandbox does not model ec2');
  });
});

describe('botocore, under boto3,', () => {
  it('finds every service at the endpoint', async (context) => {
    const python = needs(context, 'python3', succeeds(['-c', 'import botocore']));
    const { root } = await makeDiskWorld();
    const script = `
import botocore.session
client = botocore.session.get_session().create_client
s3 = client('s3')
s3.put_object(Bucket='keyless-sandbox-state', Key='a b/ü', Body=b'hello')
print(s3.get_object(Bucket='keyless-sandbox-state', Key='a b/ü')['Body'].read().decode())
print(client('sts').get_caller_identity()['Account'])
print(client('iam').list_users()['Users'][0]['UserName'])
print(client('dynamodb').list_tables()['TableNames'])
try:
    client('sts', aws_secret_access_key='x' * 40, aws_access_key_id='${sandbox.legacyKey.accessKeyId}').get_caller_identity()
except Exception as error:
    print(error.response['Error']['Code'])
`;
    expect(await run(python, ['-c', script], root, 'endpoint', { ...legacy(), PYTHONIOENCODING: 'utf-8' })).toEqual({
      code: 0,
      text: "hello\n222222222222\ndeployment\n['keyless-sandbox-locks']\nSignatureDoesNotMatch\n",
    });
  });
});

describe('a program that looks elsewhere', () => {
  it('is refused, and its host is listed', async (context) => {
    const curl = needs(context, 'curl', succeeds(['--version']));
    const { root } = await makeDiskWorld();
    const ended = await run(curl, ['-sS', 'https://example.com/'], root);
    expect(ended.code).not.toBe(0);
    expect(sandbox.refusedHosts()).toEqual([{ host: 'example.com', port: 443, count: 1 }]);
    const keys = await run(curl, ['-sS', 'https://token.actions.githubusercontent.com/.well-known/jwks'], root);
    expect(JSON.parse(keys.text)).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
    const plain = await run(curl, ['-sS', 'http://keyless-sandbox-state.s3.eu-west-1.amazonaws.com/a'], root);
    expect(plain.text).toContain('<Code>AccessDenied</Code>');
    expect(readFileSync(sandbox.caFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});
