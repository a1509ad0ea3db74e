import { describe, expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { droppableVariables, isUndeclaredVariable } from './dropped-variables.ts';

describe('droppableVariables', () => {
  it('are those that only carry keys to providers and readers of state, through locals too', () => {
    const repository = new Repository([
      new SourceFile(
        'app/main.tf',
        [
          'provider "aws" {',
          '  access_key = var.key',
          '  secret_key = local.secret',
          '  token      = var.shared',
          '}',
          'locals {',
          '  secret = var.secret',
          '}',
          'data "terraform_remote_state" "x" {',
          '  backend = "s3"',
          '  config  = { bucket = var.bucket, access_key = var.key, secret_key = var.state_secret }',
          '}',
          'output "shared" {',
          '  value = var.shared',
          '}',
          ...['key', 'secret', 'shared', 'bucket', 'state_secret'].map((name) => `variable "${name}" {}`),
          '',
        ].join('\n'),
      ),
    ]);
    expect([...droppableVariables(repository)].sort()).toEqual(['key', 'secret', 'state_secret']);
  });
});

describe('isUndeclaredVariable', () => {
  it('holds when no module declares the name', () => {
    const repository = new Repository([new SourceFile('app/main.tf', 'variable "region" {}\n')]);
    expect(isUndeclaredVariable(repository, 'region')).toBe(false);
    expect(isUndeclaredVariable(repository, 'aws_access_key')).toBe(true);
  });
});
