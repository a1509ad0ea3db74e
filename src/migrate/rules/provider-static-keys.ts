/** P1: access keys leave provider blocks, and with them the variables that only carried them. */
import { staticString } from '../../formats/hcl/index.ts';
import { type ProviderBlock, type Repository, type TerraformModule, terraformModules } from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import type { Argument } from '../terraform/argument-group.ts';
import { Changes } from '../terraform/changes.ts';
import { keyArguments, keysPassedIn, refuseOtherUses, removeKeys } from '../terraform/key-arguments.ts';
import { orphansOf } from '../terraform/name-uses.ts';
import { heredocMentions } from '../terraform/opaque-mentions.ts';
import {
  assumedRoles,
  groupsOfProvider,
  hasLocalEndpoint,
  isAws,
  providerArgument,
} from '../terraform/provider-roles.ts';
import { pipelineThatSets } from '../unedited-pipelines.ts';

export const providerStaticKeys: MigrationRule = defineRule({
  id: 'P1',
  title: 'Access keys leave provider blocks',
  step: 'identity',
  why: 'Arguments of a provider beat every session, so as long as a key stands there nobody can be themselves; and it is copied into every plan.',
  does: 'Removes access_key, secret_key and token from `provider "aws"` and `provider "awscc"`, then the variables, tfvars lines and locals that carried them and that nothing else uses.',
  refuses:
    'Keys that reach a module as inputs, providers of one module with different keys (each may be another account), keys that a pipeline which is not edited hands on as a variable, and variables with another use: give what uses them a role of its own.',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration',
  plan(repository) {
    const changes = new Changes('P1');
    for (const module of terraformModules(repository)) removeFrom(module, repository, changes);
    for (const spot of heredocMentions(repository, ['access_key', 'secret_key'])) {
      changes.refuse(
        spot,
        'The key arguments stand in a heredoc, which is text for another program.',
        'Change what writes or reads that text by hand; a heredoc is never edited.',
      );
    }
    changes.refuseUnreadable(repository, /\b(access_key|secret_key)\b/);
    return changes.plan();
  },
});

function removeFrom(module: TerraformModule, repository: Repository, changes: Changes): void {
  const providers = module.providers.filter((provider) => isAws(provider) && !talksToEmulator(provider));
  const keys = providers.flatMap((provider) => groupsOfProvider(provider).flatMap(keyArguments));
  const [first] = keys;
  if (first === undefined) return;
  const spot = { file: first.group.file, start: first.node.start };

  const inputs = keysPassedIn(repository, module, keys);
  for (const input of inputs) {
    changes.refuse(
      { file: input.group.file, start: input.node.start },
      `${input.name} passes the key into a module, whose provider in ${first.group.file.path} uses it.`,
      'Configure the provider in the root module and pass it with `providers = { aws = aws }`; then remove the input and the variable.',
    );
  }
  if (inputs.length > 0) return;

  if (differentIdentities(providers)) {
    for (const key of keys.filter(({ name }) => name === 'access_key')) {
      changes.refuse(
        { file: key.group.file, start: key.node.start },
        'The providers of this module do not all use the same key, so they may be in different accounts; a session is in one.',
        'Split the module by account, or give every provider an assume_role into its account; then run again.',
      );
    }
    return;
  }
  const { variables, used } = orphansOf(repository, module, keys);
  for (const name of [...variables, ...used.flatMap((use) => (use.root === 'var' ? use.name : []))]) {
    const setter = pipelineThatSets(repository, name);
    if (setter === undefined) continue;
    changes.refuse(
      spot,
      `${setter.path}:${setter.line} sets var.${name}, and that pipeline is not edited: without the key its jobs would run as nobody, or as whatever their machine may be.`,
      `Let the jobs take a role first, and take the variable out of ${setter.path}; then run again.`,
    );
    return;
  }
  if (removeKeys(changes, repository, module, keys, spot)) refuseOtherUses(changes, repository, module, keys);
}

/** Providers without a role are where their key is. */
function differentIdentities(providers: readonly ProviderBlock[]): boolean {
  const identities = providers
    .filter((provider) => assumedRoles(provider).length === 0)
    .map((provider) => {
      const keys = groupsOfProvider(provider).flatMap(keyArguments);
      const id: Argument | undefined = keys.findLast(({ name }) => name === 'access_key') ?? keys[0];
      return id === undefined ? '' : id.group.file.text.slice(id.value.start, id.value.end);
    });
  return new Set(identities).size > 1;
}

/** A dummy key for an emulator: it opens nothing. */
function talksToEmulator(provider: ProviderBlock): boolean {
  const key = providerArgument(provider, 'access_key');
  const literal = key === undefined ? undefined : staticString(key.value);
  return hasLocalEndpoint(provider) && (literal === undefined || !/^A(KIA|SIA)/.test(literal));
}
