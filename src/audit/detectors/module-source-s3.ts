/** Modules that terraform init downloads from S3 with the credentials of the surroundings. */
import { type Detector, defineDetector } from '../detector.ts';
import { isS3Source, moduleSources, queryOf } from '../terraform/module-source.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const moduleSourceS3: Detector = defineDetector({
  id: 'module-source-s3',
  title: 'Module is downloaded from S3',
  severity: 'info',
  class: 'indirect',
  why: 'terraform init needs AWS credentials before any provider exists. Below Terraform 1.14 go-getter reads no Identity Center profile, only keys and session tokens in the environment.',
  fix: 'Keep it: it is fetched with the session of AWS_PROFILE (after `aws sso login`), or in a pipeline with that of its OIDC role. Or move the module to a git source with a pinned ref.',
  fixRule: 'module-source',
  source: 'https://developer.hashicorp.com/terraform/language/modules/sources#s3-bucket',
  flagged: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "s3::https://s3-eu-west-1.amazonaws.com/modules/vpc.zip"\n}\n',
    },
    {
      path: 'main.tf.json',
      text: '{"module": {"vpc": {"source": "s3::https://s3.cn-north-1.amazonaws.com.cn/m/vpc.zip"}}}',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n' },
    { path: 'main.tf', text: 'module "logs" {\n  source = "terraform-aws-modules/s3-bucket/aws"\n}\n' },
  ],
  detect(file, report) {
    for (const { subject, setting, source } of moduleSources(file)) {
      if (!isS3Source(source) || [...queryOf(source).keys()].some((name) => name.startsWith('aws_'))) continue;
      const detail = `${subject} comes from S3; terraform init signs the download with the credentials it finds in the environment.`;
      reportPlace(report, {
        at: setting.start,
        kind: 'module-source-s3',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
