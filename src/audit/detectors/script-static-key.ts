/** Keys that scripts, Makefiles, justfiles and Taskfiles set or hand on. */

import { awsCredentialPart } from '../credential-names.ts';
import { reportStaticSlot, type SlotPart } from '../credential-slot.ts';
import { readShellCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { scriptDialect } from '../pipelines/script-file.ts';
import { reportShellCredentials } from '../pipelines/shell-report.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const scriptStaticKey: Detector = defineDetector({
  id: 'script-static-key',
  title: 'A script hands an access key on',
  severity: 'high',
  class: 'static',
  why: 'The script works only for someone who has the key, and puts it where it stays: command lines, profiles, saved plans.',
  fix: 'Take the lines out: terraform and the AWS tools read the session of the person or the job by themselves.',
  fixRule: 'scripts',
  source: 'https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data',
  flagged: [
    {
      path: 'scripts/plan.sh',
      text: 'export AWS_ACCESS_KEY_ID="$(aws configure get aws_access_key_id)"\nexport AWS_SECRET_ACCESS_KEY="$(aws configure get aws_secret_access_key)"\nargs+=(-var "aws_access_key=$AWS_ACCESS_KEY_ID" -var "aws_secret_key=$AWS_SECRET_ACCESS_KEY")\n',
    },
    {
      path: 'Makefile',
      text: 'export AWS_ACCESS_KEY_ID\nexport AWS_SECRET_ACCESS_KEY\nlogin:\n\taws configure set aws_access_key_id "$$AWS_ACCESS_KEY_ID" --profile live\n',
    },
    {
      path: 'bin/state',
      text: '#!/bin/sh\ncd stacks/db && terraform init -backend-config="access_key=$KEY" -backend-config="secret_key=$SECRET"\n',
    },
    { path: 'justfile', text: 'export AWS_ACCESS_KEY_ID := "AKIAIOSFODNN7EXAMPLE"\nplan:\n  terraform plan\n' },
    {
      path: 'Taskfile.yml',
      text: "version: '3'\nenv:\n  AWS_ACCESS_KEY_ID: '{{.LIVE_KEY}}'\n  AWS_SECRET_ACCESS_KEY: '{{.LIVE_SECRET}}'\n",
    },
    { path: 'deploy.ps1', text: '$env:AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"\nterraform apply\n' },
    { path: 'run.sh', text: 'docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY hashicorp/terraform plan\n' },
  ],
  clean: [
    {
      path: 'scripts/assume.sh',
      text: 'read -r ID SECRET TOKEN < <(aws sts assume-role --role-arn "$ROLE" --query Credentials --output text)\nexport AWS_ACCESS_KEY_ID=$ID AWS_SECRET_ACCESS_KEY=$SECRET AWS_SESSION_TOKEN=$TOKEN\n',
    },
    {
      path: 'scripts/check.sh',
      text: `: "\${AWS_ACCESS_KEY_ID:?not logged in}"\nif [ -n "$AWS_SECRET_ACCESS_KEY" ]; then echo "a key is set: AWS_SECRET_ACCESS_KEY=…"; fi\nunset AWS_ACCESS_KEY_ID\n`,
    },
    { path: 'scripts/test.sh', text: 'AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test tflocal apply\n' },
    { path: 'Makefile', text: 'plan:\n\tterraform -chdir=stacks/db plan\n' },
    {
      path: 'run.sh',
      text: 'docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN hashicorp/terraform plan\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) === 'taskfile') {
      reportYamlCredentials(file, report, { kind: 'script-static-key', label: 'Taskfile', usedBy: 'person' });
      return;
    }
    const dialect = scriptDialect(file);
    if (dialect === undefined) return;
    const subject = file.path.split('/').at(-1) ?? file.path;
    // In a justfile `export NAME := value` would read as two words.
    const just = file.format === 'justfile';
    const voice = { kind: 'script-static-key', usedBy: 'person', subject } as const;
    reportShellCredentials(file, report, dialect, voice, ({ form }) => !just || form !== 'passed-on');
    if (!just) return;
    const parts = justfileParts(file.text);
    const slot = `${file.path}#justfile`;
    reportStaticSlot(report, {
      parts,
      slot,
      subject,
      kind: 'script-static-key',
      usedBy: 'person',
      lead: `${subject} sets a static key`,
    });
  },
});

/** `export NAME := "value"` of just. */
function justfileParts(text: string): SlotPart[] {
  return [...text.matchAll(/^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*:=[ \t]*(.+)$/gm)].flatMap((match): SlotPart[] => {
    const name = match[1] as string;
    const part = awsCredentialPart(name);
    const value = readShellCredential((match[2] as string).replace(/^env(?:_var)?\(\s*["'](\w+)["'].*\)$/, '$$$1'));
    return part === undefined ? [] : [{ part, name, at: match.index, value }];
  });
}
