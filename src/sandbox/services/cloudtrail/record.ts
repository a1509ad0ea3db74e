/**
 * Writes the CloudTrail record of a call, for every account that AWS gives one to.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { globalRegionOf } from '../../../aws/partition.ts';
import type { CallOutcome } from '../../core/call-outcome.ts';
import type { Caller } from '../../core/caller.ts';
import type { EventNotes } from '../../core/event-notes.ts';
import type { World } from '../../core/world.ts';
import { elementsOf, membersOf } from './elements.ts';
import { secondsOf } from './event-time.ts';
import { portalMint } from './portal-mint.ts';
import { serviceNotes } from './service-notes.ts';
import type { CloudTrailRecord, CloudTrailState } from './state.ts';
import { foreignIdentityOf, userIdentityOf } from './user-identity.ts';

/** Records kept for LookupEvents and for trails that have not delivered; older ones go. AWS keeps 90 days. */
export const keptRecords = 100_000;

/** Adds one record for each account that sees the call; none for what AWS does not record. */
export function recordCall(world: World, outcome: CallOutcome): void {
  const { call } = outcome;
  const notes: EventNotes = { ...serviceNotes(world, outcome), ...defined(call.event) };
  if (notes.unrecorded === true) return;
  const recipients = recipientsOf(world, outcome, notes);
  const sharedEventID = recipients.length > 1 ? world.ids.uuid() : undefined;
  const common = commonPart(world, outcome, notes);
  for (const recipientAccountId of recipients) {
    const own = recipientAccountId === accountOf(call.caller);
    append(world.cloudtrail, {
      ...common,
      userIdentity:
        notes.userIdentity ??
        (own || call.caller.kind === 'service' ? userIdentityOf(call.caller) : foreignIdentityOf(call.caller)),
      eventID: world.ids.uuid(),
      recipientAccountId,
      ...(sharedEventID === undefined ? {} : { sharedEventID }),
    });
  }
  const mint = portalMint(world, outcome);
  if (mint !== undefined) append(world.cloudtrail, mint);
}

/** Adds a record, and forgets the oldest when there are too many. Indexes of trails move with them. */
export function append(state: CloudTrailState, record: CloudTrailRecord): void {
  state.records.push(record);
  if (state.records.length <= keptRecords) return;
  const dropped = keptRecords / 10;
  state.records.splice(0, dropped);
  for (const trail of state.trails.values()) trail.deliveredTo = Math.max(0, trail.deliveredTo - dropped);
}

function commonPart(
  world: World,
  { call, input, startedAt, error, output }: CallOutcome,
  notes: EventNotes,
): Omit<CloudTrailRecord, 'userIdentity' | 'eventID' | 'recipientAccountId'> {
  const { service, request, caller } = call;
  const operation = service.operations.get(call.operation);
  const readOnly = operation?.readOnly ?? true;
  const management = operation?.category !== 'data';
  const responseElements =
    notes.responseElements === undefined ? (readOnly ? null : membersOf(output)) : notes.responseElements;
  const userAgent = request.headers['user-agent'] ?? '';
  const isService = caller.kind === 'service';
  const optional = {
    ...(notes.additionalEventData === undefined ? {} : { additionalEventData: notes.additionalEventData }),
    ...(notes.serviceEventDetails === undefined ? {} : { serviceEventDetails: notes.serviceEventDetails }),
    ...(notes.resources === undefined || notes.resources.length === 0 ? {} : { resources: [...notes.resources] }),
  };
  return {
    eventVersion: '1.11',
    eventTime: secondsOf(startedAt),
    eventSource: eventSources[service.id] ?? service.eventSource,
    eventName: notes.eventName ?? call.operation,
    awsRegion: globalServices.has(service.id) ? globalRegionOf(world.partition) : call.region,
    sourceIPAddress: isService ? caller.name : (request.sourceIp ?? '127.0.0.1'),
    userAgent: isService ? caller.name : service.id === 's3' ? `[${userAgent}]` : userAgent,
    ...(error === undefined ? {} : failureOf(call.operation, error)),
    requestParameters: elementsOf(notes.requestParameters === undefined ? input : notes.requestParameters),
    responseElements: error === undefined ? elementsOf(responseElements) : null,
    ...optional,
    requestID: call.requestId,
    readOnly,
    eventType: notes.eventType ?? 'AwsApiCall',
    managementEvent: management,
    eventCategory: management ? 'Management' : 'Data',
    ...(request.secure && notes.eventType !== 'AwsServiceEvent' && !isService
      ? {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: request.headers.host ?? request.host,
          },
        }
      : {}),
  };
}

/** The portal and SSO OIDC are recorded under the name of Identity Center. */
const eventSources: Readonly<Record<string, string>> = {
  'sso-oidc': 'sso.amazonaws.com',
  'sso-portal': 'sso.amazonaws.com',
};

const globalServices: ReadonlySet<string> = new Set(['iam', 'organizations']);

/** Services whose error is `AccessDeniedException` are recorded with `AccessDenied`; a refused token tells no more than that. */
function failureOf(
  operation: string,
  error: { readonly code: string; readonly message: string },
): { readonly errorCode: string; readonly errorMessage: string } {
  const errorCode = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
  const silent = operation === 'AssumeRoleWithWebIdentity' && errorCode === 'AccessDenied';
  return { errorCode, errorMessage: silent ? 'An unknown error occurred' : error.message };
}

/**
 * The account of the caller and those of the resources. A refused AssumeRole stays in the account that tried it: the
 * owner of the role never sees it.
 */
function recipientsOf(world: World, { call, error }: CallOutcome, notes: EventNotes): readonly string[] {
  if (notes.recipientAccounts !== undefined) return [...new Set(notes.recipientAccounts)];
  const caller = accountOf(call.caller);
  const owners = (notes.resources ?? []).flatMap(({ accountId }) => (accountId === undefined ? [] : [accountId]));
  if (call.operation === 'AssumeRole' && error !== undefined && caller !== undefined) return [caller];
  const all = [caller, ...owners.filter((account) => world.organizations.accounts.has(account))];
  const known = [...new Set(all.filter((account) => account !== undefined))];
  return known.length === 0 ? [call.account] : known;
}

function accountOf(caller: Caller): string | undefined {
  return caller.kind === 'anonymous' ? undefined : caller.account;
}

function defined(notes: EventNotes): EventNotes {
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined)) as EventNotes;
}
