/** Every place that locks or reads state through a DynamoDB table: the inventory that the move to S3 locking starts from. */
import { walkExpressions } from '../../formats/hcl/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { type Detector, defineDetector, type Report } from '../detector.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendDynamodbLock: Detector = defineDetector({
  id: 'backend-dynamodb-lock',
  title: 'State is locked in a DynamoDB table',
  severity: 'info',
  class: 'indirect',
  why: 'Terraform 1.11 deprecates the table. It has to leave in phases: writers that hold different locks hold no lock, and a reader that still names the table checks a digest nobody updates.',
  fix: 'First both locks, then the readers, then the writers, then the digest items, then the table.',
  fixRule: 'lock-both',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#state-locking',
  flagged: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    dynamodb_table = "locks"\n  }\n}\n' },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    dynamodb_table = "locks"\n  }\n}\n',
    },
    {
      path: 'terragrunt.hcl',
      text: 'remote_state {\n  backend = "s3"\n  config = {\n    dynamodb_table = "locks"\n  }\n}\n',
    },
    { path: 'live.tfbackend', text: 'dynamodb_table = "locks"\n' },
    {
      path: 'main.tf',
      text: 'resource "aws_instance" "agent" {\n  user_data = <<-EOT\n    terraform {\n      backend "s3" {\n        dynamodb_table = "locks"\n      }\n    }\n  EOT\n}\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    use_lockfile = true\n  }\n}\n' },
    { path: 'main.tf', text: 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n  hash_key = "id"\n}\n' },
  ],
  detect(file, report, repository) {
    for (const { role, subject, settings, module } of stateAccesses(file, repository)) {
      const table = settings.get('dynamodb_table') ?? settings.get('lock_table');
      if (table === undefined || plainString(table.value) === '') continue;
      const both = settings.get('use_lockfile') !== undefined;
      const names = possibleTexts(table.value, module, file.text).join(' or ');
      const rule = role === 'reader' ? 'lock-readers' : both ? 'lock-writers' : 'lock-both';
      report.finding({
        at: table.start,
        identity: subject,
        usedBy: 'terraform',
        fixRule: rule,
        detail:
          role === 'reader'
            ? `${subject} names the lock table ${names}; a reader locks nothing, it only checks a digest there.`
            : `${subject} locks in ${names}${both ? ' and beside the state in S3' : ''}.`,
      });
    }
    reportLockTables(file, report);
    reportOpaqueBackends(file, report);
  },
});

/** The table itself: the only one whose single key is called `LockID`. */
function reportLockTables(file: SourceFile, report: Report): void {
  for (const block of blocksOfType(file, 'resource', 'aws_dynamodb_table')) {
    const key = block.settings.get('hash_key')?.value;
    if (key === undefined || plainString(key) !== 'LockID') continue;
    report.finding({
      at: block.start,
      identity: block.labels.join('.'),
      usedBy: 'made-by-code',
      gated: true,
      fixRule: 'lock-table',
      detail: `aws_dynamodb_table.${block.labels[1]} is the lock table; it goes last, when nothing names it any more.`,
    });
  }
}

/** A backend inside a string (user data, a template): reported, because no rule may edit it. */
function reportOpaqueBackends(file: SourceFile, report: Report): void {
  for (const block of blocksOfType(file, 'resource')) {
    for (const setting of block.settings.all()) {
      for (const expression of walkExpressions(setting.value)) {
        if (expression.kind !== 'heredoc') continue;
        const found = /^[ \t]*dynamodb_table[ \t]*=/m.exec(file.text.slice(expression.start, expression.end));
        if (found === null) continue;
        report.finding({
          at: expression.start + found.index + found[0].search(/\S/),
          identity: `${block.labels.join('.')}.${setting.name}`,
          usedBy: 'application',
          detail: `${block.labels.join('.')} carries a backend that locks in DynamoDB inside ${setting.name}; keyless does not edit strings, so a person must.`,
        });
      }
    }
  }
}
