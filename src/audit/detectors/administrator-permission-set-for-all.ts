/** One SuperAdmin permission set for everybody: the habit that Identity Center was meant to end. */
import { type Detector, defineDetector } from '../detector.ts';
import { givesEverything, policyAttachments } from '../terraform/administrator.ts';
import type { ConfigurationBlock } from '../terraform/configuration-block.ts';
import { type ModuleCode, moduleCode } from '../terraform/module-code.ts';
import { addressOf, referredResource, resourcesOfType } from '../terraform/resources.ts';

export const administratorPermissionSetForAll: Detector = defineDetector({
  id: 'administrator-permission-set-for-all',
  title: 'One administrator permission set for everybody',
  severity: 'high',
  class: 'dynamic',
  why: 'When the only permission set is administrator, looking at a log and deleting an account need the same rights, and nobody has to say which they mean.',
  fix: 'Add sets for reading, deploying and operating, assign those, and leave administrator to a few with a reason.',
  source: 'https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html',
  flagged: [
    { path: 'sso.tf', text: superAdmin('') },
    {
      path: 'sso.tf',
      text: `${superAdmin('')}resource "aws_ssoadmin_account_assignment" "live" {\n  for_each           = toset(var.accounts)\n  permission_set_arn = aws_ssoadmin_permission_set.admin.arn\n  target_id          = each.value\n}\n`,
    },
  ],
  clean: [
    {
      path: 'sso.tf',
      text: superAdmin(
        'resource "aws_ssoadmin_permission_set" "read" {\n  name         = "Read"\n  instance_arn = var.i\n}\n',
      ),
    },
    {
      path: 'sso.tf',
      text: 'resource "aws_ssoadmin_permission_set" "read" {\n  name         = "Read"\n  instance_arn = var.i\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    const sets = module.blocks.filter(
      ({ type, labels }) => type === 'resource' && labels[0] === 'aws_ssoadmin_permission_set',
    );
    const administrators = administratorSets(module);
    // A set made by for_each is many sets.
    const several = sets.length > 1 || sets.some((set) => set.settings.has('for_each') || set.settings.has('count'));
    if (several || administrators.length === 0) return;
    const assignments = module.blocks.filter(({ labels }) => labels[0] === 'aws_ssoadmin_account_assignment');
    const blamed = assignments.length === 0 ? sets : assignments;
    for (const block of blamed.filter((each) => each.file === file)) {
      const subject = addressOf(block);
      report.finding({
        at: block.start,
        identity: subject,
        usedBy: 'person',
        detail: `${subject}: the only permission set, ${administrators.map(addressOf).join(', ')}, gives administrator rights.`,
      });
    }
  },
});

function administratorSets(module: ModuleCode): readonly ConfigurationBlock[] {
  const files = new Set(module.blocks.map(({ file }) => file));
  return [...files]
    .filter(
      (file) =>
        resourcesOfType(file, 'aws_ssoadmin_managed_policy_attachment', 'aws_ssoadmin_permission_set_inline_policy')
          .length > 0,
    )
    .flatMap(policyAttachments)
    .filter(
      ({ principalKind, policy, block }) =>
        principalKind === 'permission-set' && givesEverything(policy, block.file, module),
    )
    .flatMap(({ principal }) => {
      const set =
        principal === undefined ? undefined : referredResource(principal, 'aws_ssoadmin_permission_set', module);
      return set === undefined ? [] : [set];
    });
}

function superAdmin(more: string): string {
  return `resource "aws_ssoadmin_permission_set" "admin" {
  name         = "SuperAdmin"
  instance_arn = var.i
}
resource "aws_ssoadmin_managed_policy_attachment" "admin" {
  instance_arn       = var.i
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
}
${more}`;
}
