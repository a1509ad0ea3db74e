import { expect, it } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import { moduleBuckets } from './module-buckets.ts';

it.each([
  ['s3::https://s3-eu-west-1.amazonaws.com/acme-modules/vpc.zip', 'acme-modules in eu-west-1'],
  ['s3::https://s3.eu-west-1.amazonaws.com/acme-modules/vpc.zip?version=3', 'acme-modules in eu-west-1'],
  ['s3::https://s3.amazonaws.com/acme-modules/vpc.zip', 'acme-modules in us-east-1'],
  ['s3::https://acme-modules.s3.eu-west-1.amazonaws.com/vpc.zip', 'acme-modules in eu-west-1'],
  ['acme.modules.s3-eu-west-1.amazonaws.com/vpc.zip', 'acme.modules in eu-west-1'],
  ['s3::https://minio.example.com/acme-modules/vpc.zip', 'none'],
  ['git::https://example.com/vpc.git', 'none'],
])('%s: %s', (source, expected) => {
  const repository = new Repository([new SourceFile('main.tf', `module "vpc" {\n  source = "${source}"\n}\n`)]);
  const [found] = moduleBuckets(repository, []);
  expect(found === undefined ? 'none' : `${found.bucket.value} in ${found.region?.value}`).toBe(expected);
});
