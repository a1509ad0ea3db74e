import { expect, it, test } from 'vitest';
import { Repository, SourceFile, terraformModule } from '../../repository/index.ts';
import { possibleAccounts } from './possible-accounts.ts';

const chosen = `locals {
  name = "\${terraform.workspace}"
  env  = contains(keys(var.environments), local.name) ? var.environments[local.name] : var.environments["default"]
}
variable "environments" {}
`;
const environments = `environments = {
  default = { account = "222233334444", logs = "999988887777" }
  live    = { account = "333344445555", logs = "999988887777" }
}
`;

function accountsOfIt(expression: string, tfvars: string): readonly string[] {
  const files = { 'app/main.tf': `${chosen}locals {\n  it = ${expression}\n}\n`, 'app/all.tfvars': tfvars };
  const repository = new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
  const value = terraformModule(repository, 'app')?.locals.get('it');
  if (value === undefined) throw new RangeError('no local.it');
  return possibleAccounts(value, repository, 'app');
}

test.each([
  ['an id', 'local.env.account', ['222233334444', '333344445555']],
  ['ids', '[local.env.account, local.env.logs]', ['222233334444', '333344445555', '999988887777']],
  ['the ARN of a role', `"arn:aws:iam::\${local.env.account}:role/\${var.role}"`, ['222233334444', '333344445555']],
  ['the account of nobody', 'lookup({ live = "333344445555" }, local.name, "000000000000")', ['333344445555']],
  ['what is in no code', 'data.aws_caller_identity.me.account_id', []],
])('%s', (_, expression, expected) => {
  expect(accountsOfIt(expression, environments)).toEqual(expected);
});

it('are one where every way leads to it', () => {
  expect(accountsOfIt('local.env.account', environments.replaceAll('333344445555', '222233334444'))).toEqual([
    '222233334444',
  ]);
});
