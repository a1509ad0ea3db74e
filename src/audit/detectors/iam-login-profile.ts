/** Console passwords that the code makes. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf, describeDependents, resourcesOfType } from '../terraform/resources.ts';

export const iamLoginProfile: Detector = defineDetector({
  id: 'iam-login-profile',
  title: 'Console password made by the code',
  severity: 'medium',
  class: 'static',
  why: 'Without pgp_key the password is in the state in clear; either way it is a long-lived credential beside the company’s own sign-in.',
  fix: 'Let people sign in through Identity Center and remove the login profile.',
  fixRule: 'retire-user',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user_login_profile',
  flagged: [{ path: 'main.tf', text: 'resource "aws_iam_user_login_profile" "ann" {\n  user = "ann"\n}\n' }],
  clean: [
    { path: 'main.tf', text: 'resource "aws_iam_account_password_policy" "p" {\n  minimum_password_length = 20\n}\n' },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const profile of resourcesOfType(file, 'aws_iam_user_login_profile')) {
      const subject = addressOf(profile);
      const clear = profile.settings.get('pgp_key') === undefined;
      report.finding({
        at: profile.start,
        identity: subject,
        usedBy: 'made-by-code',
        gated: true,
        ...(clear ? { severity: 'high' as const } : {}),
        detail: `${subject} makes a console password${clear ? ' that stands in the state in clear' : ''}.${describeDependents(profile, module)}`,
      });
      report.method({
        at: profile.start,
        kind: 'iam-login-profile',
        class: 'static',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject} is a console password of an IAM user.`,
      });
    }
  },
});
