/** module-source: modules from S3 lose keys in their URL; the rest stays, or becomes a pinned git source. */
import { dnsSuffixOf } from '../../aws/partition.ts';
import { staticString } from '../../formats/hcl/index.ts';
import { type Intent, profileName } from '../../intent/index.ts';
import { attributeOf, type Placed, type Repository, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type RuleContext } from '../rule.ts';
import { type Argument, argumentOf, groupOfBlock, groupOfFile, nestedGroups } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { stackAt } from '../terraform/stacks.ts';
import { text } from '../terraform/value.ts';

export const moduleSource: MigrationRule = defineRule({
  id: 'module-source',
  title: 'Modules from S3 are fetched with the session, without keys in the URL',
  step: 'identity',
  why: 'A key in a URL is a key in every clone. Without it go-getter takes the session from the environment, which is all that Terraform below 1.14 reads for modules.',
  does: 'Strips aws_access_key_id, aws_access_key_secret and aws_access_token from `s3::` sources. Keeps the source, or rewrites it to the pinned git source that was given for it.',
  refuses:
    'The short form `s3::/bucket/key`, which names no region, and git sources without a commit or version tag as ref.',
  source: 'https://github.com/hashicorp/go-getter/blob/v1.7.8/get_s3.go',
  plan(repository, context) {
    const changes = new Changes('module-source');
    const kept = new Map<string, Argument>();
    for (const argument of sourcesIn(repository)) {
      if (rewrite(argument, context, changes) && !kept.has(argument.group.file.directory)) {
        kept.set(argument.group.file.directory, argument);
      }
    }
    for (const [directory, argument] of kept) remarkExport(changes, directory, argument, context);
    changes.refuseUnreadable(repository, /\bs3::/);
    return changes.plan();
  },
});

/** `source` of module calls, and of Terragrunt's `terraform` block. */
function sourcesIn(repository: Repository): readonly Argument[] {
  const calls = terraformModules(repository).flatMap(({ calls }) => calls);
  const called = calls.flatMap((call) => {
    const source = attributeOf(call, 'source');
    const holder =
      source &&
      [call as Placed<typeof call.node>, ...call.overrides].find(({ node }) => node.body.items.includes(source.node));
    return holder === undefined ? [] : (argumentOf(groupOfBlock(holder.file, holder.node), 'source') ?? []);
  });
  const generated = repository.files.flatMap((file) => {
    const top = file.format === 'terragrunt' ? groupOfFile(file) : undefined;
    return top === undefined
      ? []
      : nestedGroups(top, 'terraform').flatMap((group) => argumentOf(group, 'source') ?? []);
  });
  return [...called, ...generated].filter(({ value }) => staticString(value)?.startsWith('s3::') === true);
}

/** True when the source stays in S3, so that people need the session in their environment. */
function rewrite(argument: Argument, { intent, options }: RuleContext, changes: Changes): boolean {
  const { file } = argument.group;
  const spot = { file, start: argument.node.start };
  const source = staticString(argument.value) ?? '';
  const clean = withoutKeys(source);
  const target =
    options.moduleSources === 'keep'
      ? undefined
      : (options.moduleSources.get(source) ?? options.moduleSources.get(clean));
  if (target !== undefined) {
    if (!isPinned(target)) {
      changes.refuse(
        spot,
        `${target} is not pinned: a branch, or no ref at all, can change under the code.`,
        'Give the full commit id or a version tag: git::https://…?ref=<40 hexadecimal digits or v1.2.3>.',
      );
    } else {
      changes.attempt(spot, (edit) => edit(file).setValue(argument, text(target)));
      return false;
    }
  }
  if (clean !== source) changes.attempt(spot, (edit) => edit(file).setValue(argument, text(clean)));
  const short = /^s3::\/+([^/?]+)\/([^?]+)(?!.*[?&]region=)/.exec(clean);
  if (short !== null) {
    changes.refuse(
      spot,
      'The short form names no region, so go-getter asks us-east-1 for the bucket, wherever it is.',
      `Write ${longForm(intent, short[1] as string, short[2] as string)} with the region of the bucket.`,
    );
  }
  return true;
}

/** go-getter knows the hosts of amazonaws.com only; elsewhere it wants the region as a parameter. */
function longForm(intent: Intent, bucket: string, key: string): string {
  const region = intent.stateBackends.find((backend) => backend.region !== undefined)?.region ?? '<region>';
  return intent.partition === 'aws-cn'
    ? `s3::https://s3.${region}.${dnsSuffixOf('aws-cn')}/${bucket}/${key}?region=${region}`
    : `s3::https://s3-${region}.${dnsSuffixOf(intent.partition)}/${bucket}/${key}`;
}

function withoutKeys(source: string): string {
  const question = source.indexOf('?');
  if (question === -1) return source;
  const kept = source
    .slice(question + 1)
    .split('&')
    .filter((parameter) => !/^aws_access_(key_id|key_secret|token)(=|$)/.test(parameter));
  return kept.length === 0 ? source.slice(0, question) : `${source.slice(0, question)}?${kept.join('&')}`;
}

function isPinned(source: string): boolean {
  const ref = /^git::(?:https|ssh):\/\/.*[?&]ref=([^&]+)/.exec(source)?.[1];
  return ref !== undefined && /^([0-9a-f]{40}|([\w.-]+[/-])?v?\d+\.\d+(\.\d+)?)$/.test(ref);
}

function remarkExport(changes: Changes, directory: string, argument: Argument, { intent }: RuleContext): void {
  const accounts = new Set(stackAt(intent, directory)?.workspaces.values() ?? []);
  const profiles =
    accounts.size === 0 ? ['<profile>'] : [...accounts].map((account) => profileName(intent, account, 'plan'));
  changes.remark(
    { file: argument.group.file, start: argument.node.start },
    'Modules come from S3: Terraform below 1.14 takes only a session in the environment for them, no SSO profile. People export it before init; the configure step of pipelines does so already.',
    profiles.map((profile) => `eval "$(aws configure export-credentials --profile ${profile} --format env)"`),
  );
}
