/**
 * Drafts keyless.yaml from what a repository and its surroundings tell. Pure; a value that nothing tells is `undefined`,
 * never guessed.
 */
import type { Inventory } from '../../audit/index.ts';
import { formatArn, parseArn } from '../../aws/arn.ts';
import { type Partition, partitionOfRegion } from '../../aws/partition.ts';
import type { Repository } from '../../repository/index.ts';
import { type IntentValueKind, isIntentValue } from '../schema.ts';
import { nameAccounts } from './account-names.ts';
import type { DraftAccount, DraftBackend, DraftStack, Fact, IntentDraft, Maybe } from './draft.ts';
import { githubFacts } from './github-facts.ts';
import { legacyWay } from './legacy-way.ts';
import { moduleBuckets } from './module-buckets.ts';
import { signInFacts } from './sign-in-facts.ts';
import { accountOfTheKey, stackAccounts } from './stack-accounts.ts';
import { type StateBucket, stateBuckets } from './state-buckets.ts';
import type { Surroundings } from './surroundings.ts';

export function inferIntentDraft(repository: Repository, inventory: Inventory, around: Surroundings): IntentDraft {
  const resolved = stackAccounts(repository, inventory);
  const buckets = stateBuckets(repository, resolved, accountOfTheKey(inventory));
  const ofBuckets = buckets.flatMap(({ account }) => account ?? []);
  const ofStacks = resolved.flatMap(({ accounts, beyond }) => [
    ...[...accounts.values()].flatMap((account) => account ?? []),
    ...beyond,
  ]);
  // The account of the state comes first; a place that holds the id itself is shown rather than one it follows from.
  const ids = uniqueFacts([...ofBuckets, ...ofStacks], [...ofStacks, ...ofBuckets]);
  const accounts = nameAccounts(ids, repository, resolved);
  const stacks = resolved.map(
    ({ module, accounts: byWorkspace, beyond }): DraftStack => ({
      path: module.directory,
      workspaces: new Map([...byWorkspace].map(([workspace, id]) => [workspace, named(id, accounts)])),
      ...(beyond.length > 0 && { beyond: beyond.flatMap((id) => named(id, accounts)?.value ?? []) }),
    }),
  );
  const partition = partitionOf(repository, buckets);
  const legacy = legacyWay(repository, inventory, resolved);
  const name = organizationName(repository, buckets, around);
  return onlyValid({
    partition,
    organization: { name, id: organizationId(repository) },
    identityCenter: signInFacts(repository, around.awsConfig, name.value),
    permissionSets: {
      plan: { value: 'TerraformDeveloper', because: 'the default' },
      apply: { value: 'TerraformDeployer', because: 'the default' },
    },
    accounts,
    stacks,
    moduleBuckets: moduleBuckets(repository, resolved).map((bucket) => ({
      ...bucket,
      account: named(bucket.account, accounts),
    })),
    legacy: legacy && { ...legacy, account: named(legacy.account, accounts) },
    stateBackends: buckets.map((bucket) => backendOf(bucket, accounts, partition)),
    github: githubFacts(repository, around.gitConfig, new Set(accounts.map(({ name }) => name.value)), stacks),
  });
}

/** The account with this id by its name; why and where stay those of the id. */
function named(id: Maybe<string>, accounts: readonly DraftAccount[]): Maybe<string> {
  const account = id && accounts.find((candidate) => candidate.id.value === id.value);
  return id && account && { ...id, value: account.name.value };
}

function backendOf(bucket: StateBucket, accounts: readonly DraftAccount[], partition: Partition): DraftBackend {
  const account = named(bucket.account, accounts) ?? accountInProfile(bucket.profile, accounts);
  const accountId = accounts.find(({ name }) => name.value === account?.value)?.id.value;
  return {
    bucket: bucket.bucket,
    account,
    region: bucket.region,
    lockTable: bucket.lockTable,
    kmsKeyId: bucket.kmsKeyId && keyArn(bucket.kmsKeyId, bucket.region?.value, accountId, partition),
  };
}

/** `fernwick-shared` holds the name of account `shared`. */
function accountInProfile(profile: Maybe<string>, accounts: readonly DraftAccount[]): Maybe<string> {
  const words = profile?.value.split(/[-_.]/) ?? [];
  const found = accounts.filter(({ name }) => words.includes(name.value));
  const [only] = found;
  if (profile === undefined || only === undefined || found.length > 1) return undefined;
  return { ...profile, value: only.name.value, because: `profile ${profile.value} of its backend` };
}

/** Callers of other accounts can name a key by its ARN alone. */
function keyArn(
  key: Fact<string>,
  region: string | undefined,
  account: string | undefined,
  partition: Partition,
): Maybe<string> {
  if (parseArn(key.value).ok) return key;
  if (region === undefined || account === undefined) return undefined;
  const resource = key.value.startsWith('alias/') ? key.value : `key/${key.value}`;
  return { ...key, value: formatArn({ partition, service: 'kms', region, account, resource }) };
}

function partitionOf(repository: Repository, buckets: readonly StateBucket[]): Partition {
  const byRegion = buckets.flatMap(({ region }) => (region && partitionOfRegion(region.value)) ?? [])[0];
  if (byRegion !== undefined) return byRegion;
  for (const file of repository.files) {
    const named = file.format === 'terraform' ? /\barn:(aws-us-gov|aws-cn):/.exec(file.text)?.[1] : undefined;
    if (named === 'aws-us-gov' || named === 'aws-cn') return named;
  }
  return 'aws';
}

/** Code may hold anything where a name is expected; what keyless.yaml would refuse counts as not found. */
function onlyValid(draft: IntentDraft): IntentDraft {
  const checked = (kind: IntentValueKind, fact: Maybe<string>) =>
    fact !== undefined && isIntentValue(kind, fact.value) ? fact : undefined;
  const region = (fact: Maybe<string>) => {
    const partition = fact && partitionOfRegion(fact.value);
    return partition === undefined || partition === draft.partition ? checked('region', fact) : undefined;
  };
  const { organization, identityCenter, github } = draft;
  return {
    ...draft,
    organization: {
      name: checked('shortName', organization.name) ?? { value: 'organization', because: 'no name was found' },
      id: checked('organizationId', organization.id),
    },
    identityCenter: {
      startUrl: checked('startUrl', identityCenter.startUrl),
      region: region(identityCenter.region),
      session: checked('shortName', identityCenter.session) ?? { value: 'keyless', because: 'no name was found' },
    },
    stacks: draft.stacks
      .filter(({ path }) => isIntentValue('relativePath', path || '.'))
      .map(({ path, workspaces, ...rest }) => {
        const valid = [...workspaces].filter(([name]) => isIntentValue('workspace', name));
        return { path, ...rest, workspaces: new Map(valid.length > 0 ? valid : [['default', undefined]]) };
      }),
    stateBackends: draft.stateBackends
      .filter(({ bucket }) => isIntentValue('bucket', bucket.value))
      .map((backend) => ({
        ...backend,
        region: region(backend.region),
        kmsKeyId: checked('keyArn', backend.kmsKeyId),
        lockTable: checked('tableName', backend.lockTable),
      })),
    moduleBuckets: draft.moduleBuckets
      .filter(({ bucket }) => isIntentValue('bucket', bucket.value))
      .map((bucket) => ({ ...bucket, region: region(bucket.region) })),
    legacy:
      draft.legacy && isIntentValue('iamUser', draft.legacy.user.value)
        ? { ...draft.legacy, roles: draft.legacy.roles.filter((role) => isIntentValue('role', role.value)) }
        : undefined,
    github: github && { ...github, repository: checked('repositoryName', github.repository) },
  };
}

function organizationName(repository: Repository, buckets: readonly StateBucket[], around: Surroundings): Fact<string> {
  for (const { bucket } of buckets) {
    const stem = /^([a-z][a-z0-9-]*?)[-.](?:(?:terraform|tf|tofu|remote|infra)[-.]?)*(?:tf)?states?\b/.exec(
      bucket.value,
    )?.[1];
    if (stem !== undefined) return { ...bucket, value: stem, because: `the name of bucket ${bucket.value}` };
  }
  const owner = githubFacts(repository, around.gitConfig, new Set(), [])?.repository;
  if (owner !== undefined) return { ...owner, value: owner.value.split('/')[0] ?? '' };
  const folder = around.folderName.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return { value: folder === '' ? 'organization' : folder.slice(0, 63), because: 'the name of the folder' };
}

function organizationId(repository: Repository): Maybe<string> {
  for (const file of repository.files) {
    if (!/PrincipalOrg|organizations?/i.test(file.text)) continue;
    const match = /["'`](o-[a-z0-9]{10,32})["'`/]/.exec(file.text);
    if (match?.[1] === undefined || match[1] === 'o-exampleorgid') continue;
    return { value: match[1], because: 'written here', place: file.locationOf(match.index + 1) };
  }
  return undefined;
}

/** Each value once, in the given order, with the first of `reasons` for it. */
function uniqueFacts(facts: readonly Fact<string>[], reasons: readonly Fact<string>[]): Fact<string>[] {
  return [...new Set(facts.map(({ value }) => value))].flatMap(
    (value) => reasons.find((fact) => fact.value === value) ?? [],
  );
}
