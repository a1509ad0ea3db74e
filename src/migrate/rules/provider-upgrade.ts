/** V5: the AWS provider from 4.x to 5.x, with what 5.0 removed taken out or reported. */
import { staticString } from '../../formats/hcl/index.ts';
import { goDuration } from '../../kernel/go-duration.ts';
import {
  type Placed,
  type Repository,
  type ResourceBlock,
  type TerraformModule,
  terraformModules,
  type Version,
} from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import {
  type Argument,
  type ArgumentGroup,
  argumentOf,
  groupOfBlock,
  groupOfObject,
  nestedGroups,
} from '../terraform/argument-group.ts';
import { Changes, type Spot } from '../terraform/changes.ts';
import { groupsOfProvider } from '../terraform/provider-roles.ts';
import { placeOnlyBefore, terraformVersions } from '../terraform/terraform-version.ts';
import { expression, text } from '../terraform/value.ts';
import { changedBehaviours, removedArguments, reportedRemovals } from '../upgrades/provider-5-removals.ts';
import { raiseConstraint } from '../upgrades/raise-constraint.ts';

/** The last release of the 5.x series. */
const newest = '5.100.0';

export const providerUpgrade: MigrationRule = defineRule({
  id: 'V5',
  title: 'AWS provider 4 becomes 5',
  step: 'guard',
  why: 'Provider 4 knows neither Identity Center sessions of today nor newer credentials sources well, and VPC module 5 needs provider 5. The arguments that go have had no effect since EC2-Classic ended.',
  does: 'Raises constraints on hashicorp/aws that keep 5.x out, in the style they are written in; removes the EC2-Classic arguments of VPCs, peerings and launch configurations; renames s3_force_path_style, removes skip_get_ec2_platforms, and turns duration_seconds of provider roles into duration.',
  refuses:
    'Constraints below 4 (one major at a time, each with an empty plan), modules that Terraform older than 1.0 runs, and resources or arguments that only a person can replace: each is named with its successor.',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade',
  plan(repository) {
    const changes = new Changes('V5');
    const raisedStacks: RaisedStack[] = [];
    for (const module of terraformModules(repository)) {
      if (!raiseProvider(module, repository, changes, raisedStacks)) continue;
      for (const provider of module.providers) {
        if (provider.name === 'aws')
          for (const group of groupsOfProvider(provider)) upgradeProviderBlock(group, changes);
      }
      for (const resource of module.resources) upgradeResource(resource, changes);
    }
    remarkLockFiles(raisedStacks, changes);
    changes.refuseUnreadable(
      repository,
      /classic_?link|s3_force_path_style|skip_get_ec2_platforms|\bduration_seconds\b|hashicorp\/aws/,
    );
    return changes.plan();
  },
});

interface RaisedStack {
  readonly directory: string;
  readonly spot: Spot;
}

/** One remark for all, because it is one thing to do. */
function remarkLockFiles(stacks: readonly RaisedStack[], changes: Changes): void {
  const [first] = stacks;
  if (first === undefined) return;
  const directories = stacks.map(({ directory }) => (directory === '' ? '.' : directory)).join(' ');
  changes.remark(first.spot, 'Take the new provider into the lock files, for every platform that runs this code:', [
    `for stack in ${directories}; do terraform -chdir=$stack init -upgrade; terraform -chdir=$stack providers lock -platform=linux_amd64 -platform=darwin_arm64; done`,
  ]);
}

/** Raises the constraint; false when the module has to stay below 5. */
function raiseProvider(
  module: TerraformModule,
  repository: Repository,
  changes: Changes,
  raisedStacks: RaisedStack[],
): boolean {
  const requirement = module.requiredProviders.get('aws');
  // A module that asks for no version takes whatever its callers bring.
  if (requirement === undefined) return usesAws(module) && !refuseOldTerraform(module, repository, changes);
  const { file, node } = requirement;
  const version = node.kind === 'object' ? argumentOf(groupOfObject(file, node), 'version') : undefined;
  const value = node.kind === 'object' ? version?.value : node;
  const constraint = value === undefined ? undefined : staticString(value);
  if (value === undefined) return !refuseOldTerraform(module, repository, changes);
  const spot = { file, start: value.start };
  const raised =
    constraint === undefined ? { kind: 'unknown' as const } : raiseConstraint(constraint, { from: 4, to: newest });
  switch (raised.kind) {
    case 'already':
      return true;
    case 'too-old':
      changes.refuse(
        spot,
        `The constraint "${constraint}" keeps the AWS provider below 4; two majors at once would hide what each one changes.`,
        'Upgrade to ~> 4.67 first, apply with an empty plan, then run keyless migrate again.',
      );
      return false;
    case 'unknown':
      changes.refuse(
        spot,
        'The version constraint of the AWS provider is not a plain list of bounds.',
        `Raise it to ~> ${newest.split('.').slice(0, 2).join('.')} by hand.`,
      );
      return false;
    case 'raised': {
      if (refuseOldTerraform(module, repository, changes)) return false;
      const made = changes.attempt(spot, (edit) => {
        const group = node.kind === 'object' ? version : plainRequirement(requirement);
        if (group === undefined) throw new RangeError('the constraint has no argument to edit');
        edit(file).setValue(group, text(raised.constraint));
      });
      if (made && module.backend !== undefined) raisedStacks.push({ directory: module.directory, spot });
      return made;
    }
  }
}

/** `aws = "~> 4.0"`, the form of Terraform 0.12. */
function plainRequirement({ file, node }: Placed<{ readonly start: number }>): Argument | undefined {
  const body = file.terraformBody();
  const blocks = (body?.items ?? []).flatMap((item) =>
    item.kind === 'block' && item.type === 'terraform' ? [item] : [],
  );
  for (const terraform of blocks) {
    for (const group of nestedGroups(groupOfBlock(file, terraform), 'required_providers')) {
      const argument = argumentOf(group, 'aws');
      if (argument?.value.start === node.start) return argument;
    }
  }
  return undefined;
}

/** Provider 5 and the modules written for it are held to releases from here on; what older ones make of it nobody says. */
const runsProvider5: Version = [1, 0, 0];

/** True when the module stays below a Terraform that provider 5 supports. */
function refuseOldTerraform(module: TerraformModule, repository: Repository, changes: Changes): boolean {
  const old = placeOnlyBefore(terraformVersions(repository, module), runsProvider5);
  if (old === undefined) return false;
  const requirement = module.requiredProviders.get('aws');
  const first = requirement ?? module.providers.find(({ name }) => name === 'aws') ?? module.resources[0];
  if (first === undefined) return true;
  const { path, line } = old.location;
  changes.refuse(
    { file: first.file, start: first.node.start },
    `${path}:${line} keeps Terraform at ${old.text}; AWS provider 5 is made for 1.0 and newer.`,
    'Bring the module to Terraform 1.x first, apply with an empty plan, then run keyless migrate again.',
  );
  return true;
}

function usesAws({ providers, resources }: TerraformModule): boolean {
  return providers.some(({ name }) => name === 'aws') || resources.some(({ type }) => type.startsWith('aws_'));
}

function upgradeProviderBlock(group: ArgumentGroup, changes: Changes): void {
  const { file } = group;
  const pathStyle = argumentOf(group, 's3_force_path_style');
  if (pathStyle !== undefined) {
    changes.attempt({ file, start: pathStyle.node.start }, (edit) => {
      if (argumentOf(group, 's3_use_path_style') === undefined)
        edit(file).renameArgument(pathStyle, 's3_use_path_style');
      else edit(file).removeArgument(pathStyle);
    });
  }
  const platforms = argumentOf(group, 'skip_get_ec2_platforms');
  if (platforms !== undefined) {
    changes.attempt({ file, start: platforms.node.start }, (edit) => edit(file).removeArgument(platforms));
  }
  for (const block of ['assume_role', 'assume_role_with_web_identity']) {
    for (const role of nestedGroups(group, block)) {
      const seconds = argumentOf(role, 'duration_seconds');
      if (seconds === undefined) continue;
      changes.attempt({ file, start: seconds.node.start }, (edit) => {
        edit(file).setValue(seconds, durationValue(seconds));
        edit(file).renameArgument(seconds, 'duration');
      });
    }
  }
}

function durationValue({ value, group }: Argument): ReturnType<typeof text> {
  const seconds = value.kind === 'literal' ? Number(value.value) : Number(staticString(value) ?? Number.NaN);
  if (Number.isInteger(seconds) && seconds >= 0) return text(goDuration(seconds));
  const source = group.file.text.slice(value.start, value.end);
  return { ...expression(source), hcl: `"\${${source}}s"`, json: `\${${source}}s` };
}

function upgradeResource(resource: ResourceBlock, changes: Changes): void {
  const groups = [resource, ...resource.overrides].map(({ file, node }) => groupOfBlock(file, node));
  for (const group of groups) {
    const { file } = group;
    for (const { types, path } of removedArguments) {
      if (resource.mode !== 'resource' || !types.includes(resource.type)) continue;
      for (const argument of argumentsAt(group, path)) {
        changes.attempt({ file, start: argument.node.start }, (edit) => edit(file).removeArgument(argument));
      }
    }
  }
  const spot = { file: resource.file, start: resource.node.start };
  const name = `${resource.mode === 'data' ? 'data.' : ''}${resource.type}.${resource.name}`;
  for (const { types, argument, todo } of reportedRemovals) {
    if (!types.includes(resource.type)) continue;
    if (argument === undefined) {
      changes.refuse(spot, `${name}: provider 5 has no ${resource.type}.`, todo);
    } else if (groups.some((group) => mentions(group, argument))) {
      changes.refuse(spot, `${name}: provider 5 has no ${argument} in ${resource.type}.`, todo);
    }
  }
  for (const { types, argument, text: explanation } of changedBehaviours) {
    if (types.includes(resource.type) && groups.some((group) => argumentOf(group, argument) !== undefined)) {
      changes.remark(spot, `${name}: ${explanation}`);
    }
  }
}

function argumentsAt(group: ArgumentGroup, path: readonly string[]): readonly Argument[] {
  const [name, ...rest] = path as readonly [string, ...string[]];
  if (rest.length > 0) return nestedGroups(group, name).flatMap((nested) => argumentsAt(nested, rest));
  const argument = argumentOf(group, name);
  return argument === undefined ? [] : [argument];
}

/** As an argument or as nested blocks, at any depth. */
function mentions(group: ArgumentGroup, name: string): boolean {
  if (argumentOf(group, name) !== undefined) return true;
  if (group.node.kind === 'object') return false;
  return group.node.items.some(
    (item) =>
      item.kind === 'block' &&
      (item.type === name || item.labels[0]?.value === name || mentions(groupOfBlock(group.file, item), name)),
  );
}
