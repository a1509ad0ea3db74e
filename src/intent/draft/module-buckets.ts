/** The buckets that Terraform modules are downloaded from, as their sources tell. */
import { isS3Source, moduleSources } from '../../audit/index.ts';
import type { Repository } from '../../repository/index.ts';
import type { Fact, Maybe } from './draft.ts';
import type { StackAccounts } from './stack-accounts.ts';
import { ownerByResource } from './state-buckets.ts';

export interface ModuleBucketFacts {
  readonly bucket: Fact<string>;
  /** Account id. */
  readonly account: Maybe<string>;
  readonly region: Maybe<string>;
}

export function moduleBuckets(repository: Repository, stacks: readonly StackAccounts[]): readonly ModuleBucketFacts[] {
  const found = new Map<string, ModuleBucketFacts>();
  for (const file of repository.files) {
    for (const { subject, setting, source } of moduleSources(file)) {
      const place = bucketOf(source);
      if (place === undefined || found.has(place.bucket)) continue;
      const told = { because: `the source of ${subject}`, place: file.locationOf(setting.start) };
      found.set(place.bucket, {
        bucket: { value: place.bucket, ...told },
        account: ownerByResource(place.bucket, stacks),
        region: place.region === undefined ? undefined : { value: place.region, ...told },
      });
    }
  }
  return [...found.values()];
}

/**
 * Bucket and region of an S3 source, path style or virtual-hosted: `s3-eu-west-1.amazonaws.com/bucket/key`,
 * `bucket.s3.eu-west-1.amazonaws.com/key`; without a region it is us-east-1.
 * https://github.com/hashicorp/go-getter/blob/main/get_s3.go
 */
function bucketOf(source: string): { readonly bucket: string; readonly region: string | undefined } | undefined {
  if (!isS3Source(source)) return undefined;
  const match =
    /^(?:s3::)?(?:https?:\/\/)?(?:([a-z0-9][a-z0-9.-]*?)\.)?s3(?:[.-]([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?\/([^?]*)/.exec(
      source,
    );
  if (match === null) return undefined;
  const [, host, region = 'us-east-1', path = ''] = match;
  const bucket = host ?? path.split('/')[0] ?? '';
  return bucket === '' || bucket.includes('$') ? undefined : { bucket, region };
}
