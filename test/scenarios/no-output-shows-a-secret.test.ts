/**
 * Secrets that never existed are planted in every form the audit reads, broken files included; then every command runs
 * with every reporter. No eight characters of a secret, and of a key id no more than its masked form, may come out
 * anywhere: standard output, remarks, stack traces, files that were not there before.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleGitConfig, exampleRepository } from '../support/example-repository.ts';
import { type GeneratedCredential, generateCredential } from '../support/generated-credentials.ts';
import { makeWorld, type World } from '../support/make-world.ts';
import type { MemoryFiles } from '../support/memory-files.ts';
import { runKeyless } from '../support/run-keyless.ts';

interface Planting {
  readonly files?: Readonly<Record<string, string>>;
  readonly home?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const roles = '  assume_role {\n    role_arn = "arn:aws:iam::222233334444:role/deployment"\n  }\n';

/** By what a person would call the place; `at` keeps the files of one planting from meeting those of another. */
const plantings: Readonly<Record<string, (credential: GeneratedCredential) => Planting>> = {
  'literals in a provider': ({ keyId, secret, sessionToken }) => ({
    files: {
      'provider/main.tf': `terraform {\n  backend "s3" {\n    bucket = "state"\n    key = "a"\n    region = "eu-west-1"\n    dynamodb_table = "locks"\n  }\n}\nprovider "aws" {\n  region     = "eu-west-1"\n  access_key = "${keyId}"\n  secret_key = "${secret}"\n  token      = "${sessionToken}"\n${roles}}\n`,
    },
  }),
  'a tfvars file under names that only the flow of values explains': ({ keyId, secret }) => ({
    files: {
      'flow/main.tf': `variable "zebra" {}\nvariable "yak" {}\nlocals {\n  xerus = var.zebra\n}\nprovider "aws" {\n  access_key = var.yak\n  secret_key = local.xerus\n}\n`,
      'flow/terraform.tfvars': `yak   = "${keyId}"\nzebra = "${secret}"\nother = "fine"\n`,
    },
  }),
  'a variable default': ({ keyId, secret }) => ({
    files: {
      'default/main.tf': `variable "aws_access_key" {\n  default = "${keyId}"\n}\nvariable "aws_secret_key" {\n  default = "${secret}"\n}\nprovider "aws" {\n  access_key = var.aws_access_key\n  secret_key = var.aws_secret_key\n}\n`,
    },
  }),
  'a backend and its partial configuration': ({ keyId, secret }) => ({
    files: {
      'state/main.tf': `terraform {\n  backend "s3" {\n    bucket     = "state"\n    key        = "b"\n    region     = "eu-west-1"\n    access_key = "${keyId}"\n    secret_key = "${secret}"\n  }\n}\n`,
      'state/live.tfbackend': `access_key = "${keyId}"\nsecret_key = "${secret}"\n`,
    },
  }),
  'a module source': ({ keyId, secret }) => ({
    files: {
      'module/main.tf': `module "x" {\n  source = "s3::https://s3.amazonaws.com/b/k.zip?aws_access_key_id=${keyId}&aws_access_key_secret=${encodeURIComponent(secret)}"\n}\n`,
    },
  }),
  'a shell': ({ keyId, secret, sessionToken }) => ({
    files: {
      '.envrc': `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY='${secret}'\nexport AWS_SESSION_TOKEN="${sessionToken}"\nexport TF_VAR_quokka="${secret}"\nexport EDITOR=vi\n`,
    },
  }),
  'a Makefile, a Dockerfile and a script': ({ keyId, secret }) => ({
    files: {
      Makefile: `export AWS_ACCESS_KEY_ID = ${keyId}\nexport AWS_SECRET_ACCESS_KEY = ${secret}\nplan:\n\tterraform plan -var secret=${secret}\n`,
      Dockerfile: `FROM alpine\nENV AWS_ACCESS_KEY_ID=${keyId} AWS_SECRET_ACCESS_KEY=${secret}\n`,
      'run.sh': `#!/bin/sh\naws configure set aws_secret_access_key ${secret}\nAWS_ACCESS_KEY_ID=${keyId} AWS_SECRET_ACCESS_KEY=${secret} terraform apply\n`,
    },
  }),
  'a GitHub workflow': ({ keyId, secret }) => ({
    files: {
      '.github/workflows/a.yml': `on: push\nenv:\n  AWS_ACCESS_KEY_ID: ${keyId}\n  AWS_SECRET_ACCESS_KEY: ${secret}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          aws-access-key-id: ${keyId}\n          aws-secret-access-key: ${secret}\n          aws-region: eu-west-1\n      - run: AWS_SECRET_ACCESS_KEY=${secret} terraform -chdir=provider plan\n`,
    },
  }),
  'other pipelines': ({ keyId, secret }) => ({
    files: {
      '.gitlab-ci.yml': `variables:\n  AWS_ACCESS_KEY_ID: ${keyId}\n  AWS_SECRET_ACCESS_KEY: ${secret}\n`,
      Jenkinsfile: `withEnv(['AWS_ACCESS_KEY_ID=${keyId}', 'AWS_SECRET_ACCESS_KEY=${secret}']) { sh 'terraform plan' }\n`,
    },
  }),
  'a state file': ({ keyId, secret }) => ({
    files: {
      'terraform.tfstate': JSON.stringify({
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'aws_iam_access_key',
            name: 'x',
            instances: [{ attributes: { id: keyId, secret } }],
          },
        ],
      }),
    },
  }),
  'a Kubernetes secret': ({ keyId, secret }) => ({
    files: {
      'k8s/secret.yml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: aws\ndata:\n  AWS_ACCESS_KEY_ID: ${base64(keyId)}\n  AWS_SECRET_ACCESS_KEY: ${base64(secret)}\n`,
    },
  }),
  'files that cannot be parsed': ({ keyId, secret }) => ({
    files: {
      'broken/main.tf': `provider "aws" {\n  access_key = "${keyId}"\n  secret_key = "${secret}"\n  oops = \n`,
      'broken/half.tf': `locals {\n  secret = "${secret}`,
      'broken/b.yml': `a: [${secret}\n b: "${keyId}\n`,
      'broken/c.json': `{"secret": "${secret}", oops}`,
      'keyless.yml': `version: ${secret}\n`,
    },
  }),
  'text for another machine': ({ keyId, secret }) => ({
    files: {
      'text/main.tf': `provider "aws" {\n${roles}}\nresource "aws_instance" "x" {\n  user_data = <<-EOT\n    export AWS_ACCESS_KEY_ID=${keyId}\n    export AWS_SECRET_ACCESS_KEY=${secret}\n    cat > backend.tf <<EOF\n    terraform {\n      backend "s3" {\n        dynamodb_table = "locks"\n        secret_key = "${secret}"\n      }\n    }\n    EOF\n  EOT\n}\n# secret_key = "${secret}"\n`,
    },
  }),
  'the home folder': ({ keyId, secret, sessionToken }) => ({
    home: {
      '.aws/credentials': `[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\naws_session_token = ${sessionToken}\n`,
      '.aws/config': `[profile ${secret}]\nregion = eu-west-1\n\n[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n`,
    },
  }),
  'the environment': ({ keyId, secret, sessionToken }) => ({
    env: {
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: sessionToken,
      TF_VAR_numbat: secret,
    },
  }),
};

/** The parts of a joined value are not known as a secret yet, so a diff shows those that stand beside an edit. */
const joined = ({ keyId, secret }: GeneratedCredential): Planting => ({
  files: {
    'halves/main.tf': `locals {\n  first  = "${secret.slice(0, 20)}"\n  second = "${secret.slice(20)}"\n}\nprovider "aws" {\n  access_key = "${keyId}"\n  secret_key = "\${local.first}\${local.second}"\n}\n`,
  },
});

const everyCommand: readonly (readonly string[])[] = [
  ['audit', '--verbose', '--home', '--env'],
  ['audit', '--format', 'json', '--home', '--env'],
  ['audit', '--format', 'sarif', '--home', '--env'],
  ['audit', '--format', 'html', '--home', '--env'],
  ['audit', '--output', 'report.txt', '--verbose'],
  ['migrate'],
  ['init', '--print'],
  ['init', '--yes', '--json'],
  ['init', '--yes'],
  ['status'],
  ['status', '--json'],
  ['migrate', '--include-comments'],
  ['migrate', '--json'],
  ['migrate', '--check'],
  ['migrate', '--aws-config'],
  ['migrate', '--aws-config', '--json'],
  ['migrate', '--write', '--through', '7', '--include-comments'],
  ['migrate', '--write', '--through', '7'],
  ['audit', '--verbose'],
  ['migrate', '--undo'],
  ['migrate', '--undo', '--json'],
  ['audit', 'nowhere'],
];

interface Leak {
  readonly planting: string;
  readonly command: string;
  readonly where: string;
  readonly around: string;
}

/** Everything that came out, by where. */
async function everythingSaid(world: World<MemoryFiles>): Promise<[command: string, where: string, text: string][]> {
  const said: [string, string, string][] = [];
  const before = new Set(Object.keys(world.files.tree('/')));
  for (const args of everyCommand) {
    const { stdout, stderr } = await runKeyless(world, args);
    const command = args.join(' ');
    said.push([command, 'stdout', stdout], [command, 'stderr', stderr]);
    for (const [path, text] of Object.entries(world.files.tree('/'))) {
      // The record of a run is the way back: it holds what was taken out, inside the git directory, for its owner only.
      if (!before.has(path) && !path.includes('/keyless/undo/')) said.push([command, path, text]);
    }
  }
  return said;
}

function leaksOf(
  planting: string,
  { keyId, secret, sessionToken }: GeneratedCredential,
  said: readonly (readonly string[])[],
): Leak[] {
  const forms = [secret, sessionToken, encodeURIComponent(secret), base64(secret), base64(keyId), keyId];
  const pieces = new Set(forms.flatMap((form) => windows(form, 8)));
  const leaks: Leak[] = [];
  for (const [command = '', where = '', text = ''] of said) {
    for (let at = 0; at + 8 <= text.length; at++) {
      if (!pieces.has(text.slice(at, at + 8))) continue;
      const around = text.slice(Math.max(0, at - 60), at + 12).replaceAll('\n', '⏎');
      leaks.push({ planting, command, where, around });
      break;
    }
  }
  return leaks;
}

function windows(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));
}

function worldWith(planted: readonly Planting[]): World<MemoryFiles> {
  return makeWorld({
    files: Object.assign({ ...exampleGitConfig }, ...planted.map(({ files }) => files)),
    home: Object.assign({}, ...planted.map(({ home }) => home)),
    env: Object.assign({ KEYLESS_DEBUG: '1' }, ...planted.map(({ env }) => env)),
  });
}

describe('no command shows a secret', () => {
  for (const [planting, plant] of Object.entries(plantings)) {
    it(`that stands in ${planting}`, async () => {
      const credential = generateCredential(planting);
      const said = await everythingSaid(worldWith([plant(credential)]));
      expect(leaksOf(planting, credential, said)).toEqual([]);
    });
  }

  it('that a template joins from two halves', async () => {
    const credential = generateCredential('joined');
    expect(leaksOf('halves', credential, await everythingSaid(worldWith([joined(credential)])))).toEqual([]);
  });

  it('wherever several stand together, in one repository and beside the example', async () => {
    const names = Object.keys(plantings);
    await fc.assert(
      fc.asyncProperty(fc.subarray(names, { minLength: 2, maxLength: 6 }), fc.nat(), async (chosen, seed) => {
        const credentials = new Map(chosen.map((name) => [name, generateCredential(`${seed} ${name}`)]));
        const planted = chosen.map((name) => plantings[name]?.(credentials.get(name) as GeneratedCredential) ?? {});
        const said = await everythingSaid(worldWith(planted));
        const leaks = [...credentials].flatMap(([name, credential]) => leaksOf(name, credential, said));
        expect(leaks).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('of the example itself, through the whole move', async () => {
    const world = makeWorld({ files: { ...exampleRepository, ...exampleGitConfig }, env: { KEYLESS_DEBUG: '1' } });
    const envrc = Buffer.from(exampleRepository['.envrc'] as Uint8Array).toString();
    const value = (name: string): string => new RegExp(`${name}="?([^"\\s]+)`).exec(envrc)?.[1] as string;
    const credential = { keyId: value('AWS_ACCESS_KEY_ID'), secret: value('AWS_SECRET_ACCESS_KEY'), sessionToken: '' };
    expect([credential.keyId.length, credential.secret.length]).toEqual([20, 40]);
    const said = await everythingSaid(world);
    expect(leaksOf('the example', credential, said)).toEqual([]);
    // The silence would mean nothing if the commands had done nothing.
    const written = said.find(([command, where]) => command.startsWith('migrate --write') && where === 'stdout');
    expect(written?.[2]).toMatch(/^-.*\[secret\]|^-export AWS_SECRET_ACCESS_KEY=/m);
  });
});
