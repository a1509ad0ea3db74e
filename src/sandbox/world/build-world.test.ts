import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../test/support/make-world.ts';
import { makeSandbox, type TestSandbox } from '../../../test/support/sandbox-client.ts';
import { type Intent, parseIntent } from '../../intent/index.ts';
import { Secret } from '../../kernel/secret.ts';
import type { IssuedKey } from '../core/caller.ts';
import type { GithubJob } from '../issuers/github-job.ts';
import { answerIssuerRequest, mintGithubToken } from '../issuers/index.ts';
import { accessOf } from '../services/identity-center/access.ts';
import { kmsService } from '../services/kms/service.ts';
import { s3Service } from '../services/s3/service.ts';
import { issueRoleSession } from '../services/sts/issue-session.ts';
import { stsService } from '../services/sts/service.ts';
import { buildWorld, closeOldWay, openNewWay } from './build-world.ts';
import type { BuiltWorld, WorldStage } from './built-world.ts';
import { defaultIntent } from './default-intent.ts';

const { random } = makeWorld();

interface Story extends TestSandbox {
  readonly built: BuiltWorld;
}

function tell(intent: Intent, stage: WorldStage): Story {
  let built: BuiltWorld | undefined;
  const sandbox: TestSandbox = makeSandbox({
    services: [stsService, s3Service, kmsService],
    issuers: async (request) => await answerIssuerRequest(sandbox.world, sandbox.time, request),
    world: (ids, now) => {
      const time = { now: () => now, lifetime: (seconds: number) => seconds * 1000, offset: 0 };
      built = buildWorld({ intent, ids, time, random, stage });
      return built.world;
    },
  });
  if (built === undefined) throw new TypeError('no world');
  return { ...sandbox, built };
}

/** The session that the access portal gives a person: `undefined` when nobody assigned it. */
function signIn(story: Story, userName: string, account: string, set: string): IssuedKey | undefined {
  const { world, intent, people } = story.built;
  const person = people.find((one) => one.userName === userName);
  const id = intent.accounts.get(account)?.id ?? '';
  const access = accessOf(world, person?.id ?? '', story.time.now()).find((one) => one.account === id);
  const roleName = access?.permissionSets.find(({ name }) => name === set)?.roleNames.get(id);
  const role = roleName === undefined ? undefined : world.iam.accounts.get(id)?.roles.get(roleName);
  if (role === undefined) return undefined;
  return issueRoleSession(world, story.time, role, {
    sessionName: userName,
    durationSeconds: 3600,
    origin: {
      type: 'identity-center',
      userId: person?.id ?? '',
      userName,
      identityStoreArn: 'arn:aws:identitystore::111111111111:identitystore/d-0123456789',
      permissionSet: set,
    },
  });
}

async function federate(
  story: Story,
  account: string,
  role: string,
  job: Omit<GithubJob, 'repository'>,
): Promise<string> {
  const id = story.built.intent.accounts.get(account)?.id;
  const token = await mintGithubToken(story.world, story.time, {
    job: { repository: { fullName: story.built.intent.github?.repository ?? '' }, ...job },
    audience: 'sts.amazonaws.com',
  });
  return await outcome(
    story.connect(STSClient).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${id}:role/${role}`,
        RoleSessionName: 'run-1',
        WebIdentityToken: token,
      }),
    ),
  );
}

const bucket = 'acme-terraform-state';
const stateKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

function write(story: Story, key: IssuedKey, name: string, encrypted = true): Promise<string> {
  return outcome(
    story.connect(S3Client, key).send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: name,
        Body: '{}',
        ...(encrypted && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: stateKey }),
      }),
    ),
  );
}

function read(story: Story, key: IssuedKey, name: string): Promise<string> {
  return outcome(story.connect(S3Client, key).send(new GetObjectCommand({ Bucket: bucket, Key: name })));
}

async function outcome(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
    return 'done';
  } catch (error) {
    return (error as Error).name;
  }
}

function present(key: IssuedKey | undefined): IssuedKey {
  if (key === undefined) throw new TypeError('no session');
  return key;
}

describe('the default organisation, moved from the old way to the new', () => {
  const story = tell(defaultIntent(), 'legacy');
  const { built } = story;
  const sts = () => story.connect(STSClient, built.legacyKey);
  const becomeDeployment = async () =>
    await outcome(
      sts().send(
        new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::333344445555:role/deployment', RoleSessionName: 'deployment' }),
      ),
    );

  it('begins with a key that does everything, and nothing of the new way', async () => {
    expect((await sts().send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111122223333:user/deployment');
    expect(await becomeDeployment()).toBe('done');
    expect(await write(story, built.legacyKey, 'network/terraform.tfstate', false)).toBe('done');
    expect(signIn(story, 'ada', 'live', 'TerraformDeployer')).toBeUndefined();
    expect(
      await federate(story, 'dev', 'terraform-plan', { event: 'pull_request', ref: 'refs/pull/1/merge' }),
    ).not.toBe('done');
  });

  it('opens the new way beside it', async () => {
    openNewWay(built, story.time);
    const apply = present(signIn(story, 'ada', 'live', 'TerraformDeployer'));
    expect(await read(story, apply, 'network/terraform.tfstate')).toBe('done');
    expect(await write(story, apply, 'network/terraform.tfstate')).toBe('done');
    expect(await write(story, apply, 'network/terraform.tfstate', false)).toBe('AccessDenied');
    const plan = present(signIn(story, 'ben', 'dev', 'TerraformDeveloper'));
    expect(await read(story, plan, 'network/terraform.tfstate')).toBe('done');
    expect(await write(story, plan, 'network/terraform.tfstate.tflock')).toBe('done');
    expect(await write(story, plan, 'network/terraform.tfstate')).toBe('AccessDenied');
    expect(signIn(story, 'ben', 'dev', 'TerraformDeployer')).toBeUndefined();
    expect(signIn(story, 'ben', 'live', 'TerraformDeveloper')).toBeUndefined();
    expect(await write(story, built.legacyKey, 'network/terraform.tfstate')).toBe('done');
    expect(await becomeDeployment()).toBe('done');
  });

  it('gives a role to the jobs that keyless.yaml names', async () => {
    const main = { event: 'push', ref: 'refs/heads/main', workflowFile: '.github/workflows/apply.yml' };
    const of = (account: string, role: string, job: Omit<GithubJob, 'repository'>) =>
      federate(story, account, role, job);
    expect(await of('live', 'terraform-apply', { ...main, environment: 'live' })).toBe('done');
    expect(await of('live', 'terraform-apply', { ...main, environment: 'dev' })).toBe('AccessDenied');
    expect(await of('live', 'terraform-apply', { ...main, ref: 'refs/heads/topic', environment: 'live' })).toBe(
      'AccessDenied',
    );
    expect(await of('dev', 'terraform-plan', { event: 'pull_request', ref: 'refs/pull/1/merge' })).toBe('done');
    expect(await of('dev', 'terraform-apply', { event: 'pull_request', ref: 'refs/pull/1/merge' })).toBe(
      'AccessDenied',
    );
    expect(await of('shared', 'terraform-publish', { event: 'push', ref: 'refs/tags/v1' })).toBe('done');
  });

  it('closes the old way, and the state that it wrote is still there', async () => {
    const other = present(signIn(story, 'ada', 'shared', 'TerraformDeployer'));
    closeOldWay(built);
    expect(built.stage).toBe('new');
    expect(await becomeDeployment()).toBe('InvalidClientTokenId');
    expect(await read(story, built.legacyKey, 'network/terraform.tfstate')).toBe('InvalidAccessKeyId');
    expect(await read(story, other, 'network/terraform.tfstate')).toBe('done');
    const second = story.issueKey({ account: '111122223333', userName: 'deployment' });
    expect(await read(story, second, 'network/terraform.tfstate')).toBe('AccessDenied');
    const versions = story.world.s3.buckets.get(bucket)?.objects.get('network/terraform.tfstate');
    expect(versions).toHaveLength(3);
  });

  it('records every object of the state bucket', () => {
    expect(JSON.stringify(built.trail.advancedEventSelectors)).toContain(`arn:aws:s3:::${bucket}/`);
    expect(built.trail).toMatchObject({
      organization: true,
      multiRegion: true,
      logging: true,
      account: '111111111111',
    });
  });

  it('says nothing was made up, for nothing was', () => {
    expect(built.madeUp).toEqual([]);
  });
});

describe('a keyless.yaml as init leaves it', () => {
  const intent = parseIntent(`version: 1
organization: { name: fernwick, id: ~ }
identity_center: { start_url: ~, region: eu-west-1 }
accounts: { shared: "111122223333", dev: "222233334444", live: ~ }
state: [{ bucket: fernwick-terraform-state, account: shared, region: eu-west-1, lock_table: terraform-locks }]
github:
  repository: fernwick/infrastructure
  environments: { dev: { account: dev }, live: { account: live } }
legacy: { user: deployment, account: shared, roles: [deployment, OrganizationAccountAccessRole] }
`);

  it('is completed, and each thing that was made up is said', () => {
    const { built } = tell(intent, 'both');
    expect(built.madeUp).toEqual([
      'The access portal is https://fernwick.awsapps.com/start (identity_center.start_url is not filled in).',
      'Account live has the id 900000000001 (accounts.live is not filled in).',
      'Two engineers: ada plans and applies in every account, ben plans in dev (keyless.yaml names no people).',
    ]);
    expect(intent.people.size).toBe(0);
    expect([...built.world.organizations.accounts.values()].map(({ name }) => name)).toEqual([
      'management',
      'shared',
      'dev',
      'live',
    ]);
  });

  it('lets the people in that were made up, through the policies that keyless prints', async () => {
    const story = tell(intent, 'new');
    const list = (key: IssuedKey) =>
      outcome(story.connect(S3Client, key).send(new ListObjectsV2Command({ Bucket: 'fernwick-terraform-state' })));
    for (const account of ['shared', 'dev', 'live']) {
      expect(await list(present(signIn(story, 'ada', account, 'TerraformDeployer')))).toBe('done');
    }
    expect(signIn(story, 'ben', 'live', 'TerraformDeveloper')).toBeUndefined();
  });

  it('takes over the key that the repository holds', async () => {
    const ids = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
    };
    const sandbox = makeSandbox({
      services: [stsService],
      world: (made, now) =>
        buildWorld({
          intent,
          ids: made,
          time: { now: () => now, lifetime: (seconds) => seconds * 1000, offset: 0 },
          random,
          stage: 'legacy',
          legacyKey: ids,
        }).world,
    });
    const key = present(sandbox.world.keys.find(ids.accessKeyId));
    const sts = sandbox.connect(STSClient, key);
    const role = (name: string) =>
      outcome(
        sts.send(
          new AssumeRoleCommand({ RoleArn: `arn:aws:iam::222233334444:role/${name}`, RoleSessionName: 'deployment' }),
        ),
      );
    expect(await role('deployment')).toBe('done');
    expect(await role('OrganizationAccountAccessRole')).toBe('done');
  });
});

describe('state in another account than the old user', () => {
  const far = 'arn:aws:kms:eu-west-1:222233334444:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
  const intent = parseIntent(`version: 1
organization: { name: acme }
identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }
accounts: { tools: "111122223333", live: "222233334444" }
state: [{ bucket: acme-live-state, account: live, region: eu-west-1, kms_key_id: "${far}", lock_table: acme-locks }]
legacy: { user: deployment, account: tools }
`);
  const story = tell(intent, 'legacy');
  const { built } = story;
  const put = (key: IssuedKey) =>
    outcome(
      story.connect(S3Client, key).send(
        new PutObjectCommand({
          Bucket: 'acme-live-state',
          Key: 'app.tfstate',
          Body: '{}',
          ServerSideEncryption: 'aws:kms',
          SSEKMSKeyId: far,
        }),
      ),
    );
  const tableNames = () =>
    [...story.world.dynamodb.tables.values()].map(({ policy }) => policy?.text.includes('user/deployment') === true);

  it('lets it in until the old way is closed, nobody else of its account, and says so', async () => {
    expect(built.madeUp).toContain('Bucket acme-live-state of account live lets user deployment of account tools in.');
    const other = story.issueKey({ account: '111122223333', userName: 'somebody' });
    expect(await put(built.legacyKey)).toBe('done');
    expect(await put(other)).toBe('AccessDenied');
    expect(tableNames()).toEqual([true]);
    openNewWay(built, story.time);
    expect(await put(built.legacyKey)).toBe('done');
    expect(await put(other)).toBe('AccessDenied');
    expect(tableNames()).toEqual([true]);
    closeOldWay(built);
    expect(story.world.s3.buckets.get('acme-live-state')?.policy?.text).not.toContain('user/deployment');
    expect(story.world.kms.keys.get(far)?.policy.text).not.toContain('user/deployment');
    expect(tableNames()).toEqual([false]);
  });
});
