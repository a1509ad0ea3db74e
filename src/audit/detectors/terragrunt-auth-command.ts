/** Commands that Terragrunt asks for credentials before it starts Terraform. */
import type { FileFormat } from '../../repository/index.ts';
import { type Detector, defineDetector } from '../detector.ts';

export const terragruntAuthCommand: Detector = defineDetector({
  id: 'terragrunt-auth-command',
  title: 'Terragrunt gets its credentials from a command',
  severity: 'info',
  class: 'indirect',
  why: 'The command decides: it can print the credentials of a session as well as a long-lived key that it keeps.',
  fix: 'Let the command answer with a role and a web identity token, or with the credentials of a session.',
  source: 'https://terragrunt.gruntwork.io/docs/features/authentication/',
  flagged: [
    { path: '.envrc', text: 'export TG_AUTH_PROVIDER_CMD="./bin/credentials --live"\n' },
    { path: '.github/workflows/plan.yml', text: 'env:\n  TERRAGRUNT_AUTH_PROVIDER_CMD: /usr/local/bin/credentials\n' },
    { path: 'Makefile', text: 'plan:\n\tterragrunt plan --auth-provider-cmd ./credentials.sh\n' },
    { path: 'plan.sh', text: 'terragrunt apply --terragrunt-auth-provider-cmd="credentials"\n' },
  ],
  clean: [
    { path: '.envrc', text: '# export TG_AUTH_PROVIDER_CMD=./credentials\n' },
    { path: '.envrc', text: 'export TG_AUTH_PROVIDER_CMD=\nunset TERRAGRUNT_AUTH_PROVIDER_CMD\n' },
    { path: 'README.md', text: 'Set `TG_AUTH_PROVIDER_CMD=./credentials`.\n' },
  ],
  detect(file, report) {
    if (!formats.has(file.format) || !/auth.provider.cmd/i.test(file.text)) return;
    for (const { 1: program = '', index: at } of file.text.matchAll(setting)) {
      const before = file.text.slice(file.text.lastIndexOf('\n', at) + 1, at);
      if (/^\s*(#|\/\/)/.test(before)) continue;
      report.method({
        at,
        kind: 'terragrunt-auth-command',
        class: 'indirect',
        usedBy: 'terraform',
        subject: 'Terragrunt',
        credentialName: program,
        detail: `Terragrunt takes the credentials that ${program} prints.`,
      });
    }
  },
});

/** The variable or flag, by its name of today or the longer one of before, and the program it names. */
const setting =
  /(?<![\w-])(?:(?:TG|TERRAGRUNT)_AUTH_PROVIDER_CMD["']?[ \t]*[:=][ \t]*|--(?:terragrunt-)?auth-provider-cmd[= ][ \t]*)["']?([^\s"'#]+)/g;

const formats: ReadonlySet<FileFormat> = new Set([
  'dotenv',
  'shell',
  'powershell',
  'makefile',
  'justfile',
  'dockerfile',
  'jenkinsfile',
  'yaml',
  'terragrunt',
]);
