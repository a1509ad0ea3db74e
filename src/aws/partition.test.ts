import { expect, test } from 'vitest';
import {
  consoleHostOf,
  dnsSuffixOf,
  globalRegionOf,
  isPartition,
  partitionOfHost,
  partitionOfRegion,
  partitionOfStartUrl,
  partitions,
  s3Host,
  ssoOidcHost,
  ssoPortalHost,
  stsHost,
  webIdentityAudienceOf,
} from './partition.ts';

test.each([
  ['eu-west-1', 'aws'],
  ['ap-southeast-5', 'aws'],
  ['il-central-1', 'aws'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-iso-east-1', undefined],
  ['mars-north-1', undefined],
])('region %s belongs to %s', (region, partition) => expect(partitionOfRegion(region)).toBe(partition));

test.each([
  ['sts.amazonaws.com', 'aws'],
  ['sts.us-gov-west-1.amazonaws.com', 'aws-us-gov'],
  ['s3-us-gov-west-1.amazonaws.com', 'aws-us-gov'],
  ['sts.cn-north-1.amazonaws.com.cn', 'aws-cn'],
  ['amazonaws.com.example.org', undefined],
  ['localhost', undefined],
])('host %s belongs to %s', (host, partition) => expect(partitionOfHost(host)).toBe(partition));

test.each([
  ['https://acme.awsapps.com/start', 'aws'],
  ['https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws', 'aws'],
  ['https://start.us-gov-home.awsapps.com/directory/d-1234567890', 'aws-us-gov'],
  ['https://start.home.awsapps.cn/directory/d-1234567890', 'aws-cn'],
  ['https://acme.okta.com/start', undefined],
  ['acme.awsapps.com', undefined],
])('start URL %s belongs to %s', (url, partition) => expect(partitionOfStartUrl(url)).toBe(partition));

test('each partition writes its own names', () => {
  expect(partitions.map(dnsSuffixOf)).toEqual(['amazonaws.com', 'amazonaws.com', 'amazonaws.com.cn']);
  expect(partitions.map((partition) => stsHost(partition, globalRegionOf(partition)))).toEqual([
    'sts.us-east-1.amazonaws.com',
    'sts.us-gov-west-1.amazonaws.com',
    'sts.cn-northwest-1.amazonaws.com.cn',
  ]);
  expect(ssoOidcHost('aws-cn', 'cn-north-1')).toBe('oidc.cn-north-1.amazonaws.com.cn');
  expect(ssoPortalHost('aws', 'eu-west-1')).toBe('portal.sso.eu-west-1.amazonaws.com');
  expect(s3Host('aws', 'eu-west-1')).toBe('s3.eu-west-1.amazonaws.com');
  expect(new Set(partitions.map(consoleHostOf)).size).toBe(3);
  expect(webIdentityAudienceOf('aws-cn')).toBe('sts.amazonaws.com.cn');
  expect(partitions.every(isPartition) && !isPartition('AWS')).toBe(true);
});

test('every host written is read back as one of its partition', () => {
  for (const partition of partitions) {
    const region = globalRegionOf(partition);
    for (const host of [stsHost, ssoOidcHost, ssoPortalHost, s3Host]) {
      expect(partitionOfHost(host(partition, region))).toBe(partition);
    }
  }
});
