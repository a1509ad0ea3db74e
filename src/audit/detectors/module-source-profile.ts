/** Module sources that name a profile. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleSources, queryOf } from '../terraform/module-source.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const moduleSourceProfile: Detector = defineDetector({
  id: 'module-source-profile',
  title: 'Module source names an AWS profile',
  severity: 'medium',
  class: 'indirect',
  why: 'The profile exists on one person’s machine and may hold a static key; a pipeline has none of that name.',
  fix: 'Drop aws_profile: go-getter signs with the credentials of the environment.',
  fixRule: 'module-source',
  source: 'https://github.com/hashicorp/go-getter#s3-s3',
  flagged: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/m/vpc.zip?aws_profile=shared"\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/m/vpc.zip"\n}\n' },
  ],
  detect(file, report) {
    for (const { subject, setting, source } of moduleSources(file)) {
      const profile = queryOf(source).get('aws_profile');
      if (profile === null || profile === '') continue;
      const detail = `${subject} is downloaded with profile ${profile}.`;
      reportPlace(report, {
        at: setting.start,
        kind: 'module-source-profile',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        credentialName: profile,
        detail,
      });
    }
  },
});
