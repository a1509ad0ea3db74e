import { expect, test } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { auditRepository } from '../audit.ts';
import { moduleCode } from './module-code.ts';
import { reachOf } from './name-reach.ts';

const transfer = 'resource "google_storage_transfer_job" "t" {\n  key = var.k\n}\n';

test.each([
  ['a provider of AWS', 'provider "aws" {\n  access_key = var.k\n}\n', 'provider'],
  [
    'one through locals',
    'locals {\n  a = var.k\n  b = local.a\n}\nprovider "aws" {\n  access_key = local.b\n}\n',
    'provider',
  ],
  ['a resource', transfer, 'resources'],
  ['a resource and a provider', `${transfer}provider "aws" {\n  access_key = var.k\n}\n`, 'provider'],
  ['a resource and a module', `${transfer}module "m" {\n  source = "./m"\n  k = var.k\n}\n`, 'elsewhere'],
  [
    'a program, as a variable of AWS',
    'resource "aws_lambda_function" "f" {\n  environment {\n    variables = { AWS_ACCESS_KEY_ID = var.k }\n  }\n}\n',
    'elsewhere',
  ],
  ['nothing', '', 'elsewhere'],
  ['itself', 'locals {\n  a = "${local.b}${var.k}"\n  b = local.a\n}\n', 'elsewhere'],
])('a variable that feeds %s', (_, code, reach) => {
  const repository = new Repository([new SourceFile('main.tf', `variable "k" {}\n${code}`)]);
  expect(reachOf('var', 'k', moduleCode(repository, ''))).toBe(reach);
});

test('only what P1 will edit or refuse names P1, and keys of another application spoil no verdict', () => {
  const code = (use: string) => `variable "aws_access_key" {}\n${use}`;
  const findings = (text: string) => {
    const repository = new Repository([new SourceFile('main.tf', text)]);
    const { findings, summary } = auditRepository(repository, { now: new Date('2026-11-21T09:00:00Z') });
    const found = findings.find(({ rule }) => rule === 'variable-static-key');
    return [found?.severity, found?.fixRule, summary.keyless];
  };
  expect(findings(code('provider "aws" {\n  access_key = var.aws_access_key\n}\n'))).toEqual(['high', 'P1', false]);
  expect(findings(code(transfer.replace('var.k', 'var.aws_access_key')))).toEqual(['low', undefined, true]);
});
