/** Policies and groups of IAM users: what has to move to roles before the user can go. */
import { type Detector, defineDetector } from '../detector.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';

export const iamUserPermissions: Detector = defineDetector({
  id: 'iam-user-permissions',
  title: 'Permissions are given to an IAM user',
  severity: 'info',
  class: 'static',
  why: 'Whatever the user may do, some role has to be able to do before the user can be retired.',
  fix: 'Attach the same permissions to the permission set or role that takes the user’s place, then remove this with the user.',
  fixRule: 'retire-user',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  flagged: [
    { path: 'main.tf', text: 'resource "aws_iam_user_policy" "p" {\n  user   = "ci"\n  policy = "{}"\n}\n' },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_user_group_membership" "g" {\n  user   = "ci"\n  groups = ["ci"]\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_policy_attachment" "a" {\n  name       = "a"\n  users      = ["ci"]\n  policy_arn = var.arn\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "aws_iam_role_policy_attachment" "a" {\n  role       = "ci"\n  policy_arn = var.arn\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_iam_policy_attachment" "a" {\n  name       = "a"\n  roles      = ["ci"]\n  policy_arn = var.arn\n}\n',
    },
  ],
  detect(file, report) {
    for (const block of resourcesOfType(file, ...userTypes, 'aws_iam_policy_attachment')) {
      if (block.labels[0] === 'aws_iam_policy_attachment' && block.settings.get('users') === undefined) continue;
      const subject = addressOf(block);
      report.finding({
        at: block.start,
        identity: subject,
        usedBy: 'made-by-code',
        gated: true,
        detail: `${subject} gives permissions to an IAM user.`,
      });
    }
  },
});

const userTypes = [
  'aws_iam_user_policy',
  'aws_iam_user_policy_attachment',
  'aws_iam_user_policies_exclusive',
  'aws_iam_user_policy_attachments_exclusive',
  'aws_iam_user_group_membership',
  'aws_iam_group_membership',
];
