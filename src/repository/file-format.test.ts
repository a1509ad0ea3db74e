import { describe, expect, test } from 'vitest';
import { fileFormatOf } from './file-format.ts';

describe('the format of a file', () => {
  test.each([
    ['stacks/db/main.tf', 'terraform'],
    ['main.tofu', 'terraform'],
    ['override.tf.json', 'terraform-json'],
    ['dns.tftest.hcl', 'terraform-test'],
    ['live.auto.tfvars', 'tfvars'],
    ['backend-live.hcl', 'backend-config'],
    ['live/terragrunt.hcl', 'terragrunt'],
    ['.terraform.lock.hcl', 'hcl'],
    ['terraform.tfstate.backup', 'state'],
    ['run.tfplan', 'plan'],
    ['home/.aws/credentials', 'aws-ini'],
    ['.env.live', 'dotenv'],
    ['README.md', 'text'],
  ])('%s is %s', (path, format) => {
    expect(fileFormatOf(path)).toBe(format);
  });

  test.each([
    ['run.tfplan!tfstate', 'state'],
    ['run.tfplan!tfstate-prev', 'state'],
    ['run.tfplan!tfconfig/m-/main.tf', 'terraform'],
    ['function.zip!Dockerfile', 'dockerfile'],
  ])('in an archive goes by the name of the entry: %s is %s', (path, format) => {
    expect(fileFormatOf(path)).toBe(format);
  });
});
