/** IAM users that the code makes: identities that exist to hold long-lived keys. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { moduleSources } from '../terraform/module-source.ts';
import { addressOf, describeDependents, resourcesOfType } from '../terraform/resources.ts';

export const iamUser: Detector = defineDetector({
  id: 'iam-user',
  title: 'IAM user made by the code',
  severity: 'medium',
  class: 'static',
  why: 'An IAM user has no session of its own: whoever uses it holds a key or a password that stays valid until somebody takes it away.',
  fix: 'Give people an Identity Center permission set and machines a role; when the user’s keys have been quiet for a while, delete keys, then user.',
  fixRule: 'retire-user',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp',
  flagged: [
    { path: 'main.tf', text: 'resource "aws_iam_user" "deployment" {\n  name = "deployment"\n}\n' },
    { path: 'main.tf.json', text: '{"resource": {"aws_iam_user": {"deployment": {"name": "deployment"}}}}' },
    { path: 'main.tf', text: 'module "ci" {\n  source = "cloudposse/iam-system-user/aws"\n}\n' },
  ],
  clean: [
    { path: 'main.tf', text: 'resource "aws_iam_role" "deployment" {\n  name = "deployment"\n}\n' },
    { path: 'main.tf', text: 'data "aws_iam_user" "x" {\n  user_name = "x"\n}\n' },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const user of resourcesOfType(file, 'aws_iam_user')) {
      const subject = addressOf(user);
      report.finding({
        at: user.start,
        identity: subject,
        usedBy: 'made-by-code',
        gated: true,
        detail: `${subject} is an IAM user.${describeDependents(user, module)} It is retired last, when nothing signs with its keys any more.`,
      });
      report.method({
        at: user.start,
        kind: 'iam-user',
        class: 'static',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail: `${subject} can only authenticate with long-lived credentials.`,
      });
    }
    for (const { subject, setting, source } of moduleSources(file)) {
      if (!userModules.test(source)) continue;
      const detail = `${subject} makes an IAM user with an access key (${source}).`;
      report.finding({ at: setting.start, identity: subject, usedBy: 'made-by-code', gated: true, detail });
      report.method({
        at: setting.start,
        kind: 'iam-user',
        class: 'static',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});

/** Registry modules whose purpose is a user with a key. */
const userModules = /\biam-(system-|s3-)?user\b|\bses-(smtp-)?user\b/;
