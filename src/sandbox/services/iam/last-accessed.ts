/**
 * Which services a user or role has called, from what CloudTrail recorded
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html). Services that were
 * never called are left out, where IAM lists those that the policies allow.
 */
import type { Operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { entityByArn, iamAccount, noSuchEntity } from './accounts.ts';
import { authorize, read } from './operation.ts';
import { page } from './paging.ts';
import { arnRule, requiredText } from './query-input.ts';

const generate = read((call, input) => {
  const { world, account } = call;
  const arn = requiredText(input, 'Arn', arnRule);
  authorize(call, arn);
  if (entityByArn(world, arn)?.account !== account) throw noSuchEntity(`ARN ${arn} was not found.`);
  const iam = iamAccount(world, account);
  iam.lastAccessedJobs ??= new Map();
  const jobId = world.ids.uuid();
  iam.lastAccessedJobs.set(jobId, { arn, createdAt: call.time.now() });
  return { JobId: jobId };
});

const get = read((call, input) => {
  const jobId = requiredText(input, 'JobId', { minimum: 36, maximum: 36 });
  authorize(call, '*');
  const job = iamAccount(call.world, call.account).lastAccessedJobs?.get(jobId);
  if (job === undefined) throw noSuchEntity(`Job ${jobId} was not found.`);
  const { items, more } = page(
    input,
    usesOf(call.world, job.arn, job.createdAt).values(),
    ({ namespace }) => namespace,
  );
  return {
    JobStatus: 'COMPLETED',
    JobType: 'SERVICE_LEVEL',
    JobCreationDate: new Date(job.createdAt),
    JobCompletionDate: new Date(job.createdAt),
    ServicesLastAccessed: items.map(({ namespace, at, region }) => ({
      ServiceName: namespace,
      LastAuthenticated: new Date(at),
      ServiceNamespace: namespace,
      LastAuthenticatedEntity: job.arn,
      LastAuthenticatedRegion: region,
      TotalAuthenticatedEntities: 1,
    })),
    ...more,
  };
});

interface Use {
  readonly namespace: string;
  readonly at: number;
  readonly region: string;
}

function usesOf(world: World, arn: string, until: number): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const record of world.cloudtrail.records) {
    const at = Date.parse(record.eventTime);
    if (at > until || callerArn(record.userIdentity) !== arn) continue;
    const namespace = record.eventSource.replace(/\.amazonaws\.com$/, '');
    uses.set(namespace, { namespace, at, region: record.awsRegion });
  }
  return uses;
}

function callerArn(identity: Readonly<Record<string, unknown>>): unknown {
  const context = identity.sessionContext as { readonly sessionIssuer?: { readonly arn?: string } } | undefined;
  return context?.sessionIssuer?.arn ?? identity.arn;
}

export const lastAccessedOperations: Readonly<Record<string, Operation>> = {
  GenerateServiceLastAccessedDetails: generate,
  GetServiceLastAccessedDetails: get,
};
