/**
 * The rehearsal told whole, through the command: without terraform on the example, with the real one on a part of it, and
 * on small repositories that have something wrong with them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fillIn } from '../../scripts/start/fill-in.ts';
import { rehearseSchema } from '../../src/cli/schemas/rehearse-schema.ts';
import type { Ports } from '../../src/ports/index.ts';
import { realClock } from '../../src/ports/real/clock.ts';
import { realNetwork } from '../../src/ports/real/network.ts';
import { realProcesses } from '../../src/ports/real/processes.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { exampleGitConfig, exampleRepository } from '../support/example-repository.ts';
import { generateCredential } from '../support/generated-credentials.ts';
import { makeDiskWorld, makeWorld, type World } from '../support/make-world.ts';
import type { MemoryFiles } from '../support/memory-files.ts';
import { type KeylessRun, runKeyless } from '../support/run-keyless.ts';
import { needsTerraform } from '../support/terraform.ts';

/** Real sockets and time; all else as the world has it. */
function onSockets<W extends Ports>(world: W): W {
  return { ...world, network: realNetwork, clock: realClock, random: realRandom };
}

interface Proof {
  readonly verdict: {
    readonly outcome: string;
    readonly red: readonly { step: number; what: string; cause: string; fix: string }[];
    readonly skipped: readonly { step: number; what: string; reason: string }[];
  };
  readonly network: { readonly requests: number; readonly refusedHosts: readonly string[] };
  readonly steps: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly clients: readonly string[];
    readonly checks: readonly {
      what: string;
      outcome: string;
      result: string;
      client: string;
      evidence?: readonly { command: string; environment: string[]; output: string }[];
    }[];
    readonly matrix?: {
      readonly rows: readonly {
        trigger: string;
        outsider: boolean;
        subject: string | null;
        cells: readonly { allowed: boolean; intended: boolean }[];
      }[];
    };
    readonly changes?: readonly { step: string; who: { kind: string; name: string } }[];
  }[];
}

async function withIntent(world: World<MemoryFiles>): Promise<World<MemoryFiles>> {
  await runKeyless(world, ['init', '--yes']);
  const text = Buffer.from(await world.files.read('/repo/keyless.yaml')).toString();
  world.files.put('/repo/keyless.yaml', fillIn(text).text);
  return world;
}

describe('the example, without terraform', () => {
  let run: KeylessRun;
  let proof: Proof;
  let page: string;
  let world: World<MemoryFiles>;
  let before: Readonly<Record<string, string>>;

  beforeAll(async () => {
    world = onSockets(await withIntent(makeWorld({ files: { ...exampleRepository, ...exampleGitConfig } })));
    before = world.files.tree('/repo');
    // Every kind of stack there is: whole, with a file for its backend, with readers, with a backend that assumes a role.
    const stacks = ['baseline/dev', 'messaging', 'network', 'reporting'].flatMap((stack) => [
      '--stack',
      // As a shell completes it.
      `./stacks/${stack}/`,
    ]);
    run = await runKeyless(world, [
      'rehearse',
      '--output',
      '/home/dev/r.html',
      '--proof',
      '/home/dev/p.json',
      ...stacks,
    ]);
    proof = JSON.parse(Buffer.from(await world.files.read('/home/dev/p.json')).toString());
    page = Buffer.from(await world.files.read('/home/dev/r.html')).toString();
  });

  it('ends green, and says by name what terraform did not run', () => {
    expect(run.status, run.stdout).toBe(0);
    expect(proof.steps.map(({ outcome }) => outcome)).toEqual(Array(7).fill('green'));
    expect(proof.verdict.skipped.map(({ step, what }) => `${step} ${what}`)).toEqual([
      '1 real terraform',
      '3 real terraform',
      '5 real terraform',
    ]);
    expect(run.stdout).toContain('not run by terraform');
  });

  it('has a proof that is what the schema says', () => {
    const validate = new Ajv({ strictTypes: false, formats: { 'date-time': /^\d{4}-.*Z$/ } }).compile(
      z.toJSONSchema(rehearseSchema, { target: 'draft-7', io: 'output' }),
    );
    expect(validate(proof) ? [] : validate.errors).toEqual([]);
  });

  it('leaves the repository as it was, and nothing else anywhere', () => {
    expect(world.files.tree('/repo')).toEqual(before);
    expect(world.files.tree('/tmp')).toEqual({});
    expect(Object.keys(world.files.tree('/home/dev')).sort()).toEqual(['p.json', 'r.html']);
  });

  it('shows no key: not one of the repository, and not the throw-away one', () => {
    const keys = new Set(Object.values(before).flatMap((text) => text.match(/AKIA[A-Z0-9]{16}/g) ?? []));
    for (const text of [run.stdout, run.stderr, page, JSON.stringify(proof)]) {
      for (const key of keys) expect(text).not.toContain(key);
      expect(text).not.toMatch(/A[KS]IA[A-Z0-9]{16}/);
      expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
    }
  });

  it('gives pull requests from forks, and every other outsider, nothing', () => {
    const rows = proof.steps.find(({ id }) => id === 'pipeline')?.matrix?.rows ?? [];
    const outsiders = rows.filter(({ outsider }) => outsider);
    expect(outsiders.length).toBeGreaterThan(6);
    expect(outsiders.flatMap(({ cells }) => cells).some(({ allowed }) => allowed)).toBe(false);
    const forks = outsiders.filter(({ trigger }) => trigger === 'pull request from a fork');
    expect(forks.map(({ subject }) => subject)).toEqual([null, null]);
    expect(rows.flatMap(({ cells }) => cells).every(({ allowed, intended }) => allowed === intended)).toBe(true);
  });

  it('traces every change after the move to a person, and before it to a shared key', () => {
    const changes = proof.steps.at(-1)?.changes ?? [];
    const kinds = (step: string) => new Set(changes.filter((each) => each.step === step).map(({ who }) => who.kind));
    expect(kinds('legacy-works')).toEqual(new Set(['shared-key']));
    expect(kinds('engineer')).toEqual(new Set(['person']));
  });

  it('asked no other host', () => {
    expect(proof.network.refusedHosts).toEqual([]);
    expect(proof.network.requests).toBeGreaterThan(200);
  });
});

const smallIntent = `version: 1
organization: { name: acme }
identity_center: { start_url: 'https://acme.awsapps.com/start', region: eu-west-1 }
accounts: { shared: "111122223333", live: "333344445555" }
people:
  ada: { email: ada@example.com }
assignments:
  - { person: ada, phases: [plan, apply], accounts: [live] }
stacks:
  - { path: app, account: live }
state:
  - { bucket: acme-state, account: shared, region: eu-west-1, require_encryption: true }
github:
  repository: acme/infra
  environments: { live: { account: live } }
  jobs:
    - { workflow: apply.yml, job: apply, phases: [apply], environments: [live] }
`;
const smallStack =
  'terraform {\n  backend "s3" {\n    bucket  = "acme-state"\n    key     = "app/terraform.tfstate"\n    region  = "eu-west-1"\n    encrypt = true\n    use_lockfile = true\n  }\n}\n';
const smallWorkflow = `on: { push: { branches: [main] } }
jobs:
  apply:
    environment: live
    permissions: { id-token: write, contents: read }
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { role-to-assume: "\${{ vars.TERRAFORM_APPLY_ROLE_ARN }}", aws-region: eu-west-1 }
      - run: terraform apply
`;

const providerStack = smallStack.replace('app/', 'queue/').replace(
  'terraform {',
  `provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::333344445555:role/deployment"
  }
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 4.67"
    }
  }
`,
);

describe('with the real terraform', () => {
  it('runs a whole stack and a skeleton by the old way and the new, and leaves nothing behind', async (context) => {
    needsTerraform(context);
    const { keyId, secret } = generateCredential('old way');
    const disk = onSockets(
      await makeDiskWorld({
        files: {
          'keyless.yaml': smallIntent.replace(
            'account: live }\nstate',
            'account: live }\n  - { path: queue, account: live }\nstate',
          ),
          'app/main.tf': smallStack,
          'queue/main.tf': providerStack,
          '.envrc': `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`,
          '.github/workflows/apply.yml': smallWorkflow,
        },
      }),
    );
    const temporary = `${disk.home}/tmp`;
    await disk.files.makeDirectory(temporary);
    const env = { PATH: process.env.PATH, TMPDIR: temporary };
    const run = await runKeyless({ ...disk, env, processes: realProcesses(env) }, ['rehearse', '--json']);
    const proof: Proof = JSON.parse(run.stdout);
    expect(proof.verdict.red).toEqual([]);
    expect(run.status).toBe(0);
    const checks = proof.steps.flatMap((step) => step.checks.map((check) => ({ ...check, step: step.id })));
    const byTerraform = checks.filter(({ client }) => /^(terraform|tofu) \d/.test(client));
    expect(new Set(byTerraform.map(({ step }) => step))).toEqual(
      new Set(['legacy-works', 'migrate', 'engineer', 'pipeline', 'key-deactivated']),
    );
    const old = checks.find(({ what }) => what === 'queue of the old commit');
    expect(old?.evidence?.[0]?.output).toContain('InvalidClientTokenId');
    expect(old?.evidence?.[0]?.environment).toContain('AWS_SECRET_ACCESS_KEY');
    const workflow = proof.steps.at(-1)?.changes?.filter(({ who }) => who.kind === 'workflow');
    expect(workflow?.[0]?.who.name).toContain('repo:acme/infra:environment:live');
    for (const text of [keyId, secret]) expect(run.stdout).not.toContain(text);
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);
});

async function rehearseSmall(
  files: Readonly<Record<string, string>> = {},
  intent: string = smallIntent,
): Promise<KeylessRun & { readonly proof: Proof }> {
  const world = onSockets(
    makeWorld({
      files: {
        'keyless.yaml': intent,
        'app/main.tf': smallStack,
        '.github/workflows/apply.yml': smallWorkflow,
        ...files,
      },
    }),
  );
  const run = await runKeyless(world, ['rehearse', '--json']);
  return { ...run, proof: JSON.parse(run.stdout) };
}

const redOf = ({ proof }: { readonly proof: Proof }) => proof.verdict.red.map(({ step, what }) => `${step} ${what}`);

describe('a small repository', () => {
  it('is green when nothing is wrong', async () => {
    const run = await rehearseSmall();
    expect(redOf(run)).toEqual([]);
    expect(run.status).toBe(0);
  });

  it('is red where a workflow asks for a role that keyless.yaml does not give its job', async () => {
    const run = await rehearseSmall(
      {},
      smallIntent.replace('phases: [apply], environments', 'phases: [plan], environments'),
    );
    expect(redOf(run)).toEqual(['4 apply.yml › apply in live']);
    expect(run.status).toBe(1);
    expect(run.proof.verdict.red[0]?.fix).toContain('github.jobs');
    expect(run.proof.steps.slice(4).map(({ outcome }) => outcome)).toEqual(['green', 'green', 'green']);
  });

  it('is red where code that migrate leaves alone still uses a key', async () => {
    const { keyId, secret } = generateCredential('left');
    const run = await rehearseSmall({
      '.gitlab-ci.yml': `deploy:\n  variables:\n    AWS_ACCESS_KEY_ID: ${keyId}\n    AWS_SECRET_ACCESS_KEY: ${secret}\n  script: [terraform apply]\n`,
    });
    expect(run.status).toBe(1);
    expect(new Set(run.proof.verdict.red.map(({ step }) => step))).toEqual(new Set([2]));
    expect(run.stdout).not.toContain(secret);
  });

  it('is red where keyless.yaml does not let who applies write the state, and tells the rest', async () => {
    const writers = "require_encryption: true, writers: [{ phases: [apply], keys: ['dns/*'] }] }";
    const run = await rehearseSmall({}, smallIntent.replace('require_encryption: true }', writers));
    const [red] = run.proof.verdict.red;
    expect(`${red?.step} ${red?.what}`).toBe('3 app as ada');
    expect(red?.cause).toContain('AccessDenied');
    expect(red?.fix).toContain('keyless.yaml');
    expect(run.proof.steps.map(({ outcome }) => outcome)[3]).toBe('green');
    expect(run.status).toBe(1);
  });

  it('says of whom it cannot show anything', async () => {
    const run = await rehearseSmall({}, smallIntent.replace('accounts: [live] }', 'accounts: [shared] }'));
    expect(run.proof.verdict.skipped.map(({ what }) => what)).toContain('app in default');
    expect(run.proof.verdict.skipped.map(({ reason }) => reason)).toContain('nobody in keyless.yaml may plan in live');
  });

  it('refuses a stack and an account that keyless.yaml does not have', async () => {
    const world = onSockets(makeWorld({ files: { 'keyless.yaml': smallIntent, 'app/main.tf': smallStack } }));
    for (const args of [
      ['--stack', 'ap'],
      ['--account', 'lve'],
    ]) {
      const { status, stderr } = await runKeyless(world, ['rehearse', ...args]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/keyless rehearse --(stack app|account live)/);
    }
    const atRoot = smallIntent.replace('path: app', 'path: .');
    const root = makeWorld({ files: { 'keyless.yaml': atRoot, 'main.tf': smallStack } });
    const refused = await runKeyless(onSockets(root), ['rehearse', '--stack', 'app']);
    expect(refused.stderr).toContain('has no stack app; expected one of .\n  next: keyless rehearse --stack .\n');
  });

  it('needs keyless.yaml', async () => {
    const { status, stderr } = await runKeyless(onSockets(makeWorld()), ['rehearse']);
    expect(status).toBe(2);
    expect(stderr).toContain('keyless init');
  });

  it('ends at once when it is interrupted, and takes everything away', async () => {
    const world = onSockets(makeWorld({ files: { 'keyless.yaml': smallIntent, 'app/main.tf': smallStack } }));
    const network = {
      ...realNetwork,
      send: async (request: Parameters<typeof realNetwork.send>[0]) => {
        world.interrupt();
        return await realNetwork.send(request);
      },
    };
    const { status } = await runKeyless({ ...world, network }, ['rehearse']);
    expect(status).toBe(130);
    expect(world.files.tree('/tmp')).toEqual({});
  });

  it('takes everything away when nobody reads on', async () => {
    const disk = await makeDiskWorld({ files: { 'keyless.yaml': smallIntent, 'app/main.tf': smallStack } });
    const temporary = `${disk.home}/tmp`;
    await disk.files.makeDirectory(temporary);
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../src/main.ts', import.meta.url)), 'rehearse'], {
      cwd: disk.root,
      env: { PATH: '/nowhere', TMPDIR: temporary, HOME: disk.home },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'exit');
    expect(code).toBe(3);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('keeps the copy when it is asked to', async () => {
    const world = onSockets(makeWorld({ files: { 'keyless.yaml': smallIntent, 'app/main.tf': smallStack } }));
    const { stderr } = await runKeyless(world, ['rehearse', '--keep']);
    const kept = /kept: (\S+)/.exec(stderr)?.[1];
    expect(await world.files.stat(`${kept}/repository/app/main.tf`)).toBeDefined();
  });
});
