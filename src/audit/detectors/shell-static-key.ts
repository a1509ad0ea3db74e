/** Keys in what every shell of a person loads: `.envrc`, `.bashrc`, `.zshrc`, profiles, history. */
import { type Detector, defineDetector } from '../detector.ts';
import { isShellSetup } from '../pipelines/script-file.ts';
import { reportShellCredentials } from '../pipelines/shell-report.ts';

export const shellStaticKey: Detector = defineDetector({
  id: 'shell-static-key',
  title: 'Every shell is given an access key',
  severity: 'high',
  class: 'static',
  why: 'Each process a person starts, and each tool that dumps its environment, can read a long-lived key; it also beats AWS_PROFILE and SSO in every SDK.',
  fix: 'Remove the exports and set AWS_PROFILE to a profile of Identity Center, signed in with `aws sso login`.',
  fixRule: 'scripts',
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html',
  flagged: [
    {
      path: '.envrc',
      text: 'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\nexport TF_VAR_aws_access_key="$AWS_ACCESS_KEY_ID"\n',
    },
    {
      path: '.zshrc',
      text: 'export AWS_ACCESS_KEY_ID=$(pass show aws/id)\nexport AWS_SECRET_ACCESS_KEY=$(pass show aws/secret)\n',
    },
    { path: 'dotfiles/config.fish', text: 'set -gx AWS_ACCESS_KEY_ID AKIAIOSFODNN7EXAMPLE\n' },
  ],
  clean: [
    { path: '.envrc', text: 'export AWS_PROFILE=fernwick-dev\nPATH_add scripts\n' },
    { path: '.envrc', text: 'eval "$(aws configure export-credentials --format env)"\n' },
    { path: '.bashrc', text: 'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY\n' },
  ],
  detect(file, report) {
    if (!isShellSetup(file)) return;
    const subject = file.path.split('/').at(-1) ?? file.path;
    reportShellCredentials(file, report, 'shell', { kind: 'shell-static-key', usedBy: 'person', subject });
  },
});
