/** Passwords and tokens in the URL of a module source. */
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { moduleSources } from '../terraform/module-source.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const moduleSourceGitCredentials: Detector = defineDetector({
  id: 'module-source-git-credentials',
  title: 'Module source carries a password or token in its URL',
  severity: 'high',
  class: 'static',
  why: 'The URL stands in every clone, in .terraform/modules/modules.json and in the output of terraform init.',
  fix: 'Take the credentials out of the URL and let git’s credential helper or an SSH key supply them; revoke the token.',
  source: 'https://developer.hashicorp.com/terraform/language/modules/sources#generic-git-repository',
  flagged: [
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "git::https://ci:0123456789abcdef0123@git.example.com/vpc.git?ref=v1"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "git::https://0123456789abcdef0123:x-oauth-basic@github.com/o/vpc.git"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'module "vpc" {\n  source = "https://ci:0123456789abcdef0123@files.example.com/vpc.zip"\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'module "vpc" {\n  source = "git::ssh://git@github.com/o/vpc.git?ref=v1"\n}\n' },
    { path: 'main.tf', text: 'module "vpc" {\n  source = "git@github.com:o/vpc.git"\n}\n' },
    { path: 'main.tf', text: 'module "vpc" {\n  source = "git::https://github.com/o/vpc.git"\n}\n' },
    { path: 'main.tf', text: 'module "vpc" {\n  source = "git::https://git@github.com/o/vpc.git"\n}\n' },
  ],
  detect(file, report) {
    for (const { subject, setting, source } of moduleSources(file)) {
      const userinfo = /^(?:git::)?https?:\/\/([^/@\s]+)@/.exec(source)?.[1];
      if (userinfo === undefined) continue;
      const secrets = userinfo.split(':').filter((part) => readPlainCredential(part).kind === 'literal');
      if (secrets.length === 0) continue;
      const detail = `${subject} is downloaded with credentials in its URL.`;
      reportPlace(report, {
        at: setting.start,
        kind: 'module-source-git-credentials',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
