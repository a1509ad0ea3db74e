import { describe, expect, it } from 'vitest';
import { findAttribute, findBlocks, parseHcl } from './index.ts';

const { body } = parseHcl(`
region = 1
region {}
provider "aws" {
  alias = "a"
}
provider "aws" {}
provider "google" {}
resource "aws_s3_bucket" "state" {
  region = 2
}
resource aws_s3_bucket logs {}
`);

describe('findAttribute', () => {
  it('finds an attribute of the body itself', () => {
    expect(findAttribute(body, 'region')?.expression).toMatchObject({ kind: 'literal', value: 1 });
  });

  it('finds none in blocks, and no block', () => {
    expect(findAttribute(body, 'alias')).toBeUndefined();
    expect(findAttribute(body, 'provider')).toBeUndefined();
  });
});

describe('findBlocks', () => {
  it('finds all blocks of a type', () => {
    expect(findBlocks(body, 'provider')).toHaveLength(3);
  });

  it('finds those with the labels given', () => {
    expect(findBlocks(body, 'provider', 'aws')).toHaveLength(2);
    expect(findBlocks(body, 'resource', 'aws_s3_bucket', 'logs')).toHaveLength(1);
    expect(findBlocks(body, 'resource', 'aws_s3_bucket')).toHaveLength(2);
  });

  it('finds none of a type or label that is not there', () => {
    expect(findBlocks(body, 'module')).toEqual([]);
    expect(findBlocks(body, 'region', 'aws')).toEqual([]);
  });
});
