// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform and of workflows, in files under test
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { auditRepository } from '../../audit/index.ts';
import { Repository, SourceFile } from '../../repository/index.ts';
import { missingValues } from '../missing-values.ts';
import { parseIntent } from '../parse-intent.ts';
import { draftEntries, type IntentDraft } from './draft.ts';
import { inferIntentDraft } from './infer-draft.ts';
import { renderDraft } from './render-draft.ts';
import type { Surroundings } from './surroundings.ts';

const nothingAround: Surroundings = { folderName: 'infrastructure', gitConfig: undefined, awsConfig: undefined };

function draftOf(files: Readonly<Record<string, string>>, around: Partial<Surroundings> = {}): IntentDraft {
  const repository = new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
  const inventory = auditRepository(repository, { now: new Date('2026-11-21T09:00:00Z') });
  return inferIntentDraft(repository, inventory, { ...nothingAround, ...around });
}

/** `dev=222233334444 live=333344445555`. */
function accountsIn(draft: IntentDraft): string {
  return draft.accounts.map(({ name, id }) => `${name.value}=${id.value}`).join(' ');
}

/** `a: dev→dev live→?`. */
function stacksIn(draft: IntentDraft): string[] {
  return draft.stacks.map(
    ({ path, workspaces }) =>
      `${path}: ${[...workspaces].map(([name, account]) => `${name}→${account?.value ?? '?'}`).join(' ')}`,
  );
}

function providerWith(arguments_: string): string {
  return `provider "aws" {\n  region = "eu-west-1"\n${arguments_}\n}\n`;
}

function roleProvider(arn: string): string {
  return providerWith(`  assume_role {\n    role_arn = ${arn}\n  }`);
}

describe('the example repository', () => {
  const root = fileURLToPath(new URL('../../../examples/legacy-three-accounts/', import.meta.url));
  const files = (readdirSync(root, { recursive: true, withFileTypes: true }) ?? []).filter((entry) => entry.isFile());
  const draft = draftOf(
    Object.fromEntries(
      files
        .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(/\/\/+/g, '/'))
        .map((path) => [path.slice(root.length), readFileSync(path, 'utf8')]),
    ),
    {
      gitConfig: {
        path: '.git/config',
        text: '[remote "origin"]\n\turl = git@github.com:fernwick-freight/infrastructure.git\n',
      },
    },
  );
  const text = renderDraft(draft);

  it('is drafted whole, except for what no file holds', () => {
    expect(missingValues(parseIntent(text)).map(({ key }) => key)).toEqual([
      'organization.id',
      'identity_center.start_url',
    ]);
  });

  it('has its accounts, stacks, workspaces, state and environments', () => {
    expect(accountsIn(draft)).toBe('shared=111122223333 dev=222233334444 live=333344445555');
    expect(stacksIn(draft)).toEqual([
      'stacks/baseline/dev: dev→dev',
      'stacks/baseline/live: live→live live-eu→live live-dr→live',
      'stacks/baseline/shared: default→shared',
      'stacks/build-agents: dev→dev live→live',
      'stacks/dns: default→live',
      'stacks/iam-users: default→shared',
      'stacks/messaging: dev→dev live→live',
      'stacks/network: dev→dev live→live live-eu→live live-dr→live',
      'stacks/orders-api: dev→dev live→live live-eu→live live-dr→live',
      'stacks/reporting: default→live',
      'stacks/state-backend: default→shared',
    ]);
    expect(parseIntent(text)).toMatchObject({
      organization: { name: 'fernwick' },
      identityCenter: { region: 'eu-west-1', session: 'fernwick' },
      stateBackends: [
        {
          bucket: 'fernwick-terraform-state',
          account: 'shared',
          region: 'eu-west-1',
          lockTable: { name: 'terraform-locks', account: 'shared', region: 'eu-west-1' },
        },
      ],
      github: { repository: 'fernwick-freight/infrastructure' },
    });
    expect([...(draft.github?.environments ?? [])].map(([name, account]) => `${name}→${account?.value}`)).toEqual([
      'shared→shared',
      'dev→dev',
      'live→live',
      'live-eu→live',
      'live-dr→live',
    ]);
  });

  it('says of every value where it comes from, on a line that is there', () => {
    for (const { key, fact } of draftEntries(draft)) {
      if (fact === undefined || fact.because === 'the name of the organisation') continue;
      expect(fact.place, key).toBeDefined();
      expect(text).toContain(`# ${fact.because}, ${fact.place?.path}:${fact.place?.line}`);
    }
  });

  it('never holds a secret of the repository', () => {
    expect(text).not.toMatch(/AKIA[A-Z0-9]{16}/);
    expect(text).not.toMatch(/[A-Za-z0-9+/]{40}/);
  });
});

describe('stacks', () => {
  const google = 'provider "google" {\n  project = "acme"\n}\n';

  it('are not those of other clouds', () => {
    const files = {
      'gcp/main.tf': `${google}resource "google_storage_bucket" "a" {}\n`,
      'gcp-module/main.tf': `${google}module "b" {\n  source = "../modules/bucket"\n}\n`,
      'modules/bucket/main.tf': 'resource "google_storage_bucket" "b" {}\n',
      'net/main.tf': providerWith('  allowed_account_ids = ["222233334444"]'),
    };
    expect(stacksIn(draftOf(files))).toEqual(['net: default→net']);
  });

  it.each([
    ['keeps its state in S3', 'terraform {\n  backend "s3" {}\n}\n'],
    ['has a resource of AWS', 'resource "aws_route53_record" "a" {}\n'],
    ['reads state of others', 'data "terraform_remote_state" "a" {\n  backend = "s3"\n}\n'],
    ['calls a module that does', 'module "dns" {\n  source = "../modules/dns"\n}\n'],
    ['calls a module of AWS', 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'],
    ['calls a module that nobody knows', 'module "x" {\n  source = local.source\n}\n'],
  ])('are those of other clouds where one %s', (_what, code) => {
    const files = { 'a/main.tf': google + code, 'modules/dns/main.tf': 'resource "aws_route53_zone" "a" {}\n' };
    expect(stacksIn(draftOf(files))).toEqual(['a: default→?']);
  });
});

describe('a stack whose code leads to several accounts', () => {
  const role = roleProvider('"arn:aws:iam::${local.env.account_id}:role/deployment"');
  const files = (name: string, tfvars: string) => ({
    'app/main.tf': `${role}variable "environments" {}
locals {
  name = ${name}
  env  = contains(keys(var.environments), local.name) ? var.environments[local.name] : var.environments["default"]
}
`,
    [`app/${tfvars}`]: `environments = {
  default = { account_id = "222233334444" }
  staging = { account_id = "333344445555" }
  live    = { account_id = "444455556666" }
}
`,
  });

  it.each([
    ['by a name that is computed', 'lower(terraform.workspace)', 'terraform.tfvars', 'app: default→?'],
    ['by a variable', 'var.name', 'terraform.tfvars', 'app: default→?'],
    ['by a file that is named after no workspace', 'terraform.workspace', 'all.tfvars', 'app: all→?'],
  ])('%s stays without one, and the draft says why', (_how, name, tfvars, stack) => {
    const draft = draftOf(files(name, tfvars));
    expect(stacksIn(draft)).toEqual([stack]);
    expect(draft.accounts.map(({ id }) => id.value).sort()).toEqual(['222233334444', '333344445555', '444455556666']);
    expect(renderDraft(draft)).toMatch(
      /# Its provider can be in (\S+, ){2}\S+, and the code does not say in which workspaces/,
    );
  });

  it('has one for each workspace where the code names them', () => {
    const draft = draftOf(files('terraform.workspace', 'terraform.tfvars'));
    expect(draft.stacks[0]?.workspaces.get('staging')?.value).toBe('staging');
    expect(renderDraft(draft)).not.toContain('can be in');
  });

  it('keeps what a variable file says of its own workspace', () => {
    const draft = draftOf({
      'app/main.tf': `${roleProvider('"arn:aws:iam::${var.account_id}:role/deployment"')}variable "account_id" {\n  default = "999988887777"\n}\n`,
      'app/dev.tfvars': 'account_id = "222233334444"\n',
    });
    expect(draft.stacks[0]?.workspaces.get('dev')?.value).toBe('dev');
    expect(renderDraft(draft)).toContain('# Its provider can be in account-999988887777, and');
  });
});

describe('accounts of stacks', () => {
  it('come from a single allowed_account_ids before the role', () => {
    const code = providerWith(
      '  allowed_account_ids = ["222233334444"]\n  assume_role {\n    role_arn = "arn:aws:iam::333344445555:role/x"\n  }',
    );
    expect(stacksIn(draftOf({ 'dev/main.tf': code }))).toEqual(['dev: default→dev']);
  });

  it('come from the last role of a chain, also when its name is not known', () => {
    const code = providerWith(
      '  assume_role {\n    role_arn = "arn:aws:iam::111122223333:role/hop"\n  }\n  assume_role {\n    role_arn = "arn:aws:iam::222233334444:role/${var.role}"\n  }',
    );
    expect(accountsIn(draftOf({ 'dev/main.tf': code }))).toBe('dev=222233334444');
  });

  it('stay missing when nothing tells them', () => {
    expect(stacksIn(draftOf({ 'a/main.tf': roleProvider('var.role') }))).toEqual(['a: default→?']);
  });

  it('leave out keys of other maps that are no workspaces', () => {
    const code = `locals {
  size  = { default = "t3.micro", live = "m5.large" }[terraform.workspace]
  roles = { dev = "arn:aws:iam::222233334444:role/x", live = "arn:aws:iam::333344445555:role/x" }
}
${roleProvider('local.roles[terraform.workspace]')}`;
    expect(stacksIn(draftOf({ 'a/main.tf': code }))).toEqual(['a: dev→dev live→live']);
  });

  it('are read for workspaces that only the pipeline selects', () => {
    const files = {
      'net/main.tf': `terraform {\n  backend "s3" {}\n}\n${providerWith('  allowed_account_ids = ["222233334444"]')}`,
      '.github/workflows/apply.yml':
        'on: push\njobs:\n  a:\n    runs-on: x\n    strategy: { matrix: { ws: [one, two] } }\n    steps:\n      - run: terraform workspace select ${{ matrix.ws }} && terraform apply\n        working-directory: net\n',
    };
    expect(stacksIn(draftOf(files))[0]).toMatch(/^net: one→\S+ two→\S+$/);
  });

  it('are read for workspaces that another stack reads', () => {
    const backend = (key: string) =>
      `terraform {\n  backend "s3" {\n    bucket = "acme-state"\n    key = "${key}"\n  }\n}\n`;
    const files = {
      'base/main.tf': `${backend('base')}locals { account_id = "222233334444" }\n`,
      'app/main.tf': `${backend('app')}locals { on = { dev = 1, live = 2 }[terraform.workspace] }
data "terraform_remote_state" "base" {
  backend   = "s3"
  workspace = terraform.workspace
  config    = { bucket = "acme-state", key = "base" }
}
`,
    };
    expect(stacksIn(draftOf(files))[1]).toMatch(/^base: dev→\S+ live→\S+$/);
  });
});

describe('names of accounts', () => {
  const id = '222233334444';
  it.each([
    ['the key of a map', `locals {\n  m = { staging = "${id}" }\n}\n${roleProvider(`"arn:aws:iam::${id}:role/x"`)}`],
    [
      'a name with account_id in it',
      `locals { staging_account_id = "${id}" }\n${roleProvider(`"arn:aws:iam::${id}:role/x"`)}`,
    ],
    ['a comment beside it', providerWith(`  allowed_account_ids = [\n    "${id}", # staging\n  ]`)],
    [
      'the alias of its provider',
      `${providerWith('')}provider "aws" {\n  alias = "staging"\n  allowed_account_ids = ["${id}"]\n}\nlocals { account_id = "${id}" }\n`,
    ],
  ])('%s', (_, code) => {
    expect(
      accountsIn(
        draftOf({ 'stack/main.tf': code.replace(/^provider "aws" \{\n {2}region = "eu-west-1"\n\n\}\n/, '') }),
      ),
    ).toBe(`staging=${id}`);
  });

  it('a table in the README', () => {
    const files = {
      'README.md': `| account | id |\n|---|---|\n| staging | \`${id}\` |\n`,
      'stack/main.tf': roleProvider(`"arn:aws:iam::${id}:role/x"`),
    };
    expect(accountsIn(draftOf(files))).toBe(`staging=${id}`);
  });

  it('what its roles have in common, before an alias that is only a region', () => {
    const files = {
      'a/main.tf': `${roleProvider(`"arn:aws:iam::${id}:role/staging-developer"`)}provider "aws" {\n  alias = "us_east_1"\n  assume_role {\n    role_arn = "arn:aws:iam::${id}:role/staging-read_only"\n  }\n}\n`,
    };
    expect(accountsIn(draftOf(files))).toBe(`staging=${id}`);
  });

  it('the stem of several workspaces', () => {
    const code = `locals {\n  ids = { live-eu = "${id}", live-dr = "${id}", live = "${id}" }\n}\n${roleProvider('"arn:aws:iam::${local.ids[terraform.workspace]}:role/x"')}`;
    expect(accountsIn(draftOf({ 'main.tf': code }))).toBe(`live=${id}`);
  });

  it('differ for different accounts, whatever is written beside them', () => {
    const code = (account: string) => providerWith(`  allowed_account_ids = [\n    "${account}", # main\n  ]`);
    const draft = draftOf({ 'x/main.tf': code('222233334444'), 'y/main.tf': code('333344445555') });
    expect(new Set(draft.accounts.map(({ name }) => name.value)).size).toBe(2);
  });

  it('an id that is only used, as the owner of images is, is no account of the team', () => {
    const code = `${roleProvider(`"arn:aws:iam::${id}:role/x"`)}data "aws_ami" "u" {\n  owners = ["099720109477"]\n}\n`;
    expect(draftOf({ 'dev/main.tf': code }).accounts).toHaveLength(1);
  });
});

describe('state buckets', () => {
  const account = (files: Readonly<Record<string, string>>) => {
    const [backend] = draftOf(files).stateBackends;
    return `${backend?.bucket.value} ${backend?.account?.value ?? '?'} ${backend?.kmsKeyId?.value ?? '-'}`;
  };
  const backend = (more: string) =>
    `terraform {\n  backend "s3" {\n    bucket = "acme-tfstate"\n    region = "eu-west-1"\n    ${more}\n  }\n}\n`;
  const names = 'locals {\n  m = { shared = "111122223333", dev = "222233334444" }\n}\n';

  it('belong to the account of the role that the backend assumes, in either form', () => {
    const arn = 'role_arn = "arn:aws:iam::111122223333:role/state"';
    expect(account({ 'a/main.tf': names + backend(arn) })).toBe('acme-tfstate shared -');
    expect(account({ 'a/main.tf': names + backend(`assume_role = { ${arn} }`) })).toBe('acme-tfstate shared -');
  });

  it('belong to the account whose name the profile holds', () => {
    const files = {
      'a/main.tf': backend('profile = "acme-dev"') + names + roleProvider('"arn:aws:iam::222233334444:role/x"'),
    };
    expect(account(files)).toBe('acme-tfstate dev -');
  });

  it.each(['prod.tfbackend', 'live.backend', 'backend.tfvars', 'env/backend-dev.hcl'])(
    'are found in the partial configuration %s',
    (name) => {
      const files = { 'a/main.tf': 'terraform {\n  backend "s3" {}\n}\n', [`a/${name}`]: 'bucket = "acme-tfstate"\n' };
      expect(account(files)).toMatch(/^acme-tfstate/);
    },
  );

  it('are found in what Terragrunt generates', () => {
    const text = 'remote_state {\n  backend = "s3"\n  config = {\n    bucket = "acme-tfstate"\n  }\n}\n';
    expect(account({ 'terragrunt.hcl': text })).toMatch(/^acme-tfstate/);
  });

  it('have the key by its ARN, which is the only name that works from other accounts', () => {
    const more = 'role_arn = "arn:aws:iam::111122223333:role/state"\n    kms_key_id = "alias/state"';
    expect(account({ 'a/main.tf': names + backend(more) })).toBe(
      'acme-tfstate shared arn:aws:kms:eu-west-1:111122223333:alias/state',
    );
  });
});

describe('what stands around a repository', () => {
  const workflow = { '.github/workflows/a.yml': 'on: push\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n' };
  it.each([
    'git@github.com:acme/infra.git',
    'https://github.com/acme/infra',
    'https://x-access-token@github.com/acme/infra.git',
    'ssh://git@github.com/acme/infra.git',
  ])('a remote %s names it', (url) => {
    const text = `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n`;
    const draft = draftOf(workflow, { gitConfig: { path: '.git/config', text } });
    expect(draft.github?.repository?.value).toBe('acme/infra');
  });

  it('a remote elsewhere does not', () => {
    const text = '[remote "origin"]\n\turl = git@gitlab.com:acme/infra.git\n';
    expect(draftOf(workflow, { gitConfig: { path: '.git/config', text } }).github?.repository).toBeUndefined();
  });

  it('a repository without workflows gets no github section', () => {
    expect(draftOf({ 'main.tf': '' }).github).toBeUndefined();
  });

  it('the only sso-session of ~/.aws/config is taken over', () => {
    const text = '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start#/\nsso_region = us-east-1\n';
    const { identityCenter } = draftOf({}, { awsConfig: { path: '~/.aws/config', text } });
    expect(identityCenter).toMatchObject({
      session: { value: 'corp', place: { path: '~/.aws/config', line: 1 } },
      startUrl: { value: 'https://corp.awsapps.com/start', place: { line: 2 } },
      region: { value: 'us-east-1' },
    });
  });

  it('one of several sessions is not guessed', () => {
    const text =
      '[sso-session a]\nsso_start_url = https://a.awsapps.com/start\n[sso-session b]\nsso_start_url = https://b.awsapps.com/start\n';
    expect(draftOf({}, { awsConfig: { path: '~/.aws/config', text } }).identityCenter.startUrl).toBeUndefined();
  });
});

describe('a draft loads, whatever the code holds', () => {
  it.each([
    ['nothing', {}],
    [
      'a bucket that is no name',
      { 'a/main.tf': 'terraform {\n  backend "s3" {\n    bucket = "{{ bucket }}"\n  }\n}\n' },
    ],
    [
      'a region that is none',
      { 'a/main.tf': 'terraform {\n  backend "s3" {\n    bucket = "abc"\n    region = "eu"\n  }\n}\n' },
    ],
    [
      'a workspace that is none',
      { 'a/main.tf': `locals {\n  m = { "a b" = "x" }[terraform.workspace]\n}\n${providerWith('')}` },
    ],
    [
      'a folder with a line break in its name',
      { 'a\nb/main.tf': providerWith('  allowed_account_ids = ["222233334444"]') },
    ],
    [
      'an environment called true',
      { '.github/workflows/a.yml': 'on: push\njobs: { a: { runs-on: x, environment: "true", steps: [] } }\n' },
    ],
    [
      'China',
      { 'a/main.tf': roleProvider('"arn:aws-cn:iam::222233334444:role/x"').replace('eu-west-1', 'cn-north-1') },
    ],
  ])('%s', (_, files) => {
    expect(() => parseIntent(renderDraft(draftOf(files)))).not.toThrow();
  });
});
