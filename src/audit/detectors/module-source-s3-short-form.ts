/** `s3::/bucket/key`, a form that guides pass on and that go-getter has never understood. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleSources } from '../terraform/module-source.ts';

export const moduleSourceS3ShortForm: Detector = defineDetector({
  id: 'module-source-s3-short-form',
  title: 'Module source uses the s3::/bucket/key form',
  severity: 'medium',
  class: 'indirect',
  why: 'go-getter needs the host of the bucket’s region; the short form fails at terraform init, so whoever copies it falls back to keys and scripts.',
  fix: 'Write the whole URL: s3::https://s3-<region>.amazonaws.com/<bucket>/<key>.',
  fixRule: 'module-source',
  source: 'https://developer.hashicorp.com/terraform/language/modules/sources#s3-bucket',
  flagged: [
    { path: 'main.tf', text: 'module "vpc" {\n  source = "s3::/modules/vpc.zip"\n}\n' },
    { path: 'main.tf', text: 'module "vpc" {\n  # source = "s3::/modules/vpc.zip"\n  source = "./vpc"\n}\n' },
    { path: 'README.md', text: 'Use it like this:\n\n    source = "s3::/modules/vpc.zip"\n' },
    { path: 'main.tf', text: 'module "vpc" {\n  source = "s3::modules/vpc.zip"\n}\n' },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/modules/vpc.zip"\n}\n',
    },
    { path: 'main.tf', text: 'resource "aws_iam_policy" "p" {\n  policy = "arn:aws:s3:::modules/*"\n}\n' },
  ],
  detect(file, report) {
    const seen = new Set<number>();
    for (const { subject, setting, source } of moduleSources(file)) {
      if (!shortForm.test(source)) continue;
      seen.add(file.lines.position(setting.start).line);
      report.finding({
        at: setting.start,
        identity: subject,
        usedBy: 'terraform',
        detail: `${subject} has a source in the short form, which terraform init can't read.`,
      });
    }
    // Comments and guides hold it too, and that is where it is copied from.
    if (!file.text.includes('s3::')) return;
    for (const match of file.text.matchAll(/\bsource\s*=\s*"(s3::[^"\n]*)"/g)) {
      if (!shortForm.test(match[1] as string) || seen.has(file.lines.position(match.index).line)) continue;
      report.finding({
        at: match.index,
        severity: 'low',
        identity: 'in text',
        detail: 'A comment or guide shows a module source in the short form, which terraform init can’t read.',
      });
    }
  },
});

const shortForm = /^s3::(?!https?:\/\/)(?!\$\{)/;
