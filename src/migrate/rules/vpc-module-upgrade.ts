/** VPC5: `terraform-aws-modules/vpc/aws` from 3.x to 5.16, with 3.x's defaults written out so that the plan stays empty. */
import { references, staticString, traversalText, walkBodyExpressions } from '../../formats/hcl/index.ts';
import {
  attributeOf,
  type ModuleCall,
  type Repository,
  type TerraformModule,
  terraformModules,
  type Version,
} from '../../repository/index.ts';
import { defineRule, type MigrationRule } from '../rule.ts';
import { type Argument, argumentOf, groupOfBlock } from '../terraform/argument-group.ts';
import { Changes, type EditFile } from '../terraform/changes.ts';
import { placeOnlyBefore, terraformVersions } from '../terraform/terraform-version.ts';
import { expression, flag, text } from '../terraform/value.ts';
import { raiseConstraint } from '../upgrades/raise-constraint.ts';
import {
  assignIpv6Input,
  assignIpv6Successors,
  type OldDefault,
  oldDefaults,
  removedInputs,
} from '../upgrades/vpc-module-5.ts';

const newest = '5.16.0';

/** `required_version` of the module since 4.0. */
const runsModule5: Version = [1, 0, 0];

export const vpcModuleUpgrade: MigrationRule = defineRule({
  id: 'VPC5',
  title: 'VPC module 3 becomes 5',
  step: 'guard',
  why: 'Version 3 passes EC2-Classic arguments that AWS provider 5 refuses. Version 4 turned seven defaults round: without the old ones written out, the next apply would take over default security groups, route tables and network ACLs.',
  does: 'Raises the version of terraform-aws-modules/vpc/aws to 5.16, removes the inputs that went, splits assign_ipv6_address_on_creation, and writes the defaults of 3.18 out where the caller relied on them.',
  refuses:
    'Versions below 3, versions that are no plain constraint, and callers that Terraform older than 1.0 runs. Other versions of 3 than 3.18 should go to 3.18.1 first; that is said as a remark.',
  source: 'https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/v5.16.0/docs/UPGRADE-4.0.md',
  plan(repository) {
    const changes = new Changes('VPC5');
    for (const module of terraformModules(repository)) {
      for (const call of module.calls) if (isVpcModule(call)) upgradeCall(call, module, repository, changes);
    }
    changes.refuseUnreadable(repository, /terraform-aws-modules\/vpc\/aws/);
    return changes.plan();
  },
});

function isVpcModule({ source }: ModuleCall): boolean {
  return (
    source !== undefined && /^(registry\.(terraform\.io|opentofu\.org)\/)?terraform-aws-modules\/vpc\/aws$/.test(source)
  );
}

function upgradeCall(call: ModuleCall, module: TerraformModule, repository: Repository, changes: Changes): void {
  const { file, node, name } = call;
  const group = groupOfBlock(file, node);
  const version = argumentOf(group, 'version');
  const spot = { file, start: version?.node.start ?? node.start };
  const constraint = version === undefined ? undefined : staticString(version.value);
  if (version === undefined || constraint === undefined) {
    changes.refuse(
      spot,
      `module "${name}" has no plain version, so which defaults it relies on cannot be told.`,
      'Pin the version that is in use today, then run keyless migrate again.',
    );
    return;
  }
  // Version 4 had the new defaults already.
  const raised = raiseConstraint(constraint, { from: 3, to: '4.0.0' });
  if (raised.kind === 'already') return;
  if (raised.kind !== 'raised') {
    changes.refuse(
      spot,
      `module "${name}" is at "${constraint}"; the comparison of defaults starts at 3.18.`,
      'Upgrade to 3.18.1 first, apply with an empty plan, then run keyless migrate again.',
    );
    return;
  }
  const old = placeOnlyBefore(terraformVersions(repository, module), runsModule5);
  if (old !== undefined) {
    changes.refuse(
      spot,
      `${old.location.path}:${old.location.line} keeps Terraform at ${old.text}; VPC module 5 needs 1.0 or newer.`,
      'Bring the module to Terraform 1.x first, apply with an empty plan, then run keyless migrate again.',
    );
    return;
  }
  const made = changes.attempt(spot, (edit) => {
    edit(file).setValue(version, text(targetConstraint(constraint)));
    for (const input of removedInputs) {
      const argument = argumentOf(group, input);
      if (argument !== undefined) edit(file).removeArgument(argument);
    }
    const additions = missingDefaults(call);
    splitIpv6(call, edit);
    for (const { input, value } of additions) {
      edit(file).insertArgument(group, input, typeof value === 'boolean' ? flag(value) : text(value));
    }
  });
  if (!made) return;
  changes.remark(
    spot,
    `module "${name}": the defaults of 3.18 are written out by comparison of the two releases; look at the plan before applying${/(^|[^\d])3\.18/.test(constraint) ? '' : `, and go through 3.18.1 first, since "${constraint}" may be older`}.`,
    [
      `terraform -chdir=${module.directory === '' ? '.' : module.directory} init -upgrade`,
      `terraform -chdir=${module.directory === '' ? '.' : module.directory} plan`,
    ],
  );
  warnOfEmptyOutputs(call, module, repository, changes);
}

/** `~> 3.18` becomes `~> 5.16`, an exact version 5.16.0. */
function targetConstraint(constraint: string): string {
  const raised = raiseConstraint(constraint, { from: 3, to: newest });
  if (raised.kind !== 'raised') throw new RangeError(`"${constraint}" does not stay below 4`);
  return raised.constraint;
}

function missingDefaults(call: ModuleCall): readonly OldDefault[] {
  const isSet = (input: string): boolean => attributeOf(call, input) !== undefined;
  // A pool gives the VPC its range, and then there is no default to keep.
  const pooled = ['use_ipam_pool', 'ipv4_ipam_pool_id', 'create_vpc'].some(isSet);
  return oldDefaults.filter(
    ({ input, when }) => !isSet(input) && (when === undefined || when.some(isSet)) && !(input === 'cidr' && pooled),
  );
}

function splitIpv6(call: ModuleCall, edit: EditFile): void {
  const group = groupOfBlock(call.file, call.node);
  const old = argumentOf(group, assignIpv6Input);
  if (old === undefined) return;
  const value = valueAsWritten(old);
  for (const { subnets, input } of assignIpv6Successors) {
    if (attributeOf(call, subnets) === undefined || attributeOf(call, input) !== undefined) continue;
    edit(call.file).insertArgument(group, input, value, { before: assignIpv6Input });
  }
  edit(call.file).removeArgument(old);
}

function valueAsWritten({ value, group }: Argument): ReturnType<typeof text> {
  if (value.kind === 'literal' && typeof value.value === 'boolean') return flag(value.value);
  return expression(group.file.text.slice(value.start, value.end));
}

/** From 4.0 on an output that does not apply is null where it was `""`. */
function warnOfEmptyOutputs(call: ModuleCall, module: TerraformModule, repository: Repository, changes: Changes): void {
  for (const file of repository.inDirectory(module.directory)) {
    const body = file.terraformBody();
    if (body === undefined) continue;
    for (const inner of walkBodyExpressions(body)) {
      if (inner.kind !== 'binary' || (inner.operator !== '==' && inner.operator !== '!=')) continue;
      const empty = [inner.left, inner.right].some((side) => staticString(side) === '');
      const output = references(inner).find(
        ({ root, steps }) => root === 'module' && steps[0]?.kind === 'attribute' && steps[0].name === call.name,
      );
      if (!empty || output === undefined) continue;
      changes.remark(
        { file, start: inner.start },
        `${traversalText(file.text, output)} is null where it was "" before version 4: compare with null.`,
      );
    }
  }
}
